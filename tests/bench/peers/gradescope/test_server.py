"""Lab 02-server for gradescope-utils: one test a step, weighted as in the rubric."""

import functools
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from gradescope_utils.autograder_utils.decorators import number, weight

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import conversations  # noqa: E402

PROGRAM = str(Path(os.environ.get("SUBMISSION", "/autograder/submission")) / "server")

failed = set()


def needs(*steps):
    """unittest knows no dependencies: a test that cannot pass any more is not played, or each would wait in vain."""

    def decorate(test):
        @functools.wraps(test)
        def play(self):
            for step in steps:
                if step in failed:
                    failed.add(test.__name__.split("_", 2)[2])
                    self.fail(f"needs {step}")
            try:
                test(self)
            except BaseException:
                failed.add(test.__name__.split("_", 2)[2])
                raise

        return play

    return decorate


class Server:
    def __init__(self):
        self.port = conversations.free_port()
        self.stderr = tempfile.TemporaryFile("w+")
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [PROGRAM, str(self.port)], stdout=subprocess.DEVNULL, stderr=self.stderr, start_new_session=True
        )
        self.pid = self.process.pid
        try:
            conversations.wait_for_port(self.port, lambda: self.process.poll() is None)
        except BaseException:
            self.kill()
            raise

    def restart(self):
        self.kill()
        self.start()

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()


class TestServer(unittest.TestCase):
    def talk(self, conversation):
        server = Server()
        try:
            conversation(server)
        finally:
            server.kill()
            server.stderr.close()

    @weight(10)
    @number("1")
    @needs()
    def test_01_listens(self):
        """Listens on the port it was told"""
        self.talk(conversations.listens)

    @weight(4)
    @number("2")
    @needs("listens")
    def test_02_announces(self):
        """Says on stderr where it listens"""

        def says(server):
            end = time.monotonic() + conversations.START
            while True:
                server.stderr.seek(0)
                said = server.stderr.read()
                if f":{server.port}" in said.partition("listening on ")[2]:
                    return
                self.assertLess(time.monotonic(), end, f"it said: {said}")
                time.sleep(0.01)

        self.talk(says)

    @weight(6)
    @number("3")
    @needs("listens")
    def test_03_any_address(self):
        """Serves every address of the machine"""
        self.talk(conversations.any_address)

    @weight(6)
    @number("4")
    @needs("listens")
    def test_04_backlog(self):
        """At least ten clients may wait"""
        self.talk(conversations.backlog)

    @weight(10)
    @number("5")
    @needs("listens")
    def test_05_echoes(self):
        """Sends back what a client says"""
        self.talk(conversations.echoes)

    @weight(8)
    @number("6")
    @needs("echoes")
    def test_06_next_client(self):
        """Serves one client after another"""
        self.talk(conversations.next_client)

    @weight(8)
    @number("7")
    @needs("echoes")
    def test_07_exact_bytes(self):
        """Sends back any byte, and one as soon as it comes"""
        self.talk(conversations.exact_bytes)

    @weight(7)
    @number("8")
    @needs("echoes")
    def test_08_megabyte(self):
        """Copes with a megabyte both ways at once, and with a slow reader"""
        self.talk(conversations.megabyte)

    @weight(6)
    @number("9")
    @needs("echoes")
    def test_09_closes(self):
        """Closes the connection with FIN when the client is done"""
        self.talk(conversations.closes)

    @weight(5)
    @number("10")
    @needs("closes", "next_client")
    def test_10_half_close(self):
        """Finishes the echo although the client has said its last word"""
        self.talk(conversations.half_close)

    @weight(6)
    @number("11")
    @needs("closes", "next_client")
    def test_11_no_leak(self):
        """Gives everything back after each client"""
        self.talk(conversations.no_leak)

    @weight(5)
    @number("12")
    @needs("next_client")
    def test_12_resets(self):
        """Outlives a client that resets its connection"""
        self.talk(conversations.resets)

    @weight(5)
    @number("13")
    @needs("next_client")
    def test_13_broken_pipe(self):
        """Is not killed by SIGPIPE"""
        self.talk(conversations.broken_pipe)

    @weight(6)
    @number("14")
    @needs("echoes")
    def test_14_restart(self):
        """Is back on its port at once after a kill"""
        self.talk(conversations.restart)

    @weight(3)
    @number("15")
    @needs()
    def test_15_refuses(self):
        """Says why it cannot start"""

        def start(*arguments):
            return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=10)

        with conversations.squatter() as port:
            taken = start(str(port))
        self.assertEqual(taken.returncode, 1)
        self.assertIn("in use", taken.stderr.lower())
        self.assertEqual(taken.stdout, "")
        self.assertEqual(start().returncode, 2)
        for port in ("70000", "no-port"):
            self.assertIn(start(port).returncode, (1, 2))

    @weight(3)
    @number("16")
    @needs("next_client")
    def test_16_waits_asleep(self):
        """Uses no processor time while it waits"""
        self.talk(conversations.waits_asleep)
