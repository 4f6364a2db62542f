//! Starting programs, and how they end.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;

use grader::cell::{Cell, CellError, Job, Level, Plan, SpawnError, Status, Stdin, Whom};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};

use crate::support::{Lab, Run, job, levels, shell};

#[test]
fn a_program_runs_and_its_status_arrives() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        assert_eq!(lab.run(&cell, "echo hello"), Run::said("hello\n"), "{level}");
        assert_eq!(lab.run(&cell, "exit 7").status, Status::Exited(7), "{level}");
        assert_eq!(lab.run(&cell, "kill -KILL $$").status, Status::Signaled(libc::SIGKILL), "{level}");
    }
}

#[test]
fn what_is_typed_arrives() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let mut child = cell.spawn(&Job { stdin: Stdin::Piped, ..shell("cat") }).unwrap();
        File::from(child.stdin.take().unwrap()).write_all(b"typed").unwrap();
        assert_eq!(lab.finish(child), Run::said("typed"), "{level}");
    }
}

#[test]
fn signals_arrive() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let mut child = cell.spawn(&shell("sleep 1000 & echo on; wait")).unwrap();
        let mut byte = [0; 3];
        File::from(child.stdout.take().unwrap()).read_exact(&mut byte).unwrap();
        cell.signal(&child, libc::SIGTERM, Whom::Group).unwrap();
        assert_eq!(lab.wait_for(|| child.status()), Status::Signaled(libc::SIGTERM), "{level}");
        cell.signal(&child, libc::SIGTERM, Whom::Main).unwrap();
    }
}

#[test]
fn threads_are_pinned_to_one_processor_each() {
    if std::thread::available_parallelism().is_ok_and(|processors| processors.get() < 2) {
        return;
    }
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let asks = "echo on; read go; grep -c '^Cpus_allowed_list:.[0-9]*$' /proc/$$/status";
        let mut child = cell.spawn(&Job { stdin: Stdin::Piped, ..shell(asks) }).unwrap();
        let mut stdout = File::from(child.stdout.take().unwrap());
        stdout.read_exact(&mut [0; 3]).unwrap();
        cell.pin().unwrap();
        File::from(child.stdin.take().unwrap()).write_all(b"go\n").unwrap();
        let mut said = String::new();
        stdout.read_to_string(&mut said).unwrap();
        assert_eq!(said, "1\n", "{level}");
    }
}

#[test]
fn a_program_that_does_not_mind_sigpipe_is_killed_by_it() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let mut child = cell.spawn(&job("/usr/bin/yes", &[])).unwrap();
        drop(child.stdout.take());
        assert_eq!(lab.wait_for(|| child.status()), Status::Signaled(libc::SIGPIPE), "{level}");
    }
}

#[test]
fn no_signal_is_blocked_or_ignored() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let run = lab.run(&cell, "grep -E '^Sig(Blk|Ign)' /proc/self/status");
        assert_eq!(run, Run::said("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n"), "{level}");
    }
}

#[test]
fn the_program_of_the_folder_is_the_one_that_runs() {
    let lab = Lab::new();
    lab.file("server", "#!/bin/sh\necho $0 $*\n", 0o755);
    let cell = lab.cell(Level::Cell);
    let child = cell.spawn(&job("server", &["-p", "80"])).unwrap();
    assert_eq!(lab.finish(child), Run::said("/run/lab/server -p 80\n"));
    for level in levels().into_iter().filter(|level| *level != Level::Cell) {
        let run = lab.run_at(level, &job("server", &["-p", "80"]));
        assert!(run.stdout.ends_with("/server -p 80\n"), "{level}: {run:?}");
    }
}

#[test]
fn the_environment_is_small_and_can_be_added_to() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let env = vec![("LANG".into(), "C".into()), ("PORT".into(), "80".into())];
    let child = cell.spawn(&Job { env, ..job("/usr/bin/env", &[]) }).unwrap();
    let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    let expected = format!("PATH={path}\nHOME=/tmp\nTMPDIR=/tmp\nLANG=C\nPORT=80\n");
    assert_eq!(lab.finish(child), Run::said(&expected));
}

#[test]
fn the_working_directory_can_be_written_to_but_the_program_cannot() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let run = lab.run(&cell, "echo text > file && cat file && cat $TMPDIR/file");
        assert_eq!(run, Run::said("text\ntext\n"), "{level}");
    }
    let cell = lab.cell(Level::Cell);
    let run = lab.run(&cell, "pwd; touch /run/lab/file");
    assert_eq!((run.status, run.stdout.as_str()), (Status::Exited(1), "/tmp\n"));
    assert!(run.stderr.contains("Read-only"), "{}", run.stderr);
}

