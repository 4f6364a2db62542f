//! Gradescope: the image is built by `setup.sh`, and `run_autograder` runs as root in a container.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::enter::level;
use super::expected::{Expected, Step};
use super::handed_in::{ALL, handed_in};
use super::machine::{Machine, Who};
use super::packaged::{Package, fits, kill_when, said};

const RESULTS: &str = "/autograder/results/results.json";
const HOME: [(&str, &str); 1] = [("HOME", "/root")];

/// As Gradescope makes it. Only the download of what is missing is not played: nothing is missing here.
fn image() -> Option<Machine> {
    let machine = Machine::new(Who::DockerRoot)?;
    let package = Package::of("gradescope");
    machine.folder("/autograder/source");
    let unzip =
        Command::new("unzip").arg("-q").arg(&package.path).arg("-d").arg(machine.path("/autograder/source")).status();
    assert!(unzip.is_ok_and(|status| status.success()), "there is an unzip");
    let setup = machine.run("/", &HOME, &["/autograder/source/setup.sh"]);
    assert!(setup.status.success(), "{}", said(&setup));
    let copied =
        fs::copy(machine.path("/autograder/source/run_autograder"), machine.path("/autograder/run_autograder"));
    copied.expect("it is at the root of the zip");
    Some(machine)
}

fn submit(machine: &Machine, submission: &Path) {
    machine.folder("/autograder/results");
    machine.copy(submission, "/autograder/submission");
}

fn results(machine: &Machine) -> Value {
    let results = serde_json::from_str(&machine.read(RESULTS)).expect("it is JSON");
    fits("gradescope", &results);
    results
}

fn agrees(test: &Value, step: &Step, what: &str) {
    assert_eq!(test["extra_data"]["step"], step.id, "{what}");
    assert_eq!(test["score"].as_f64(), Some(step.earned), "{what}: {test:#}");
    let passed = matches!(step.verdict, "passed" | "unavailable");
    assert_eq!(test["status"], if passed { "passed" } else { "failed" }, "{what}: {test:#}");
}

/// One image for all: most of the time goes into making it.
#[test]
fn gradescope_gets_true_results_for_every_submission_and_of_a_grader_that_was_killed_or_is_gone() {
    let Some(machine) = image() else { return };
    for folder in ["/autograder/source", "/autograder/results"] {
        let mode = fs::metadata(machine.path(folder)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o7, 0, "students can look into {folder}");
    }
    ALL.iter().for_each(|name| the_results_are_the_graders(&machine, name));
    killed_it_tells_what_it_knew(&machine);
    without_a_grader_there_are_results(&machine);
}

fn the_results_are_the_graders(machine: &Machine, name: &str) {
    let submission = handed_in(name);
    submit(machine, submission.path());
    let ran = machine.run("/autograder", &HOME, &["/autograder/run_autograder"]);
    assert_eq!(ran.status.code(), Some(0), "{name}: {}", said(&ran));
    let (results, expected) = (results(machine), Expected::of(name, level()));
    assert_eq!(results["extra_data"]["finished"], true, "{name}: {results:#}");
    assert_eq!(results["extra_data"]["level"], level(), "{name}: {}", said(&ran));
    let (tests, steps) = (results["tests"].as_array().expect("tests"), expected.steps());
    assert_eq!(tests.len(), steps.len(), "{name}");
    tests.iter().zip(&steps).for_each(|(test, step)| agrees(test, step, name));
    match name {
        "reference" => assert_eq!(expected.result(), "full-marks"),
        "wrong" => assert!(results.to_string().contains("but never called `listen`"), "{results:#}"),
        "broken" => assert!(results.to_string().contains("nothing_of_the_kind"), "{results:#}"),
        "empty" => assert!(results.to_string().contains("is empty"), "{results:#}"),
        _ => assert_eq!(expected.total(), 0.0, "{results:#}"),
    }
}

fn killed_it_tells_what_it_knew(machine: &Machine) {
    submit(machine, handed_in("reference").path());
    let killed = kill_when("/autograder/run_autograder", RESULTS, "\"status\": \"passed\"");
    let ran = machine.run("/autograder", &HOME, &killed.each_ref().map(String::as_str));
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert!(said(&ran).contains("the grader ended with status 137"), "{}", said(&ran));
    let results = results(machine);
    assert_eq!(results["extra_data"]["finished"], false);
    assert!(
        results["output"].as_str().is_some_and(|text| text.starts_with("the grader did not finish")),
        "{results:#}"
    );
    let tests = results["tests"].as_array().expect("tests");
    let scores: f64 = tests.iter().filter_map(|test| test["score"].as_f64()).sum();
    assert!(scores > 0.0 && scores < 95.0, "{scores}");
}

fn without_a_grader_there_are_results(machine: &Machine) {
    fs::remove_file(machine.path("/autograder/source/grader")).expect("it is there");
    submit(machine, handed_in("reference").path());
    let ran = machine.run("/autograder", &HOME, &["/autograder/run_autograder"]);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let results = results(machine);
    assert_eq!(results["score"], 0);
    assert!(results["output"].as_str().is_some_and(|text| text.starts_with("the grader did not start")), "{results:#}");
}
