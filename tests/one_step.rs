//! A lab of one step, played by a script: for tests of the exchange language.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use conformance::{Report, grade};
use regex::Regex;

/// A rubric of one step with these words, `exchange` among them.
pub fn rubric(words: &str) -> String {
    let mut text = String::from("title: One step\nprogram: server\nstart: [\"{port}\"]\nsteps:\n");
    text.push_str("  - id: one\n    title: T\n    points: 100\n    hint: H\n    why: W\n");
    for line in words.trim_matches('\n').lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// What comes of the step when this script is the server.
pub fn play(words: &str, script: &str, level: &str) -> Report {
    play_rubric(&rubric(words), "server", script, level)
}

/// What comes of a whole rubric when this script is its program.
pub fn play_rubric(rubric: &str, program: &str, script: &str, level: &str) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    let lab = folder.path().join("labs/01-one");
    fs::create_dir_all(lab.join("fixtures")).expect("a folder");
    fs::write(lab.join("rubric.yaml"), rubric).expect("it is written");
    fs::write(lab.join("fixtures/cat.bin"), b"\x00meow\xff").expect("it is written");
    let submission = folder.path().join("handed-in");
    fs::create_dir(&submission).expect("a folder");
    executable(&submission.join(program), script);
    let labs = folder.path().join("labs");
    grade(&submission, &["--labs", labs.to_str().expect("a path in UTF-8"), "--level", level])
}

pub fn executable(path: &Path, text: &str) {
    fs::write(path, text).expect("it is written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be executed");
}

/// The first step's verdict, or why it failed, with how the wait ended; ports and other long numbers are `#`.
pub fn outcome(report: &Report) -> (String, String) {
    let step = report.steps().into_iter().next().expect("a step");
    if step.verdict() != "failed" {
        return (step.verdict().to_owned(), String::new());
    }
    let numbers = Regex::new("[0-9]{4,}").expect("it compiles");
    (numbers.replace_all(step.failure("sentence"), "#").into_owned(), step.waited_until().to_owned())
}
