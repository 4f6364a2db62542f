//! What a program cannot do, and what it still can.

use std::fs;

use grader::cell::{Level, Status};
use nix::unistd::geteuid;

use crate::support::{Lab, Run, job, levels, shell};

/// A script's words, run at every level but the least, where there are no walls.
fn at_every_level(words: &str, expected: &Run) {
    let lab = Lab::new();
    for level in levels().into_iter().filter(|level| *level != Level::Rlimits) {
        assert_eq!(lab.run(&lab.cell(level), words), *expected, "{level}");
    }
}

#[test]
fn a_program_that_behaves_notices_nothing() {
    let busy = "import os, signal, socket, subprocess, tempfile, threading, time\n\
        threads = [threading.Thread(target=time.sleep, args=(0.05,)) for _ in range(100)]\n\
        for thread in threads: thread.start()\n\
        with tempfile.NamedTemporaryFile() as file: file.write(b'x' * 1000000)\n\
        here, there = socket.socketpair()\n\
        child = os.fork()\n\
        if child == 0: there.sendall(b'ping'); os._exit(7)\n\
        print(here.recv(4), os.waitpid(child, 0)[1] >> 8)\n\
        listener = socket.create_server(('127.0.0.1', 0))\n\
        client = socket.create_connection(listener.getsockname())\n\
        print(listener.accept()[0].fileno() > 2, open('/proc/self/stat').read() != '')\n\
        print(subprocess.run(['sh', '-c', 'kill -TERM $$']).returncode)\n\
        for thread in threads: thread.join()\n";
    let lab = Lab::new();
    for level in levels() {
        assert_eq!(lab.python_at(level, busy), Run::said("b'ping' 7\nTrue True\n-15\n"), "{level}");
    }
}

#[test]
fn what_belongs_to_others_cannot_be_read() {
    let secret = tempfile::tempdir().unwrap();
    let file = secret.path().join("rubric.yaml");
    fs::write(&file, "hidden").unwrap();
    // Its mode lets everybody read it.
    let words = format!("cat {} 2>/dev/null || echo no", file.display());
    at_every_level(&words, &Run::said("no\n"));
    at_every_level("cat /etc/shadow 2>/dev/null || echo no", &Run::said("no\n"));
}

#[test]
fn nothing_of_the_system_can_be_changed() {
    for place in ["/usr/bin/x", "/etc/x", "/proc/sys/kernel/hostname", "/x", "/dev/x", "/var/tmp/x", "/run/x"] {
        at_every_level(&format!("(echo x > {place}) 2>/dev/null || echo no"), &Run::said("no\n"));
    }
    at_every_level("echo x > here && cat here", &Run::said("x\n"));
}

#[test]
fn there_are_no_privileges_and_none_to_be_had() {
    let lab = Lab::new();
    for level in levels() {
        let run =
            lab.run(&lab.cell(level), "grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs)' /proc/self/status | cut -f 2");
        assert_eq!(run.stdout, "0000000000000000\n".repeat(4) + "1\n", "{level}");
    }
}

#[test]
fn calls_that_break_out_are_refused() {
    // Each answers as the kernel would that does not allow it, or does not have it.
    let calls = "import ctypes, errno\n\
        libc = ctypes.CDLL(None, use_errno=True)\n\
        numbers = dict(ptrace=101, unshare=272, mount=165, keyctl=250, bpf=321, io_uring_setup=425, memfd_create=319,\n\
        clone3=435, pidfd_getfd=438, splice=275, x32_getpid=0x40000027)\n\
        for name, number in numbers.items():\n\
        \x20   libc.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0)\n\
        \x20   print(name, errno.errorcode.get(ctypes.get_errno()))\n";
    let expected = "ptrace EPERM\nunshare EPERM\nmount EPERM\nkeyctl EPERM\nbpf EPERM\nio_uring_setup ENOSYS\n\
        memfd_create ENOSYS\nclone3 ENOSYS\npidfd_getfd EPERM\nsplice EINVAL\nx32_getpid ENOSYS\n";
    if !cfg!(target_arch = "x86_64") {
        return;
    }
    let lab = Lab::new();
    for level in levels() {
        assert_eq!(lab.python_at(level, calls), Run::said(expected), "{level}");
    }
}

#[test]
fn a_fork_bomb_meets_its_limit_and_ends_with_its_cell() {
    let bomb = "import os, time\n\
        count = 0\n\
        try:\n\
        \x20   while True:\n\
        \x20       if os.fork() == 0: time.sleep(60); os._exit(0)\n\
        \x20       count += 1\n\
        except OSError as error: print(error.strerror, 100 < count < 600, flush=True)\n";
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let child = cell.spawn(&job("/usr/bin/env", &["python3", "-c", bomb])).unwrap();
        let status = lab.wait_for(|| child.status());
        // Where it has no user of its own, what else runs as the same user must not count. Init does that, or, for a bomb that
        // is quicker than init's next look, the kernel with a higher limit.
        if level == Level::SameUid || (level == Level::Rlimits && !geteuid().is_root()) {
            assert!(matches!(status, Status::TooManyProcesses | Status::Exited(0)), "{level}: {status:?}");
            continue;
        }
        assert_eq!(status, Status::Exited(0), "{level}");
        cell.kill_all().unwrap();
        let run = lab.finish(child);
        assert_eq!(run.stdout, "Resource temporarily unavailable True\n", "{level}");
    }
}

#[test]
fn a_program_that_fills_the_memory_is_ended_for_that() {
    let lab = Lab::new();
    let hog = "import time\nheld = []\nwhile True: held.append(bytearray(b'x') * (8 << 20)); time.sleep(0.001)\n";
    for level in levels() {
        assert_eq!(lab.python_at(level, hog).status, Status::TooMuchMemory, "{level}");
    }
}

#[test]
fn disk_and_files_have_limits() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let full = "head -c 200M /dev/zero > big 2>/dev/null; stat -c %s big | awk '{ print ($1 <= 67108864) }'";
    assert_eq!(lab.run(&cell, full).stdout, "1\n");
    let many = "count = 0\ntry:\n    while True: open(f'f{count}', 'w').close(); count += 1\n\
        except OSError as error: print(error.strerror, 3000 < count < 5000)\n";
    assert_eq!(lab.python_at(Level::Cell, many).stdout, "No space left on device True\n");
}

#[test]
fn nobody_else_can_be_killed_or_watched() {
    let lab = Lab::new();
    let grader = std::process::id();
    for level in levels().into_iter().filter(|level| *level != Level::Rlimits) {
        let cell = lab.cell(level);
        let words = format!(
            "kill -0 {grader} 2>/dev/null && echo killed; kill -STOP 1 2>/dev/null; cat /proc/1/environ /proc/{grader}/environ 2>/dev/null | wc -c"
        );
        assert_eq!(lab.run(&cell, &words).stdout, "0\n", "{level}");
        assert_eq!(lab.run(&cell, "echo there"), Run::said("there\n"), "{level}");
    }
}

#[test]
fn nothing_inherited_is_open() {
    let lab = Lab::new();
    // On purpose: without close-on-exec.
    let leak = fs::File::open("/etc/passwd").unwrap();
    nix::fcntl::fcntl(&leak, nix::fcntl::FcntlArg::F_SETFD(nix::fcntl::FdFlag::empty())).unwrap();
    for level in levels() {
        assert_eq!(lab.run_at(level, &shell("ls /proc/self/fd | tr '\\n' ' '")).stdout, "0 1 2 3 ", "{level}");
    }
}
