"""The conversations of lab 02-server, as check50 and gradescope-utils both hold them: plain sockets, no harness.

Each function is handed a server that has been started (`port`, `pid`, and where it needs it `restart`) and raises
AssertionError or OSError when the step is not met. Time limits and payloads are those of the lab's rubric.
"""

import os
import signal
import socket
import struct
import threading
import time
from contextlib import contextmanager

ANSWER = 5  # seconds for an answer, as the lab says
START = 10  # seconds for a start


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def squatter():
    """Somebody who has the port already."""
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        yield taken.getsockname()[1]


def wait_for_port(port, alive):
    """Tries to connect until somebody answers. This costs the server an accept: plain sockets have no other way to know."""
    end = time.monotonic() + START
    while True:
        assert alive(), "the server ended before it listened"
        try:
            socket.create_connection(("127.0.0.1", port), ANSWER).close()
            return
        except ConnectionRefusedError:
            assert time.monotonic() < end, f"nobody listens on port {port}"
            time.sleep(0.01)


def connect(server, to="127.0.0.1", **options):
    return socket.create_connection((to, server.port), ANSWER, **options)


def receive(client, count):
    data = bytearray()
    while len(data) < count:
        part = client.recv(min(65536, count - len(data)))
        assert part, f"the server closed after {len(data)} of {count} bytes"
        data += part
    return bytes(data)


def ask(client, data):
    """Sends and reads at the same time: with more than fits into the buffers, doing one after the other hangs."""
    sender = threading.Thread(target=client.sendall, args=(data,)) if len(data) > 65536 else None
    if sender:
        sender.start()
    else:
        client.sendall(data)
    answer = receive(client, len(data))
    if sender:
        sender.join()
    assert answer == data, "what came back is not what was sent"


def expect_end(client):
    rest = client.recv(1)
    assert rest == b"", f"there is more: {rest!r}"


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def stop(server):
    os.kill(server.pid, signal.SIGSTOP)
    wait_for_state(server, "T")


def resume(server):
    os.kill(server.pid, signal.SIGCONT)


def state(server):
    try:
        with open(f"/proc/{server.pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()
    except FileNotFoundError:
        raise AssertionError("the server is gone") from None


def wait_for_state(server, wanted):
    end = time.monotonic() + ANSWER
    while state(server)[0] != wanted:
        assert state(server)[0] != "Z", "the server has ended"
        assert time.monotonic() < end, f"the server never came to state {wanted}"
        time.sleep(0.002)


def listens(server):
    time.sleep(0.1)  # a program that fails right after listen is gone by now
    assert state(server)[0] != "Z", "the server has ended"
    connect(server).close()


def any_address(server):
    connect(server, to="127.0.0.2").close()


def backlog(server):
    stop(server)
    waiting = []
    try:
        for number in range(10):
            try:
                waiting.append(socket.create_connection(("127.0.0.1", server.port), 0.5))
            except TimeoutError:
                raise AssertionError(f"only {number} clients may wait") from None
    finally:
        for client in waiting:
            client.close()
        resume(server)


def echoes(server):
    with connect(server) as client:
        ask(client, b"hello, world\n")
        ask(client, b"and another line\n")


def next_client(server):
    for word in (b"first\n", b"second\n"):
        with connect(server) as client:
            ask(client, word)
    connect(server).close()
    with connect(server) as client:
        ask(client, b"third\n")


def exact_bytes(server):
    with connect(server) as client:
        ask(client, bytes(range(256)))
        ask(client, os.urandom(65536))
        for _ in range(32):
            ask(client, b".")


def send_and_read_later(client, data, half_close=False):
    def send():
        client.sendall(data)
        if half_close:
            client.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(0.1)
    answer = receive(client, len(data))
    sender.join()
    assert answer == data, "what came back is not what was sent"


def megabyte(server):
    with connect(server) as client:
        client.settimeout(10)
        ask(client, b"All of this has to come back, every byte of it, and in order.\r\n" * 16384)
        send_and_read_later(client, b"The client is slow, and nothing of this may get lost for it...\n" * 131072)


def closes(server):
    with connect(server) as client:
        ask(client, b"that was all\n")
        client.shutdown(socket.SHUT_WR)
        expect_end(client)


def half_close(server):
    # Bytes and FIN are there before the server looks.
    text = b"A FIN comes after the bytes.\n" * 1000
    stop(server)
    with connect(server) as hasty:
        hasty.sendall(text)
        hasty.shutdown(socket.SHUT_WR)
        resume(server)
        assert receive(hasty, len(text)) == text, "what came back is not what was sent"
        expect_end(hasty)
    # The same behind another client.
    with connect(server) as front, connect(server) as back:
        ask(front, b"in front\n")
        back.sendall(b"behind\n")
        back.shutdown(socket.SHUT_WR)
        front.close()
        assert receive(back, 7) == b"behind\n", "what came back is not what was sent"
        expect_end(back)
    # The FIN comes while most of the echo is still to be written.
    with connect(server) as slow:
        slow.settimeout(10)
        text = b"Behind all this comes a FIN, and in front of it an echo.......\n" * 131072
        send_and_read_later(slow, text, half_close=True)
        expect_end(slow)
    with connect(server) as hasty:
        hasty.shutdown(socket.SHUT_WR)
        expect_end(hasty)


def no_leak(server):
    def visit(times):
        for _ in range(times):
            with connect(server) as visitor:
                ask(visitor, b"hello\n")
                visitor.shutdown(socket.SHUT_WR)
                expect_end(visitor)

    visit(5)
    before = len(os.listdir(f"/proc/{server.pid}/fd"))
    visit(200)
    after = len(os.listdir(f"/proc/{server.pid}/fd"))
    assert after <= before + 2, f"{before} descriptors were open, 200 clients later {after}"


def polite(server, word):
    with connect(server) as client:
        ask(client, word)


def resets(server):
    # While the server waits for more.
    idle = connect(server)
    ask(idle, b"goodbye\n")
    reset(idle)
    wait_for_state(server, "S")
    polite(server, b"still there?\n")
    # Before the server has accepted it.
    stop(server)
    reset(connect(server))
    resume(server)
    wait_for_state(server, "S")
    polite(server, b"and now?\n")
    # Between its question and the answer.
    talking = connect(server)
    ask(talking, b"one question\n")
    stop(server)
    talking.sendall(b"forget it\n")
    reset(talking)
    resume(server)
    wait_for_state(server, "S")
    polite(server, b"at last?\n")


def broken_pipe(server):
    rude = connect(server)
    ask(rude, b"hello\n")
    stop(server)
    rude.sendall(b"are you there?\n")
    rude.shutdown(socket.SHUT_WR)
    reset(rude)
    resume(server)
    wait_for_state(server, "S")
    polite(server, b"are you there?\n")


def restart(server):
    with connect(server) as before:
        ask(before, b"before\n")
        server.restart()
    polite(server, b"after\n")
    server.restart()
    polite(server, b"again\n")


def waits_asleep(server):
    def ticks():
        return sum(int(field) for field in state(server)[11:13])

    with connect(server) as quiet:
        ask(quiet, b"one moment\n")
        before = ticks()
        time.sleep(0.1)
        assert ticks() - before <= 2, "it uses processor time while it waits for a client's next word"
    time.sleep(0.01)  # the client that has just left is work
    before = ticks()
    time.sleep(0.1)
    assert ticks() - before <= 2, "it uses processor time while it waits for a client"
