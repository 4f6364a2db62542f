"""Runs a command and says what it and everything it started cost.

Processor time is user and system time of the whole tree. Where a control group can be made, the kernel counts it there:
a process belongs to its group whoever waits for it, in whatever namespace it lives, and also when nobody does (a parent
that ignores SIGCHLD). Elsewhere it is what wait4 hands up; orphans then come to us (PR_SET_CHILD_SUBREAPER), and a
namespace's are reaped by its own first process, whose time comes up the tree.
"""

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Cost:
    wall: float
    processor: float
    status: int
    output: str
    peak: int = 0  # KiB, VmHWM of the command's own process
    timed_out: bool = False
    notes: dict = field(default_factory=dict)


def unified_mount():
    """Where control groups of version 2 are mounted; their cpu.stat is there whatever controllers are on."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.split()[0] == "cgroup2":
            return Path(before.split()[4])
    return None


class Group:
    """A control group of our own, or none if this machine does not give us one."""

    def __init__(self):
        self.folder = None
        mount = unified_mount()
        if mount is None:
            return
        own = next((line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")), "/")
        folder = mount / own.lstrip("/") / f"bench-{os.getpid()}"
        try:
            folder.mkdir()
            # It counts only if we may also put a process into it: find that out now.
            probe = subprocess.Popen(["sleep", "5"])
            try:
                (folder / "cgroup.procs").write_text(str(probe.pid))
            finally:
                probe.kill()
                probe.wait()
            self.folder = folder
        except OSError:
            try:
                folder.rmdir()
            except OSError:
                pass

    def enter(self):
        if self.folder:
            (self.folder / "cgroup.procs").write_text("0")

    def spent(self):
        for line in (self.folder / "cpu.stat").read_text().splitlines():
            name, value = line.split()
            if name == "usage_usec":
                return int(value) / 1e6
        raise OSError("cpu.stat has no usage_usec")

    def empty(self, deadline=10):
        """Kills whatever a tool has left running, so that it does not disturb the next one. Says whether there was any."""
        procs = self.folder / "cgroup.procs"
        end, left = time.monotonic() + deadline, False
        while pids := [int(pid) for pid in procs.read_text().split()]:
            left = True
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            reap()
            if time.monotonic() > end:
                break
            time.sleep(0.01)
        return left

    def remove(self):
        if self.folder:
            self.empty()
            try:
                self.folder.rmdir()
            except OSError:
                pass


def reap():
    """Waits for orphans that came to us; returns their processor time."""
    spent = 0.0
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return spent
        if pid == 0:
            return spent
        spent += usage.ru_utime + usage.ru_stime


def peak_of(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class Meter:
    def __init__(self):
        self.group = Group()
        # Orphans are ours: else they go to the machine's init, and their time with them.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    @property
    def method(self):
        return "control group" if self.group.folder else "wait4"

    def run(self, command, cwd=None, env=None, timeout=300, watch_memory=False):
        """Runs `command`, waits for it, and says what it cost."""
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            before = self.group.spent() if self.group.folder else 0.0
            began = time.monotonic()
            child = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self.group.enter,
            )
            peak, usage, late = self._wait(child, began + timeout, watch_memory)
            wall = time.monotonic() - began
            spent = usage.ru_utime + usage.ru_stime
            if self.group.folder:
                self.group.empty()
                spent = self.group.spent() - before
            else:
                try:
                    os.killpg(child.pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    pass
                spent += reap()
            output.seek(0)
            return Cost(wall, spent, child.returncode, output.read(), peak, late)

    def _wait(self, child, end, watch_memory):
        """wait4 with a deadline. The usage it returns has the time of all that the child and its own children waited for."""
        peak, late = 0, False
        handle = os.pidfd_open(child.pid)
        try:
            import select

            poll = select.poll()
            poll.register(handle, select.POLLIN)
            # Only the memory's peak needs a look from time to time: VmHWM never falls, so the last look has nearly all.
            step = 200 if watch_memory else 600_000
            while not poll.poll(min(step, max(0, (end - time.monotonic()) * 1000))):
                peak = max(peak, peak_of(child.pid))
                if time.monotonic() >= end:
                    late = True
                    os.killpg(child.pid, signal.SIGKILL)
                    poll.poll(5000)
                    break
        finally:
            os.close(handle)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        return peak, usage, late

    def close(self):
        self.group.remove()


@contextmanager
def meter():
    it = Meter()
    try:
        yield it
    finally:
        it.close()
