//! Reports as those read them who have to: packages from PyPI and npm that platforms, or their users, work with.
//!
//! `tests/consumers/install` installs them, and `.ci/run` calls it. Where they are not, these tests say so and pass, unless
//! `CONSUMERS=required` is set: our own checks of the schemas, in the grader's tests, need nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use conformance::{consumers, grader, top};
use serde_json::Value;
use tempfile::TempDir;

/// What a reader's script ends with when it refuses a report; anything else is a mistake in the script.
const REFUSED: i32 = 10;

/// Formats with a schema in JSON.
const SCHEMAS: [(&str, &str); 6] = [
    ("classroom", "classroom"),
    ("classroom50", "classroom50"),
    ("exercism", "exercism"),
    ("gradescope", "gradescope"),
    ("json", "report-v1"),
    ("prairielearn", "prairielearn"),
];

/// Whether they are installed; says so where they are not.
fn installed(consumer: &str) -> bool {
    let there = consumers().join("installed").is_file();
    if !there {
        let how = "`tests/consumers/install` was not called, or did not finish";
        assert!(std::env::var_os("CONSUMERS").is_none(), "{consumer} is not installed: {how}");
        // Not through `eprintln!`, which the test harness keeps to itself when a test passes.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            format!("\nNOT TRIED: whether {consumer} reads our reports: {how}\n\n").as_bytes(),
        );
    }
    there
}

/// Reports of one run in which a step passes, one fails, and others wait for it, by the name of the format.
fn reports() -> &'static Path {
    static REPORTS: OnceLock<TempDir> = OnceLock::new();
    let graded = || graded(&top().join("tests/submissions/wrong/server-never-listens"));
    REPORTS.get_or_init(graded).path()
}

fn graded(submission: &Path) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let mut grade = grader();
    grade.args(["grade", "--lab", "02-server"]).arg(submission);
    for name in SCHEMAS.map(|(format, _)| format).into_iter().chain(["junit", "ctrf"]) {
        grade.arg(format!("--format={name}={}", folder.path().join(name).display()));
    }
    let runner = ["CLASSROOM", "ASSIGNMENT", "OWNER", "COMMIT_URL", "RELEASE_URL"].map(|name| (name, "a"));
    grade.envs(runner).env("SUBMISSION_TAG", "submit/a").env_remove("ASSIGNMENT_TYPE").assert().code(1);
    folder
}

/// How many steps have each verdict, as our own report says.
fn counts(verdicts: &[&str]) -> usize {
    let report: Value = serde_json::from_slice(&fs::read(reports().join("json")).expect("it is there")).expect("JSON");
    let steps = report["labs"][0]["steps"].as_array().expect("a lab has steps");
    steps.iter().filter(|step| step["verdict"].as_str().is_some_and(|verdict| verdicts.contains(&verdict))).count()
}

/// A copy of a report with one thing changed, which has to be there.
fn damaged(format: &str, from: &str, to: &str) -> (TempDir, PathBuf) {
    let text = fs::read_to_string(reports().join(format)).expect("it is there");
    assert!(text.contains(from), "`{from}` is not in {text}");
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join(format);
    fs::write(&file, text.replacen(from, to, 1)).expect("it is written");
    (folder, file)
}

fn python(script: &str, args: &[&Path]) -> Output {
    let mut python = Command::new(consumers().join("python/bin/python"));
    python.arg(top().join("tests/consumers").join(script)).args(args).output().expect("it runs")
}

fn junit(report: &Path) -> Output {
    python("junit.py", &[&top().join("grader/schema/junit.xsd"), report])
}

fn json_schema(name: &str, report: &Path) -> Output {
    python("json_schema.py", &[&top().join(format!("grader/schema/{name}.schema.json")), report])
}

fn ctrf(report: &Path) -> Output {
    let own = consumers().join("python/bin/node");
    let mut node = Command::new(if own.exists() { own.as_path() } else { Path::new("node") });
    node.arg(top().join("tests/consumers/ctrf.mjs")).arg(consumers().join("node")).arg(report);
    node.output().expect("it runs")
}

/// What it printed, of a report that it takes.
#[track_caller]
fn taken(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[track_caller]
fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(REFUSED), "{said}");
    assert!(said.contains(why), "{said}");
}

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
    let reports = graded(submission.path());
    let file = |name: &str| reports.path().join(name);
    let said = fs::read_to_string(file("junit")).expect("it is text");
    assert!(said.contains("100000") && said.contains("]]&gt;") && said.contains("[31m"), "{said}");
    taken(&junit(&file("junit")));
    taken(&ctrf(&file("ctrf")));
    SCHEMAS.iter().for_each(|(format, name)| drop(taken(&json_schema(name, &file(format)))));
}
