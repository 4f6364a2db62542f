//! The command line from outside: exit statuses, mistakes, and readers who leave.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn grader_in(folder: &Path, args: &[&str]) -> Output {
    command(args).current_dir(folder).output().expect("the grader runs")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
    command.args(args).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Exit status 2, nothing on stdout, one error and a hint on stderr.
#[track_caller]
fn mistake(output: &Output) -> String {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(output.stdout.is_empty(), "{:?}", output.stdout);
    assert_eq!(text.matches("error: ").count(), 1, "{text}");
    assert!(text.contains("\nhint: "), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A lab of one step in a folder of labs, and an empty submission.
fn course() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let lab = folder.path().join("labs/01-door");
    fs::create_dir_all(&lab).expect("a folder");
    fs::write(lab.join("rubric.yaml"), RUBRIC).expect("it is written");
    fs::create_dir(folder.path().join("answer")).expect("a folder");
    folder
}

const RUBRIC: &str = r#"title: The door
program: server
start: ["{port}"]
steps:
  - id: listens
    title: Listens on the port it was told
    points: 100
    exchange:
      - student: { observe: { listening: true } }
    hint: Which call opens the door?
    why: A port is open from listen on.
"#;

#[test]
fn a_folder_that_is_not_there_is_a_mistake() {
    let folder = course();
    let output = grader_in(folder.path(), &["grade", "nowhere", "--labs", "labs"]);
    assert!(mistake(&output).contains("nowhere"));
}

#[test]
fn an_empty_submission_is_a_mistake_and_the_result_says_so() {
    let folder = course();
    let output = grader_in(folder.path(), &["grade", "answer", "--labs", "labs", "--json", "result.json"]);
    mistake(&output);
    let json = fs::read(folder.path().join("result.json")).expect("there is a result");
    let json: Value = serde_json::from_slice(&json).expect("it is JSON");
    assert_eq!((&json["points"]["lost"], &json["finished"]), (&100.into(), &true.into()));
    assert!(json["labs"][0]["problem"]["what"].as_str().is_some_and(|what| what.contains("answer")), "{json:#}");
}

#[test]
fn a_result_that_cannot_be_written_is_noticed_before_anything_is_graded() {
    let folder = course();
    for file in ["no/such/folder/result.json", "labs"] {
        let output = grader_in(folder.path(), &["grade", "answer", "--labs", "labs", "--json", file]);
        assert!(mistake(&output).contains(&format!("cannot write `{file}`")), "{}", stderr(&output));
    }
}

#[test]
fn a_step_that_does_not_exist_gets_a_suggestion() {
    let folder = course();
    let known =
        [("listen", "listens"), ("01-door/listen", "listens"), ("01-dor/listens", "01-door"), ("01-door", "show")];
    for (step, suggested) in known {
        let output = grader_in(folder.path(), &["grade", "answer", "--labs", "labs", "--step", step]);
        let text = mistake(&output);
        assert!(text.split_once("hint: ").is_some_and(|(_, hint)| hint.contains(suggested)), "{text}");
    }
}

#[test]
fn a_folder_without_labs_is_a_mistake() {
    let folder = course();
    for labs in ["answer", "nowhere"] {
        let output = grader_in(folder.path(), &["labs", "--labs", labs]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains(labs), "{}", stderr(&output));
    }
}

#[test]
fn a_rubric_with_a_mistake_is_shown_under_its_line() {
    let folder = course();
    let rubric = folder.path().join("labs/01-door/rubric.yaml");
    fs::write(rubric, RUBRIC.replace("observe", "obsevre")).expect("it is written");
    for args in [["lint", "labs/01-door"].as_slice(), &["grade", "answer", "--labs", "labs"]] {
        let output = grader_in(folder.path(), args);
        assert!(mistake(&output).contains("labs/01-door/rubric.yaml:9:"), "{}", stderr(&output));
    }
}

#[test]
fn a_rubric_without_mistakes_passes_lint() {
    let folder = course();
    let output = grader_in(folder.path(), &["lint", "labs/01-door"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "labs/01-door/rubric.yaml: 1 step, 0 mutants, no mistakes\n");
}

#[test]
fn labs_steps_and_hints_are_shown() {
    let folder = course();
    let shown = |args: &[&str]| {
        let output = grader_in(folder.path(), &[args, &["--labs", "labs"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8(output.stdout).expect("it is text")
    };
    assert!(shown(&["labs"]).contains("  100  listens  Listens on the port it was told\n"));
    assert!(shown(&["show", "01-door"]).contains("listens"));
    let step = shown(&["show", "01-door/listens"]);
    assert!(step.contains("    - student: { observe: { listening: true } }\n"), "{step}");
    assert!(!step.contains("Which call"), "{step}");
    assert!(shown(&["hint", "listens"]).contains("\nWhich call opens the door?\n"));
}

#[test]
fn a_new_starter_never_overwrites_anything() {
    let folder = course();
    let output = grader_in(folder.path(), &["new", "mine"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(folder.path().join("mine/Cargo.toml").is_file() && folder.path().join("mine/src/lib.rs").is_file());
    assert!(!folder.path().join("mine/target").exists());
    let again = grader_in(folder.path(), &["new", "mine"]);
    assert!(mistake(&again).contains("`mine` is not empty"));
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_mistake() {
    let folder = course();
    for args in [["grade"].as_slice(), &["play"], &["grade", "x", "--level", "best"], &["grade", "x", "--jobs", "0"]] {
        let output = grader_in(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
    }
    assert_eq!(grader_in(folder.path(), &["--help"]).status.code(), Some(0));
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let folder = course();
    for args in [["labs", "--labs", "labs"].as_slice(), &["doctor"], &["--help"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let child = command(args).current_dir(folder.path()).stdout(writer).stderr(Stdio::piped()).spawn();
        let output = child.and_then(|child| child.wait_with_output()).expect("the grader runs");
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let folder = course();
    let coloured = |args: &[&str], no_color: bool| {
        let mut command = command(&[args, &["labs", "--labs", "labs"]].concat());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        let output = command.current_dir(folder.path()).output().expect("the grader runs");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], false));
    assert!(!coloured(&["--color", "auto"], true));
    assert!(coloured(&["--color", "always"], false));
    assert!(!coloured(&["--color", "never"], false));
}

#[test]
fn invalid_utf_8_in_the_arguments_is_survived() {
    let folder = course();
    let bad = OsStr::from_bytes(b"ans\xffwer");
    for name in ["grade", "lint", "show"] {
        let output = command(&[name, "--labs", "labs"]).arg(bad).current_dir(folder.path()).output();
        let output = output.expect("the grader runs");
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
}