#[test]
fn the_student_is_not_root_in_a_cell_and_has_no_capabilities() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let run = lab.run(&cell, "id -u; id -g; grep -E 'Cap(Inh|Prm|Eff|Amb)' /proc/self/status | tr -d '0\\t\\n'");
    assert_eq!(run, Run::said("1000\n1000\nCapInh:CapPrm:CapEff:CapAmb:"));
}

#[test]
fn the_streams_can_be_opened_by_name() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let run = lab.run(&cell, "echo out > /dev/stdout; echo err > /dev/stderr");
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("out\n", "err\n"), "{level}");
    }
}

#[test]
fn descriptors_that_the_harness_leaks_do_not_reach_the_student() {
    let lab = Lab::new();
    let leak = File::open("/dev/null").unwrap();
    fcntl(&leak, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
    for level in levels() {
        let cell = lab.cell(level);
        // Number 3 is the one that `ls` reads the folder with.
        assert_eq!(lab.run(&cell, "ls /proc/self/fd"), Run::said("0\n1\n2\n3\n"), "{level}, {}", leak.as_raw_fd());
    }
}

#[test]
fn what_comes_out_of_a_cell_is_closed_on_exec() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let child = cell.spawn(&Job { stdin: Stdin::Piped, ..shell("cat") }).unwrap();
        let made = [cell.tcp_socket().unwrap(), cell.tcp6_socket().unwrap(), cell.udp_socket().unwrap()];
        let others = [&child.stdin, &child.stdout, &child.stderr, &child.pidfd].into_iter().flatten();
        let borrowed = [cell.sock_diag(), cell.proc().0];
        let numbers = made.iter().chain(others).map(|fd| fd.as_raw_fd()).chain(borrowed.map(|fd| fd.as_raw_fd()));
        for number in numbers {
            let info = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap();
            let flags = info.lines().find_map(|line| line.strip_prefix("flags:")).unwrap().trim();
            let flags = i32::from_str_radix(flags, 8).unwrap();
            assert_ne!(flags & libc::O_CLOEXEC, 0, "{level}: {info}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_executed_says_why() {
    let lab = Lab::new();
    lab.file("no-such-interpreter", "#!/usr/bin/pythn -u\n", 0o755);
    lab.file("dos", "#!/bin/sh\r\necho hello\r\n", 0o755);
    lab.file("text", "hello\n", 0o755);
    lab.file("not-executable", "#!/bin/sh\n", 0o644);
    let expected = [
        ("no-such-interpreter", "its interpreter `/usr/bin/pythn` does not exist"),
        ("dos", "its interpreter `/bin/sh\\r` does not exist"),
        ("text", "neither a program for this machine nor a script"),
        ("not-executable", "chmod +x"),
    ];
    for level in levels() {
        let cell = lab.cell(level);
        for (program, part) in expected {
            match cell.spawn(&job(program, &[])) {
                Err(SpawnError::Program { why }) => assert!(why.contains(part), "{level}: {why}"),
                other => panic!("{level}, {program}: {other:?}"),
            }
        }
        // Where it was built, it was there.
        let vanished = CellError::Vanished { program: "missing".to_owned() };
        assert_eq!(cell.spawn(&job("missing", &[])).err(), Some(SpawnError::Cell(vanished)), "{level}");
    }
}

#[test]
fn an_argument_with_nul_is_our_own_fault() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let error = cell.spawn(&job("/bin/sh", &["a\0b"])).unwrap_err();
    assert!(matches!(error, SpawnError::Cell(_)), "{error}");
}

#[test]
fn a_cell_that_cannot_be_made_says_which_step_failed() {
    let lab = Lab::new();
    let plan = Plan { program: lab.folder.path().join("missing"), ..lab.plan(Level::Cell) };
    let error = lab.try_cell(&plan).err().unwrap();
    let path = plan.program.display();
    assert_eq!(error.to_string(), format!("cannot enter `{path}`: ENOENT: No such file or directory"));
}

#[test]
fn a_cell_can_be_used_by_several_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Cell>();
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (lab, cell) = (&lab, &cell);
            scope
                .spawn(move || assert_eq!(lab.run(cell, &format!("echo {number}")), Run::said(&format!("{number}\n"))));
        }
    });
}

/// While a program splices from its stdin to a socket that takes nothing, the kernel would hold the pipe's lock, and our
/// write to it would never return.
#[test]
fn a_program_that_splices_its_stdin_does_not_block_whoever_writes_to_it() {
    let script = "import os, socket\nhere, there = socket.socketpair()\n\
        try: os.splice(0, here.fileno(), 1 << 20)\nexcept OSError as error: print(error.strerror, flush=True)";
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let python = job("/usr/bin/env", &["python3", "-c", script]);
        let child = cell.spawn(&Job { stdin: Stdin::Piped, ..python }).unwrap();
        assert_eq!(lab.finish(child), Run::said("Invalid argument\n"), "{level:?}");
    }
}
