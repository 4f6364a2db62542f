//! A class on more than one machine: a job array of a real Slurm, where one is installed.

use std::fs;
use std::process::Command;

use conformance::{built, cache, top};
use tempfile::TempDir;

/// As `tests/slurm/run` says.
const NO_SLURM: i32 = 77;

#[test]
fn a_job_array_of_which_a_task_was_killed_grades_as_one_machine_does() {
    let folder = TempDir::new().expect("a folder");
    for number in 0..40 {
        let of = ["right/c-server", "wrong/server-silent", "wrong/server-never-listens"][number % 3];
        let to = folder.path().join(format!("student-{number}"));
        fs::create_dir(&to).expect("a folder");
        for entry in fs::read_dir(top().join("tests/submissions").join(of)).expect("it is there").flatten() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("it is copied");
        }
    }
    let mut run = Command::new(top().join("tests/slurm/run"));
    run.arg(built()).arg(folder.path()).arg("--labs").arg(top().join("tests/labs")).env("GRADER_CACHE", cache());
    let ran = run.output().expect("it runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    if ran.status.code() == Some(NO_SLURM) && std::env::var_os("SLURM").is_none_or(|wish| wish != "required") {
        // Loud: the test passes, and nobody shall think that it said anything.
        eprint!("{stderr}");
        return;
    }
    assert_eq!(ran.status.code(), Some(0), "{stdout}{stderr}");
    let last = "the merged gradebook is the one of a single machine: 40 submissions\n";
    assert!(stdout.contains("task 2 was killed in mid-work\n") && stdout.ends_with(last), "{stdout}");
}
