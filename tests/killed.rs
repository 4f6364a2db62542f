//! `kill -9` of the grader, at any moment of its work, leaves no process and no mount behind, and no temporary folder for
//! longer than the next start.
//!
//! A program of its own, because it becomes the parent of whatever is left.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conformance::{built, levels, top};
use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use tempfile::TempDir;

const TIMES: u32 = 50;
/// How long what was begun may take to notice.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server in C that has not been built before: its build and its steps are both there to be interrupted.
fn grade(folder: &Path, level: &str, number: u32) -> Command {
    let submission = folder.join("submission");
    let _former = fs::remove_dir_all(&submission);
    fs::create_dir(&submission).expect("a folder");
    for entry in fs::read_dir(top().join("tests/submissions/right/c-server")).expect("it is there").flatten() {
        fs::copy(entry.path(), submission.join(entry.file_name())).expect("it is copied");
    }
    fs::write(submission.join("number"), format!("{level} {number}")).expect("it is written");
    let mut grade = Command::new(built());
    grade.args(["grade", "--level", level, "--json"]).arg(folder.join("results/report.json")).arg(&submission);
    grade.env("TMPDIR", folder.join("temporary")).env("GRADER_CACHE", folder.join("cache"));
    grade.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    grade
}

/// Those that are ours now because their parent was killed.
fn wait_for_the_end_of_all() -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Err(Errno::ECHILD) => return true,
            Ok(WaitStatus::StillAlive) => std::thread::sleep(Duration::from_millis(1)),
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => panic!("{errno}"),
        }
    }
    false
}

fn mounts() -> usize {
    fs::read_to_string("/proc/self/mountinfo").expect("there is a procfs").lines().count()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_killed_grader_leaves_nothing_behind() {
    nix::sys::prctl::set_child_subreaper(true).expect("this kernel has sub-reapers");
    let folder = TempDir::new().expect("a folder");
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("its mode is set");
    for name in ["temporary", "results"] {
        fs::create_dir(folder.path().join(name)).expect("a folder");
    }
    let mounted = mounts();
    for level in levels() {
        let mut whole = grade(folder.path(), level, 0);
        let begun = Instant::now();
        let whole = whole.status().expect("it runs");
        let takes = begun.elapsed();
        assert_eq!(whole.code(), Some(0), "{level}");
        for time in 1..=TIMES / 2 {
            let mut grader = grade(folder.path(), level, time).spawn().expect("it starts");
            // Not to wait for anything: this is the moment.
            std::thread::sleep(takes * time / (TIMES / 2));
            grader.kill().expect("it is ours");
            grader.wait().expect("it is ours");
            assert!(wait_for_the_end_of_all(), "{level}, {time}: processes are left");
            assert_eq!(mounts(), mounted, "{level}, {time}");
        }
        let next = grade(folder.path(), level, TIMES).status().expect("it runs");
        assert_eq!(next.code(), Some(0), "{level}");
        assert_eq!(names(&folder.path().join("temporary")), Vec::<String>::new(), "{level}");
        assert_eq!(names(&folder.path().join("results")), ["report.json"], "{level}");
        let programs = names(&folder.path().join("cache/programs"));
        assert!(!programs.iter().any(|name| name.starts_with("grader-")), "{level}: {programs:?}");
    }
}
