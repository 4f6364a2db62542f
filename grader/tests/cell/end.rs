//! That nothing of what ran in a cell is left, whatever happened.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::time::Instant;

use grader::cell::{Cell, Child, Level, Status};

use crate::support::{LIMIT, Lab, Run, helper, job, levels, shell};

/// Starts a grandchild that has left its parent, its session and its process group; returns when it runs.
fn start_runaway(cell: &Cell) -> Child {
    let words = "(setsid sh -c 'echo on; exec sleep 1000' &) ; exec sleep 1000";
    let mut child = cell.spawn(&shell(words)).unwrap();
    let mut line = String::new();
    BufReader::new(fs::File::from(child.stdout.take().unwrap())).read_line(&mut line).unwrap();
    assert_eq!(line, "on\n");
    child
}

/// The living descendants of a process, as the machine sees them.
fn descendants(root: u32) -> Vec<u32> {
    let mut found = vec![root];
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent(pid)?)))
        .collect();
    let mut at = 0;
    while at < found.len() {
        let one = found[at];
        found.extend(parents.iter().filter(|(_, parent)| *parent == one).map(|(pid, _)| *pid));
        at += 1;
    }
    found.split_off(1)
}

/// Nothing for one that does not run any more.
fn parent(pid: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if field("State:")?.starts_with('Z') { None } else { field("PPid:")?.parse().ok() }
}

fn wait_until_gone(pids: &[u32]) {
    let start = Instant::now();
    while let Some(pid) = pids.iter().find(|pid| parent(**pid).is_some()) {
        let name = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        assert!(start.elapsed() < LIMIT, "{pid} is still there: {name:?}");
        std::thread::yield_now();
    }
}

/// All processes of a cell except its init, with the ids that the machine has for them.
fn inhabitants(cell: &Cell) -> Vec<u32> {
    let (proc, init) = cell.proc();
    match cell.level() {
        Level::Uid | Level::SameUid | Level::Rlimits => descendants(init as u32),
        Level::Cell => {
            let space = fs::read_link(format!("/proc/self/fd/{}/{init}/ns/pid", proc.as_raw_fd())).unwrap();
            let ours = descendants(std::process::id());
            let in_it = |pid: &u32| fs::read_link(format!("/proc/{pid}/ns/pid")).is_ok_and(|its| its == space);
            // The first is init: it is the parent of the others.
            ours.into_iter().filter(in_it).skip(1).collect()
        }
    }
}

#[test]
fn a_runaway_ends_with_its_cell() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let child = start_runaway(&cell);
        let all = inhabitants(&cell);
        assert!(all.len() >= 2, "{level}: the program and its runaway: {all:?}");
        drop(cell);
        assert!(all.iter().all(|pid| parent(*pid).is_none()), "{level}");
        assert_eq!(lab.wait_for(|| child.status()), Status::Signaled(libc::SIGKILL), "{level}");
    }
}

#[test]
fn all_are_killed_and_the_cell_goes_on() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        let child = start_runaway(&cell);
        cell.kill_all().unwrap();
        assert_eq!(child.status(), Some(Status::Signaled(libc::SIGKILL)), "{level}");
        assert_eq!(inhabitants(&cell), Vec::<u32>::new(), "{level}");
        assert_eq!(lab.run(&cell, "echo again"), Run::said("again\n"), "{level}");
        cell.kill_all().unwrap();
    }
}

#[test]
fn programs_that_fork_all_the_time_do_not_get_away() {
    let lab = Lab::new();
    lab.file("hop", "#!/bin/sh\nsetsid \"$0\" &\n", 0o755);
    lab.file("start", "#!/bin/sh\nfor i in 1 2 3 4 5; do ${0%/*}/hop; done; echo on; exec sleep 1000\n", 0o755);
    for level in levels() {
        let cell = lab.cell(level);
        let mut child = cell.spawn(&job("start", &[])).unwrap();
        let mut line = String::new();
        BufReader::new(fs::File::from(child.stdout.take().unwrap())).read_line(&mut line).unwrap();
        cell.kill_all().unwrap();
        assert_eq!(child.status(), Some(Status::Signaled(libc::SIGKILL)), "{level}");
        assert_eq!(inhabitants(&cell), Vec::<u32>::new(), "{level}");
    }
}

#[test]
fn a_cell_that_unwinds_ends_too() {
    let lab = Lab::new();
    for level in levels() {
        let mut child = None;
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let cell = lab.cell(level);
            child = Some(start_runaway(&cell));
            std::panic::resume_unwind(Box::new("on purpose"));
        }));
        assert!(unwound.is_err());
        let child = child.unwrap();
        assert_eq!(lab.wait_for(|| child.status()), Status::Signaled(libc::SIGKILL), "{level}");
    }
}

/// Not a test of its own: the process that the next test kills. It holds cells with runaways.
#[test]
fn a_harness_to_be_killed() {
    if std::env::var_os("CELL_HOLD").is_none() {
        return;
    }
    let lab = Lab::new();
    let held: Vec<_> =
        levels().into_iter().map(|level| lab.cell(level)).map(|cell| (start_runaway(&cell), cell)).collect();
    println!("\nholding {}", held.len());
    std::thread::sleep(LIMIT);
}

#[test]
fn a_harness_that_is_killed_leaves_nothing() {
    let temporary = tempfile::TempDir::new().unwrap();
    let mut harness = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "end::a_harness_to_be_killed", "--nocapture"])
        .env("CELL_HOLD", "1")
        .env("CELL_HELPER", helper())
        .env("TMPDIR", temporary.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(harness.stdout.take().unwrap()).lines();
    let levels = levels().len();
    assert!(lines.any(|line| line.unwrap() == format!("holding {levels}")));
    let ours = descendants(harness.id());
    // For each level an init, a program and its runaway.
    assert!(ours.len() >= 3 * levels, "{ours:?}");
    harness.kill().unwrap();
    harness.wait().unwrap();
    wait_until_gone(&ours);
    let left: Vec<_> = fs::read_dir(temporary.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    // The folder with the scripts is the harness's own.
    assert!(left.iter().all(|name| !name.to_str().unwrap().starts_with("grader-cell-")), "{left:?}");
}

#[test]
fn cells_can_be_made_by_many_threads_at_once() {
    let lab = Lab::new();
    let levels = levels();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (lab, levels) = (&lab, &levels);
            scope.spawn(move || {
                let cell = lab.cell(levels[number % levels.len()]);
                let words = format!("ls /proc/self/fd | tr '\\n' ' '; echo {number}");
                assert_eq!(lab.run(&cell, &words), Run::said(&format!("0 1 2 3 {number}\n")));
            });
        }
    });
}
