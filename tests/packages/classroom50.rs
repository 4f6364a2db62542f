//! Classroom 50: `autograder.py` beside the grader, in a student's checkout, by an ordinary user of a virtual machine.

use std::fs;

use serde_json::Value;

use super::expected::Expected;
use super::handed_in::{ALL, handed_in};
use super::machine::{Machine, Who};
use super::packaged::{Package, fits, kill_when, said};

const CHECKOUT: &str = "/home/user/checkout";
const BUNDLE: &str = "/home/user/bundle";
const RESULT: &str = "/home/user/checkout/result.json";
const ENV: [(&str, &str); 9] = [
    ("HOME", "/home/user"),
    ("PATH", "/usr/local/cargo/bin:/usr/local/bin:/usr/bin:/bin"),
    ("CLASSROOM50_BUNDLE_DIR", BUNDLE),
    ("CLASSROOM", "net"),
    ("ASSIGNMENT", "server"),
    ("OWNER", "alice"),
    ("SUBMISSION_TAG", "submit/2026-09-01T10-00-00Z-a1b2c3d"),
    ("COMMIT_URL", "https://host/c"),
    ("RELEASE_URL", "https://host/r"),
];
const COMMAND: &str = "python3 /home/user/bundle/autograder.py";

fn checkout(machine: &Machine, package: &Package, name: &str) {
    machine.folder("/home/user");
    machine.copy(&package.path, BUNDLE);
    machine.copy(handed_in(name).path(), CHECKOUT);
}

fn result(machine: &Machine) -> Value {
    let result = serde_json::from_str(&machine.read(RESULT)).expect("it is JSON");
    fits("classroom50", &result);
    result
}

#[test]
fn classroom_50_gets_true_results_for_every_submission_and_of_a_grader_that_was_killed_or_is_gone() {
    let Some(machine) = Machine::new(Who::User) else { return };
    let package = Package::of("classroom50");
    for name in ALL {
        checkout(&machine, &package, name);
        let ran = machine.run(CHECKOUT, &ENV, &["sh", "-c", COMMAND]);
        assert_eq!(ran.status.code(), Some(0), "{name}: {}", said(&ran));
        let (result, expected) = (result(&machine), Expected::of(name, "cell"));
        let tests = result["tests"].as_array().expect("tests");
        assert_eq!(tests.len(), expected.steps().len(), "{name}: {result:#}");
        for (test, step) in tests.iter().zip(expected.steps()) {
            assert_eq!(test["passed"], step.verdict == "passed", "{name}: {}: {test:#}", step.id);
            assert!(test["test-name"].as_str().is_some_and(|name| name.contains(step.title)), "{name}: {test:#}");
        }
        let (score, most) = (result["score"].as_f64(), result["max-score"].as_f64());
        let share = score.unwrap_or(-1.0) / most.unwrap_or(1.0);
        match name {
            "reference" => assert_eq!(share, 1.0, "{result:#}"),
            "wrong" => assert!(0.0 < share && share < 0.04, "{result:#}"),
            _ => assert_eq!(share, 0.0, "{name}: {result:#}"),
        }
    }

    checkout(&machine, &package, "reference");
    let killed = kill_when(COMMAND, "result.json", "\"passed\": true");
    let ran = machine.run(CHECKOUT, &ENV, &killed.each_ref().map(String::as_str));
    assert_eq!(ran.status.code(), Some(137), "its runner is told: {}", said(&ran));
    result(&machine);

    checkout(&machine, &package, "reference");
    fs::remove_file(machine.path(BUNDLE).join("grader")).expect("it is there");
    let ran = machine.run(CHECKOUT, &ENV, &["sh", "-c", COMMAND]);
    assert_eq!(ran.status.code(), Some(1), "its runner is told: {}", said(&ran));
}
