//! Whatever stops a run, nothing that was graded is lost, and the same command goes on.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::support::{Class, stderr, stdout};

const KILLS: u32 = 100;

/// Twelve, of which none is like the other.
fn twelve() -> Class {
    let class = Class::mixed();
    for (name, of) in [
        ("ida", "wrong/server-silent"),
        ("jo", "wrong/server-never-accepts"),
        ("kim", "wrong/server-segfaults"),
        ("lea", "right/c-server-threads"),
    ] {
        class.copy(name, of);
    }
    class
}

/// Every file is whole, every line of the gradebook is there; how many are graded.
fn finished(class: &Class) -> usize {
    let grades = class.result("grades.csv");
    assert_eq!(grades.lines().count(), 13, "{grades}");
    let mut finished = 0;
    for folder in conformance::folders(&class.results().join("submissions")) {
        let Ok(record) = fs::read(folder.join("record.json")) else { continue };
        let record: Value = serde_json::from_slice(&record).expect("a record is whole");
        for report in ["report.json", "report.html"] {
            assert!(folder.join(report).is_file(), "{} has no {report}", folder.display());
        }
        finished += usize::from(record["finished"] == true);
    }
    finished
}

#[test]
fn a_run_that_is_killed_at_any_moment_loses_nothing() {
    let whole = twelve();
    // The second time all is built, as in the runs that are killed.
    whole.class(&["--seed", "7"]).code(0);
    let begun = Instant::now();
    whole.class(&["--seed", "7", "--again"]).code(0);
    let takes = begun.elapsed();
    let mut class = twelve();
    let mut before = 0;
    for number in 0..KILLS {
        let mut run = class.command("class", &["--seed", "7"]);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        // Not to wait for anything: this is the moment.
        std::thread::sleep(takes * (number * 37 % KILLS) / KILLS);
        run.kill().expect("it is ours");
        run.wait().expect("it is ours");
        if !class.results().join("grades.csv").exists() {
            continue;
        }
        let now = finished(&class);
        assert!(now >= before, "{now} are graded after {before} were");
        before = now;
        if now == 12 {
            class.class(&["--seed", "7"]).code(0);
            assert_eq!(class.gradebook(), whole.gradebook());
            (class, before) = (twelve(), 0);
        }
    }
    class.class(&["--seed", "7"]).code(0);
    assert_eq!(class.gradebook(), whole.gradebook());
    assert_eq!(class.result("grades.csv"), whole.result("grades.csv"));
    let left: Vec<_> =
        fs::read_dir(class.results()).expect("it is there").flatten().map(|entry| entry.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[test]
fn ctrl_c_finishes_what_has_begun_and_the_same_command_goes_on() {
    let class = twelve();
    let mut run = class.command("class", &["--jobs", "1"]);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut lines = BufReader::new(run.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
    let first = lines.next().expect("one is graded");
    assert!(first.starts_with("1/12  "), "{first}");
    let pid = Pid::from_raw(run.id().cast_signed());
    kill(pid, Signal::SIGUSR1).expect("it is ours");
    lines.find(|line| line.contains(" of 12 done")).expect("it tells its status");
    kill(pid, Signal::SIGINT).expect("it is ours");
    let rest: Vec<String> = lines.collect();
    let ended = run.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert_eq!(ended.status.code(), Some(130), "{said}{rest:?}");
    assert!(rest.contains(&"stopping: what has begun is finished; once more stops at once".to_owned()), "{rest:?}");
    assert!(said.ends_with("stopped before the end: the same command goes on\n"), "{said}");
    let graded = finished(&class);
    let next = stdout(&class.class(&[]).code(0));
    assert!(next.starts_with(&format!("12 submissions: {} graded, {graded} unchanged\n", 12 - graded)), "{next}");
}

#[test]
fn two_runs_on_one_store_are_refused() {
    let class = Class::mixed();
    class.class(&["--only", "anna"]).code(0);
    let lock = File::open(class.results().join(".lock")).expect("it is there");
    lock.lock().expect("nobody else has it");
    let run = class.class(&[]).code(2);
    let expected = format!(
        "error: cannot keep results in `{}`: another grader is writing to it\n\
         hint: wait for it to end, or give another folder with `--out`\n",
        class.results().display()
    );
    assert_eq!(stderr(&run), expected);
    drop(lock);
    class.class(&["--only", "anna"]).code(0);
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let class = Class::mixed();
    fs::create_dir(class.results()).expect("a folder");
    fs::write(class.results().join("thesis.tex"), "").expect("it is written");
    let run = class.class(&[]).code(2);
    let expected = format!(
        "error: cannot keep results in `{}`: it holds files, and no results of a class\n\
         hint: give a new folder with `--out`\n",
        class.results().display()
    );
    assert_eq!(stderr(&run), expected);
    assert_eq!(fs::read_dir(class.results()).expect("it is there").count(), 1);
}

#[test]
fn a_disk_that_fills_up_is_the_graders_fault_and_costs_nobody_a_point() {
    let class = Class::mixed();
    class.class(&["--only", "anna"]).code(0);
    // A folder where a file should be.
    let record = class.results().join("submissions/bo/record.json");
    fs::remove_file(&record).expect("it is removed");
    fs::create_dir_all(record.join("x")).expect("a folder");
    let run = class.class(&[]).code(70);
    assert!(stderr(&run).contains("error: cannot keep results in "), "{}", stderr(&run));
    fs::remove_dir_all(&record).expect("it is removed");
    class.class(&[]).code(0);
    assert_eq!(class.result("grades.csv").lines().count(), 9);
}
