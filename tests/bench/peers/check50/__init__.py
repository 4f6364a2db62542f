"""Lab 02-server for check50. A check that makes no sense without another one depends on it, as in the lab's rubric."""

import os
import signal
import sys
from pathlib import Path

import check50

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import conversations  # noqa: E402


class Server:
    """The student's program, run by check50: bash replaces itself by it, so check50's process is the server."""

    def __init__(self):
        self.port = conversations.free_port()
        self.start()

    def start(self):
        self.run = check50.run(f"exec ./server {self.port}")
        self.pid = self.run.process.pid
        conversations.wait_for_port(self.port, self.run.process.isalive)

    def restart(self):
        os.kill(self.pid, signal.SIGKILL)
        self.run.kill()
        self.start()

    def kill(self):
        # SIGHUP and SIGINT first, as check50's own kill does, take it a tenth of a second each.
        os.kill(self.pid, signal.SIGKILL)
        self.run.kill()


def talk(conversation):
    """Starts the server, holds the conversation with it, and kills it."""
    server = None
    try:
        server = Server()
        conversation(server)
    except (AssertionError, OSError) as problem:
        raise check50.Failure(str(problem)) from problem
    finally:
        if server:
            server.kill()


@check50.check()
def listens():
    """listens on the port it was told"""
    talk(conversations.listens)


@check50.check(listens)
def announces():
    """says on stderr where it listens"""
    port = conversations.free_port()
    # check50 has one stream for both; what should not be stdout is sent away.
    run = check50.run(f"exec ./server {port} >/dev/null")
    run.stdout(rf"listening on [^\n]*:{port}", f"listening on …:{port}", timeout=10)
    run.kill()


@check50.check(listens)
def any_address():
    """serves every address of the machine"""
    talk(conversations.any_address)


@check50.check(listens)
def backlog():
    """at least ten clients may wait"""
    talk(conversations.backlog)


@check50.check(listens)
def echoes():
    """sends back what a client says"""
    talk(conversations.echoes)


@check50.check(echoes)
def next_client():
    """serves one client after another"""
    talk(conversations.next_client)


@check50.check(echoes)
def exact_bytes():
    """sends back any byte, and one as soon as it comes"""
    talk(conversations.exact_bytes)


@check50.check(echoes)
def megabyte():
    """copes with a megabyte both ways at once, and with a slow reader"""
    talk(conversations.megabyte)


@check50.check(echoes)
def closes():
    """closes the connection with FIN when the client is done"""
    talk(conversations.closes)


@check50.check(closes)
def half_close():
    """finishes the echo although the client has said its last word"""
    talk(conversations.half_close)


@check50.check(closes)
def no_leak():
    """gives everything back after each client"""
    talk(conversations.no_leak)


@check50.check(next_client)
def resets():
    """outlives a client that resets its connection"""
    talk(conversations.resets)


@check50.check(next_client)
def broken_pipe():
    """is not killed by SIGPIPE"""
    talk(conversations.broken_pipe)


@check50.check(echoes)
def restart():
    """is back on its port at once after a kill"""
    talk(conversations.restart)


@check50.check()
def refuses():
    """says why it cannot start"""
    with conversations.squatter() as port:
        check50.run(f"./server {port} >/dev/null").stdout("[Ii][Nn] [Uu][Ss][Ee]", "in use").exit(1)
    check50.run("./server").exit(2)
    for port in ("70000", "no-port"):
        status = check50.run(f"./server {port}").exit()
        if status not in (1, 2):
            raise check50.Failure(f"expected exit code 1 or 2, not {status}")


@check50.check(next_client)
def waits_asleep():
    """uses no processor time while it waits"""
    talk(conversations.waits_asleep)
