//! What reads our reports, and the reports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use conformance::{consumers, grader, top};
use serde_json::Value;
use tempfile::TempDir;

/// What a reader's script ends with when it refuses a report; anything else is a mistake in the script.
const REFUSED: i32 = 10;

/// Formats with a schema in JSON.
pub const SCHEMAS: [(&str, &str); 6] = [
    ("classroom", "classroom"),
    ("classroom50", "classroom50"),
    ("exercism", "exercism"),
    ("gradescope", "gradescope"),
    ("json", "report-v1"),
    ("prairielearn", "prairielearn"),
];

/// Whether they are installed; says so where they are not.
pub fn installed(consumer: &str) -> bool {
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
pub fn reports() -> PathBuf {
    static GRADED: Once = Once::new();
    // Nobody drops what all tests share: it lies where the next run replaces it.
    let folder = consumers().join("reports");
    GRADED.call_once(|| {
        fs::create_dir_all(&folder).expect("a folder");
        graded(&top().join("tests/submissions/wrong/server-never-listens"), &folder);
    });
    folder
}

/// All reports of a submission, into a folder.
pub fn graded(submission: &Path, folder: &Path) {
    let mut grade = grader();
    grade.args(["grade", "--lab", "02-server"]).arg(submission);
    for name in SCHEMAS.map(|(format, _)| format).into_iter().chain(["junit", "ctrf"]) {
        grade.arg(format!("--format={name}={}", folder.join(name).display()));
    }
    let runner = ["CLASSROOM", "ASSIGNMENT", "OWNER", "COMMIT_URL", "RELEASE_URL"].map(|name| (name, "a"));
    grade.envs(runner).env("SUBMISSION_TAG", "submit/a").env_remove("ASSIGNMENT_TYPE").assert().code(1);
}

/// How many steps have each verdict, as our own report says.
pub fn counts(verdicts: &[&str]) -> usize {
    let report: Value = serde_json::from_slice(&fs::read(reports().join("json")).expect("it is there")).expect("JSON");
    let steps = report["labs"][0]["steps"].as_array().expect("a lab has steps");
    steps.iter().filter(|step| step["verdict"].as_str().is_some_and(|verdict| verdicts.contains(&verdict))).count()
}

/// A copy of a report with one thing changed, which has to be there.
pub fn damaged(format: &str, from: &str, to: &str) -> (TempDir, PathBuf) {
    let text = fs::read_to_string(reports().join(format)).expect("it is there");
    assert!(text.contains(from), "`{from}` is not in {text}");
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join(format);
    fs::write(&file, text.replacen(from, to, 1)).expect("it is written");
    (folder, file)
}

pub fn python(script: &str, args: &[&Path]) -> Output {
    let mut python = Command::new(consumers().join("python/bin/python"));
    python.arg(top().join("tests/consumers").join(script)).args(args).output().expect("it runs")
}

pub fn junit(report: &Path) -> Output {
    python("junit.py", &[&top().join("grader/schema/junit.xsd"), report])
}

pub fn json_schema(name: &str, report: &Path) -> Output {
    python("json_schema.py", &[&top().join(format!("grader/schema/{name}.schema.json")), report])
}

pub fn ctrf(report: &Path) -> Output {
    let own = consumers().join("python/bin/node");
    let mut node = Command::new(if own.exists() { own.as_path() } else { Path::new("node") });
    node.arg(top().join("tests/consumers/ctrf.mjs")).arg(consumers().join("node")).arg(report);
    node.output().expect("it runs")
}

/// What it printed, of a report that it takes.
#[track_caller]
pub fn taken(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_default()
}

#[track_caller]
pub fn refused(output: &Output, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(REFUSED), "{said}");
    assert!(said.contains(why), "{said}");
}
