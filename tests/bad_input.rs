//! What is not as it should be gets one clear line, exit status 2, and a valid report.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use conformance::{grader, top};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use serde_json::Value;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("a folder");
        fs::write(&file, text).expect("it is written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("its mode is set");
    }
    folder
}

/// Standard error, after exit status 2 and nothing on standard output.
#[track_caller]
fn mistake(args: &[&OsStr]) -> String {
    let output = grader().args(args).assert().code(2).stdout(is_empty()).get_output().clone();
    String::from_utf8(output.stderr).expect("it is text")
}

fn grade(path: &Path) -> String {
    mistake(&["grade".as_ref(), path.as_ref(), "--color".as_ref(), "never".as_ref()])
}

#[test]
fn a_program_of_the_wrong_name_is_named() {
    let submission = folder(&[("servr", "#!/bin/sh\n")]);
    let expected = "error: the submission has no program `client`, `server`, `concurrent`, `httpd`, `chat` or `proxy`\n\
                    hint: a lab's program has a fixed name; there is `servr`\n";
    assert_eq!(grade(submission.path()), expected);
}

#[test]
fn a_format_that_does_not_exist_is_shown_with_the_one_that_was_meant() {
    let format =
        |formats: &str| mistake(&["grade".as_ref(), "reference".as_ref(), "--format".as_ref(), formats.as_ref()]);
    assert_eq!(format("junt=report.xml"), "error: no format is called `junt`\nhint: did you mean `junit`?\n");
    let expected = "error: only one report can go to stdout\n\
                    hint: give all but one of them a file: `--format junit=report.xml`\n";
    assert_eq!(format("junit,vpl"), expected);
    let expected = "error: cannot write `/proc/report.xml`: no such file or directory\n\
                    hint: give `--format` a file that can be written\n";
    assert_eq!(format("junit=/proc/report.xml"), expected);
}

#[test]
fn a_folder_that_is_empty_or_not_there_is_named() {
    let submission = folder(&[]);
    let shown = submission.path().display();
    let expected = format!(
        "error: the submission `{shown}` is empty\n\
         hint: `cargo lab new DIR` writes the starter into a new folder\n"
    );
    assert_eq!(grade(submission.path()), expected);
    let expected = "error: there is no submission `/no/such/folder`\nhint: give the folder or the archive that holds the submission\n";
    assert_eq!(grade(Path::new("/no/such/folder")), expected);
}

#[test]
fn a_submission_that_does_not_build_keeps_the_compilers_words() {
    let submission = folder(&[
        ("Makefile", "server: server.c\n\t$(CC) -o $@ server.c\n"),
        ("server.c", "int main(void) { return nothing; }\n"),
    ]);
    let json = submission.path().join("result.json");
    let mut grade = grader();
    grade.args(["grade", "--lab", "02-server", "--color", "never", "--json"]).arg(&json).arg(submission.path());
    grade
        .assert()
        .code(2)
        .stdout(contains("`make server` failed").and(contains("server.c:1:")).and(contains("nothing")));
    let report: Value = serde_json::from_slice(&fs::read(json).expect("there is a report")).expect("it is JSON");
    assert_eq!(report["result"], "nothing-graded");
    assert_eq!(report["points"]["lost"], 100);
    assert!(report["labs"][0]["problem"]["output"].as_str().is_some_and(|words| words.contains("server.c:1:")));
}

#[test]
fn a_compiler_that_never_stops_talking_is_cut_short() {
    let submission = folder(&[("Makefile", "server:\n\t@seq 1000000 >&2; false\n")]);
    let mut grade = grader();
    let output =
        grade.args(["grade", "--lab", "02-server"]).arg(submission.path()).assert().code(2).get_output().clone();
    assert!(output.stdout.len() < 20_000, "{} bytes", output.stdout.len());
}

#[test]
fn a_name_that_is_not_utf_8_is_shown_escaped() {
    let parent = folder(&[]);
    let odd = parent.path().join(OsStr::from_bytes(b"ann\xff\x1b[31m"));
    fs::create_dir(&odd).expect("a folder");
    let said = grade(&odd);
    assert!(said.is_ascii() && !said.contains('\x1b'), "{said:?}");
}

#[test]
fn output_that_is_not_utf_8_is_shown_escaped() {
    let server = "#!/bin/sh\nprintf '\\377\\033[31mred\\n' >&2\nexit 1\n";
    let submission = folder(&[("server", server)]);
    let mut grade = grader();
    grade.args(["grade", "--lab", "02-server", "--color", "never"]).arg(submission.path());
    let output = grade.assert().code(1).get_output().clone();
    let text = String::from_utf8(output.stdout).expect("the report is text");
    assert!(text.contains("red") && !text.contains('\x1b'), "{text:?}");
}

fn lab(rubric: &str) -> TempDir {
    folder(&[("labs/01-door/rubric.yaml", rubric)])
}

const RUBRIC: &str = r#"title: The door
program: server
start: ["{port}"]
steps:
  - id: echoes
    title: Says what it is told
    points: 100
    actors: { client: client }
    exchange:
      - client: { connect: student }
      - client: { send: { file: fixtures/page.html } }
    hint: Who speaks first?
    why: Nobody knows.
"#;

#[test]
fn a_missing_fixture_is_shown_under_its_line() {
    let lab = lab(RUBRIC);
    let labs = lab.path().join("labs");
    let reference = top().join("reference");
    let said = mistake(&["grade".as_ref(), reference.as_ref(), "--labs".as_ref(), labs.as_ref()]);
    assert!(said.contains("rubric.yaml:11:") && said.contains("`fixtures/page.html`"), "{said}");
    assert!(said.contains("^"), "{said}");
}

#[test]
fn a_step_that_does_not_exist_gets_a_suggestion() {
    let reference = top().join("reference");
    let said = mistake(&["grade".as_ref(), reference.as_ref(), "--step".as_ref(), "02-server/ecoes".as_ref()]);
    let expected = "error: `02-server` has no step `ecoes`\nhint: did you mean `echoes`?\n";
    assert_eq!(said, expected);
}

#[test]
fn a_report_that_cannot_be_written_is_noticed_before_anything_is_played() {
    let reference = top().join("reference");
    let said = mistake(&["grade".as_ref(), reference.as_ref(), "--json".as_ref(), "/proc/result.json".as_ref()]);
    assert!(said.starts_with("error: cannot write `/proc/result.json`: "), "{said}");
}

/// As a package for two labs has it.
#[test]
fn a_program_that_is_missing_costs_its_own_lab_and_no_other_that_was_asked_for() {
    let server = top().join("tests/submissions/right/script-server");
    let mut both = grader();
    both.arg("grade").arg(server).args(["--lab", "01-client", "--lab", "02-server", "--json", "-"]);
    let output = both.output().expect("it runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let earned = |lab: usize| report["labs"][lab]["points"]["earned"].as_u64();
    assert_eq!((earned(0), earned(1)), (Some(0), Some(100)), "{report:#}");
    assert!(report["labs"][0].to_string().contains("the submission has no program `client`"), "{report:#}");
}
