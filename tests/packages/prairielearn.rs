//! PrairieLearn: `/grade`, root in a container, no network, and results that count only if the status is 0.

use std::fs;

use serde_json::Value;

use super::enter::level;
use super::expected::Expected;
use super::handed_in::{ALL, handed_in, packed};
use super::machine::{Machine, Who};
use super::packaged::{Package, fits, kill_when, said};

const RESULTS: &str = "/grade/results/results.json";

/// What the image's Dockerfile sets.
const ENV: [(&str, &str); 4] = [
    ("HOME", "/root"),
    ("PATH", "/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    ("RUSTUP_HOME", "/usr/local/rustup"),
    ("GRADER_CACHE", "/var/cache/socket-labs"),
];

/// The steps of the Dockerfile that need no network.
fn image(package: &Package) -> Option<Machine> {
    let machine = Machine::new(Who::DockerRoot)?;
    for name in ["grader", "crates.tar.gz"] {
        let copied = fs::copy(package.path.join("question/tests").join(name), machine.path("/root").join(name));
        copied.expect("it is copied");
    }
    fs::copy(package.path.join("install-tools"), machine.path("/root/install-tools")).expect("it is copied");
    let dockerfile = fs::read_to_string(package.path.join("Dockerfile")).expect("there is one");
    for run in dockerfile.lines().filter_map(|line| line.strip_prefix("RUN ")) {
        let ran = machine.run("/", &ENV, &["sh", "-c", run]);
        assert!(ran.status.success(), "{run}: {}", said(&ran));
    }
    Some(machine)
}

/// Starts the entry point that the question names.
fn start(package: &Package) -> String {
    let info = fs::read(package.path.join("question/info.json")).expect("there is one");
    let info: Value = serde_json::from_slice(&info).expect("it is JSON");
    info["externalGradingOptions"]["entrypoint"].as_str().expect("it has one").to_owned()
}

fn submit(machine: &Machine, package: &Package, name: &str) {
    let submission = handed_in(name);
    machine.folder("/grade");
    machine.copy(&package.path.join("question/tests"), "/grade/tests");
    if name == "broken" {
        // As files, for once.
        machine.copy(submission.path(), "/grade/student");
        return;
    }
    machine.folder("/grade/student");
    let archive = packed(submission.path());
    fs::rename(&archive, machine.path("/grade/student/submission.zip")).expect("it is moved");
}

fn results(machine: &Machine) -> Value {
    let results = serde_json::from_str(&machine.read(RESULTS)).expect("it is JSON");
    fits("prairielearn", &results);
    results
}

#[test]
fn prairielearn_gets_true_results_for_every_submission_and_of_a_grader_that_was_killed_or_is_gone() {
    let package = Package::of("prairielearn");
    let Some(machine) = image(&package) else { return };
    let entrypoint = start(&package);
    for name in ALL {
        submit(&machine, &package, name);
        let ran = machine.run("/", &ENV, &[&entrypoint]);
        assert_eq!(ran.status.code(), Some(0), "{name}: {}", said(&ran));
        let (results, expected) = (results(&machine), Expected::of(name, level()));
        let gradable = !matches!(name, "broken" | "empty");
        assert_eq!(results["gradable"], gradable, "{name}: {results:#}");
        let tests = results["tests"].as_array().expect("tests");
        assert_eq!(tests.len(), expected.steps().len(), "{name}");
        for (test, step) in tests.iter().zip(expected.steps()) {
            assert_eq!(test["points"].as_f64(), Some(step.earned), "{name}: {}: {test:#}", step.id);
            assert!(test["name"].as_str().is_some_and(|name| name.ends_with(step.title)), "{name}: {test:#}");
        }
        match name {
            "reference" => assert!(results["score"].as_f64() >= Some(1.0), "{results:#}"),
            "wrong" => {
                assert!(results["score"].as_f64().is_some_and(|score| 0.0 < score && score < 0.04), "{results:#}")
            }
            "hostile" => assert_eq!(results["score"], 0.0, "{results:#}"),
            _ => {}
        }
    }

    submit(&machine, &package, "reference");
    let killed = kill_when(&entrypoint, RESULTS, "\"points\": [1-9]");
    let ran = machine.run("/", &ENV, &killed.each_ref().map(String::as_str));
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let unfinished = results(&machine);
    assert_eq!(unfinished["gradable"], false, "{unfinished:#}");

    submit(&machine, &package, "reference");
    fs::remove_file(machine.path("/grade/tests/grader")).expect("it is there");
    let ran = machine.run("/", &ENV, &[&entrypoint]);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    let none = results(&machine);
    assert_eq!(none["gradable"], false);
    assert!(none.to_string().contains("the grader did not start"), "{none:#}");
}
