//! Reports as those read them who have to: packages from PyPI and npm that platforms, or their users, work with.
//!
//! `tests/consumers/install` installs them, and `.ci/run` calls it. Where they are not, these tests say so and pass, unless
//! `CONSUMERS=required` is set: our own checks of the schemas, in the grader's tests, need nothing.

mod readers;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use readers::*;
use tempfile::TempDir;

#[test]
fn junitparser_counts_what_we_count() {
    if !installed("junitparser") {
        return;
    }
    let counted = taken(&junit(&reports().join("junit")));
    let all = ["passed", "failed", "blocked", "unavailable", "faulted"];
    let expected = [&all[..], &["failed"], &["faulted"], &["blocked", "unavailable"]].map(counts);
    assert!(expected[0] > 2 && expected[1] > 0 && expected[3] > 0, "{expected:?}");
    assert_eq!(
        ["tests", "failures", "errors", "skipped"].map(|name| counted[name].as_u64()),
        expected.map(|n| Some(n as u64))
    );

    for (from, to, why) in [
        ("<testsuite name=\"02-server\" tests=\"", "<testsuite name=\"02-server\" tests=\"1", "the report says"),
        (" tests=\"", " skipped=\"1\" tests=\"", "skipped"),
        ("<testcase ", "<testcase file=\"a.c\" ", "file"),
        ("<failure ", "<failed ", "mismatched tag"),
        ("never called", "never\u{1b} called", "invalid token"),
    ] {
        let (_folder, file) = damaged("junit", from, to);
        refused(&junit(&file), why);
    }
}

#[test]
fn the_package_of_ctrf_counts_what_we_count() {
    if !installed("ctrf") {
        return;
    }
    let counted = taken(&ctrf(&reports().join("ctrf")));
    let expected = [&["passed"][..], &["failed"], &["blocked", "unavailable"], &["faulted"]].map(counts);
    assert_eq!(
        ["passed", "failed", "skipped", "other"].map(|name| counted[name].as_u64()),
        expected.map(|n| Some(n as u64))
    );

    for (from, to, why) in [
        (": \"failed\"", ": \"lost\"", "allowed values"),
        ("\"duration\": ", "\"lasted\": ", "duration"),
        ("\"pending\": 0", "\"pending\": 1", "the report says"),
    ] {
        let (_folder, file) = damaged("ctrf", from, to);
        refused(&ctrf(&file), why);
    }
}

#[test]
fn jsonschema_of_python_takes_every_report_that_has_a_schema() {
    if !installed("jsonschema") {
        return;
    }
    for (format, name) in SCHEMAS {
        taken(&json_schema(name, &reports().join(format)));
    }
    for (format, name, from, to, why) in [
        ("classroom", "classroom", "\"line_no\": 0,", "", "line_no"),
        ("classroom50", "classroom50", "max-score", "max_score", "max_score"),
        ("classroom50", "classroom50", "Z\"", "+00:00\"", "datetime"),
        ("exercism", "exercism", "\"version\": 3", "\"version\": \"3\"", "version"),
        ("gradescope", "gradescope", "\"passed\"", "\"pass\"", "status"),
        ("json", "report-v1", "\"failed\"", "\"lost\"", "verdict"),
        ("prairielearn", "prairielearn", "\"score\": 0.", "\"score\": 9.", "score"),
    ] {
        let (_folder, file) = damaged(format, from, to);
        refused(&json_schema(name, &file), why);
    }
}

/// Gradescope publishes no reader; it does publish what graders in Python write with. So our schema has to take that.
#[test]
fn our_schema_of_gradescope_takes_what_gradescopes_own_package_writes() {
    if !installed("gradescope-utils") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    for (visibility, good) in [("hidden", true), ("after_due_date", true), ("public", false)] {
        let written = python("gradescope.py", &[Path::new(visibility)]);
        let file = folder.path().join(visibility);
        assert_eq!(taken(&written)["tests"].as_array().map(Vec::len), Some(2));
        fs::write(&file, &written.stdout).expect("it is written");
        let read = json_schema("gradescope", &file);
        if good { drop(taken(&read)) } else { refused(&read, "visibility") }
    }
}

/// What XML has no way to write, what ends a section of it, what is no text at all, and far too much of it.
#[test]
fn whatever_a_program_says_its_report_can_be_read() {
    if !installed("junitparser") {
        return;
    }
    let submission = TempDir::new().expect("a folder");
    let server = submission.path().join("server");
    let last = r"]]>\000\033[31m\377\357\277\277&lt;<b>\r\n%%0A\302\205\355\240\200\n";
    let loud = format!("seq 100000 >&2; printf '{last}' >&2; exit 1");
    fs::write(&server, format!("#!/bin/sh\n{loud}\n")).expect("it is written");
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).expect("its mode is set");
    let reports = TempDir::new().expect("a folder");
    graded(submission.path(), reports.path());
    let file = |name: &str| reports.path().join(name);
    let said = fs::read_to_string(file("junit")).expect("it is text");
    assert!(said.contains("100000") && said.contains("]]&gt;") && said.contains("[31m"), "{said}");
    taken(&junit(&file("junit")));
    taken(&ctrf(&file("ctrf")));
    SCHEMAS.iter().for_each(|(format, name)| drop(taken(&json_schema(name, &file(format)))));
}
