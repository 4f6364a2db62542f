//! Autolab: handin, Makefile and archive in an empty folder, plain `make` by an ordinary user in a container, and the last
//! line that was printed is the score.

use std::fs;
use std::process::{Command, Output};

use conformance::top;
use serde_json::Value;

use super::enter::level;
use super::expected::Expected;
use super::handed_in::{ALL, handed_in, packed};
use super::machine::{Machine, Who};
use super::packaged::{LAB, Package, kill_when};

const JOB: &str = "/home/user/job";
/// Autolab has none of its own; the image's Dockerfile sets it.
const PATH: &str = "/usr/local/cargo/bin:/usr/local/bin:/usr/bin:/bin";
const ENV: [(&str, &str); 2] = [("HOME", "/home/user"), ("PATH", PATH)];

/// As Autolab fills it for one job.
fn job(machine: &Machine, package: &Package, name: &str) {
    machine.folder("/home/user");
    machine.folder(JOB);
    let copy = |from: &std::path::Path, name: &str| {
        fs::copy(from, machine.path(JOB).join(name)).expect("it is copied");
    };
    copy(&package.path.join("autograde-Makefile"), "Makefile");
    copy(&package.path.join("autograde.tar"), "autograde.tar");
    let submission = handed_in(name);
    let archive = packed(submission.path());
    copy(&archive, "handin.tar");
    fs::remove_file(archive).expect("it was made");
    machine.give(&machine.path("/home/user"));
}

/// Both streams, as one: what Autolab keeps.
fn feedback(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// As Autolab reads the last line.
fn scores(feedback: &str) -> Value {
    let last = feedback.lines().last().unwrap_or_default();
    let quoted = regex::Regex::new("([a-zA-Z0-9]+):").expect("a pattern").replace_all(last, "\"$1\":");
    let result: Value = serde_json::from_str(&quoted).unwrap_or_else(|error| panic!("{error}: {last}"));
    result["scores"].clone()
}

fn make(machine: &Machine) -> String {
    feedback(&machine.run(JOB, &ENV, &["sh", "-c", "exec make 2>&1"]))
}

#[test]
fn autolabs_last_line_is_the_graders_for_every_submission_and_for_a_grader_that_was_killed_or_is_gone() {
    let Some(machine) = Machine::new(Who::DockerUser) else { return };
    let package = Package::of("autolab");
    for name in ALL {
        job(&machine, &package, name);
        let said = make(&machine);
        let expected = Expected::of(name, level());
        assert_eq!(scores(&said)[LAB].as_f64(), Some(expected.total()), "{name}: {said}");
        assert_eq!(scores(&said).as_object().map(|scores| scores.len()), Some(1), "{said}");
        let shown: Value =
            serde_json::from_str(said.lines().rev().nth(1).unwrap_or_default()).expect("the line before");
        for step in expected.steps() {
            assert_eq!(shown[LAB][step.title]["passed"], step.verdict == "passed", "{name}: {}\n{said}", step.id);
        }
        assert!(!said.contains("\nKilled"), "{said}");
    }

    job(&machine, &package, "reference");
    let killed = kill_when("make 2>&1", "autograde/result", "^.passed. ");
    let said = feedback(&machine.run(JOB, &ENV, &killed.each_ref().map(String::as_str)));
    assert!(said.contains("the grader ended with status 137, which is no fault of yours"), "{said}");
    assert!(said.contains("the grader did not finish"), "{said}");
    assert!(scores(&said)[LAB].as_f64().is_some_and(|score| score > 0.0 && score < 95.0), "{said}");

    job(&machine, &package, "reference");
    fs::write(machine.path(JOB).join("autograde.tar"), "").expect("it is written");
    let said = make(&machine);
    assert!(said.contains("the grader did not start, which is no fault of yours"), "{said}");
    assert_eq!(scores(&said)[LAB], 0);
}

#[test]
fn autolabs_feedback_names_the_tools_that_the_image_lacks() {
    let Some(mut machine) = Machine::new(Who::DockerUser) else { return };
    machine.tools = false;
    job(&machine, &Package::of("autolab"), "wrong");
    let said = make(&machine);
    assert!(said.contains("note: `cargo` is missing in this image"), "{said}");
    assert!(!said.contains("note: `make` is missing"), "{said}");
    assert_eq!(scores(&said)[LAB], 3);
}

#[test]
fn labs_from_elsewhere_go_into_the_package_and_are_those_that_are_graded() {
    let Some(machine) = Machine::new(Who::DockerUser) else { return };
    let labs = tempfile::tempdir().expect("a folder");
    let own = labs.path().join("07-own");
    let copied = Command::new("cp").arg("-r").arg(top().join("labs").join(LAB)).arg(&own).status();
    assert!(copied.is_ok_and(|status| status.success()));
    let package = Package::made(&["autolab", "own", "--labs", labs.path().to_str().expect("text")]);
    job(&machine, &package, "wrong");
    let said = make(&machine);
    assert_eq!(scores(&said), serde_json::json!({ "07-own": 3 }), "{said}");
    let packed = machine.path(JOB).join("autograde/labs/07-own");
    assert!(packed.join("rubric.yaml").is_file() && !packed.join("mutants.yaml").exists());
}
