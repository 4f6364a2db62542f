//! The complete programs have full marks, at every level.

use std::path::Path;

use conformance::{grade, grader, levels, top};
use serde_json::Value;

#[test]
fn every_platform_gets_its_report_of_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["gradescope", "junit", "ctrf", "exercism", "prairielearn", "classroom", "json"];
    let formats = names.map(|name| format!("{name}={}", folder.path().join(name).display())).join(",");
    let mut grade = grader();
    grade.args(["grade", "reference", "--step", "02-server/listens", "--format", &formats, "--format", "vpl"]);
    grade.assert().success().stdout("<|--\n- Listens on the port it was told (passed)\n--|>\nGrade :=>> 10\n");
    for name in names {
        let report = std::fs::read_to_string(folder.path().join(name)).expect("it is there");
        assert!(report.contains("02-server") && report.contains("Listens on the port"), "{name}: {report}");
    }
}

#[test]
fn the_reference_has_full_marks_and_all_extra_credit() {
    let report = grade(&top().join("reference"), &["--require-level", "cell"]);
    assert_eq!(report.with("passed").len(), report.steps().len(), "{:#}", report.0);
    let points = &report.0["points"];
    assert_eq!((&points["earned"], &points["worth"]), (&600.into(), &600.into()));
    assert_eq!((&points["bonus_earned"], &points["bonus_worth"]), (&46.into(), &46.into()));
}

#[test]
fn without_namespaces_it_loses_nothing_and_what_cannot_be_checked_is_named() {
    let report = grade(&top().join("reference"), &["--level", levels()[1]]);
    assert_eq!(report.lost(), 0, "{:#}", report.0);
    let unavailable = report.with("unavailable");
    assert_eq!(report.with("passed").len() + unavailable.len(), report.steps().len(), "{:#}", report.0);
    let own_names = ["resolve", "connect-unreachable", "get-by-name", "next-address", "logs", "names"];
    // Labs 02 and 04 both have a step of the name `short-writes`.
    let own_buffers =
        ["send-slow-peer", "short-writes", "thread-slow-reader", "short-writes", "whole-lines", "slow-client"];
    assert!(unavailable.iter().all(|id| own_names.contains(id) || own_buffers.contains(id)), "{unavailable:?}");
    assert_eq!(unavailable.len(), own_names.len() + own_buffers.len());
    let points = &report.0["points"];
    let (earned, debt) = (points["earned"].as_u64(), points["unavailable"].as_u64());
    assert_eq!(earned.zip(debt).map(|(earned, debt)| earned + debt), Some(600));
}

#[test]
fn the_same_seed_plays_the_same_bytes() {
    let heard = |seed: &str| {
        let args = ["--step", "02-server/exact-bytes", "--seed", seed, "--require-level", "cell", "--verbose"];
        let report = grade(&top().join("reference"), &args);
        assert_eq!(report.0["seed"].as_u64(), seed.parse().ok());
        let trace = report.steps()[0].trace().to_vec();
        trace.iter().map(|entry| entry["text"].clone()).filter(|text| !mentions_a_chosen_port(text)).collect::<Vec<_>>()
    };
    assert_eq!(heard("7"), heard("7"));
    assert_ne!(heard("7"), heard("8"));
}

/// Clients' ports are the kernel's choice.
fn mentions_a_chosen_port(text: &Value) -> bool {
    text.as_str().is_some_and(|text| text.contains("connects to"))
}

#[test]
fn every_report_is_as_the_published_schema_says() {
    let schema = std::fs::read_to_string(top().join("grader/schema/report-v1.schema.json")).expect("there is a schema");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let submissions = ["reference", "starter", "tests/submissions/wrong/client-strlen"];
    for (submission, level) in submissions.into_iter().flat_map(|name| levels().map(|level| (name, level))) {
        let report = grade(&top().join(Path::new(submission)), &["--level", level]);
        let mistakes: Vec<String> = validator.iter_errors(&report.0).map(|error| error.to_string()).collect();
        assert_eq!(mistakes, Vec::<String>::new(), "{submission} at {level}");
    }
}
