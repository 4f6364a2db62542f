"""What the student's program itself costs: holds the same conversations with it, and prints only *its* processor time.

Every tool pays this, whatever it does itself. The shared steps are played, as the peers play them.

usage: alone.py FOLDER-WITH-SERVER
"""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers"))
import conversations as lab  # noqa: E402

PLAYED = (
    lab.listens, lab.any_address, lab.backlog, lab.echoes, lab.next_client, lab.exact_bytes, lab.megabyte, lab.closes,
    lab.half_close, lab.no_leak, lab.resets, lab.broken_pipe, lab.restart, lab.waits_asleep,
)  # fmt: skip


class Server:
    def __init__(self, program):
        self.program, self.port = program, lab.free_port()
        self.start()

    def start(self):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([self.program, str(self.port)], **quiet)
        self.pid = self.process.pid
        lab.wait_for_port(self.port, lambda: self.process.poll() is None)

    def restart(self):
        self.kill()
        self.start()

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait()


def main():
    program = str(Path(sys.argv[1]).resolve() / "server")
    for conversation in PLAYED:
        server = Server(program)
        try:
            conversation(server)
        finally:
            server.kill()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main()
