//! What platforms need beside a file: the exit status they take, and where a submission comes from.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use conformance::grader;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use serde_json::Value;
use tempfile::TempDir;

const RUNNER: [(&str, &str); 6] = [
    ("CLASSROOM", "net"),
    ("ASSIGNMENT", "lab1"),
    ("OWNER", "alice"),
    ("SUBMISSION_TAG", "submit/2026-09-01T10-00-00Z-a1b2c3d"),
    ("COMMIT_URL", "https://host/c"),
    ("RELEASE_URL", "https://host/r"),
];

/// A folder with one program, which is no server.
fn submission(program: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join(program);
    fs::write(&file, "#!/bin/sh\nexit 1\n").expect("it is written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("its mode is set");
    folder
}

fn grade(submission: &Path, args: &[&str]) -> assert_cmd::Command {
    let mut command = grader();
    command.args(["grade", "--color", "never", "--step", "02-server/listens"]).arg(submission).args(args);
    command
}

fn report(file: &Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("it is there")).expect("it is JSON")
}

#[test]
fn lost_points_end_with_0_where_that_is_asked_for() {
    let submission = submission("server");
    let file = submission.path().join("results.json");
    let format = format!("prairielearn={}", file.display());
    grade(submission.path(), &["--format", &format]).assert().code(1);
    fs::remove_file(&file).expect("it was written");
    grade(submission.path(), &["--format", &format, "--exit-zero"]).assert().code(0).stdout(contains("listens"));
    assert_eq!(report(&file)["score"], 0.0);
}

#[test]
fn a_submission_without_a_program_that_builds_ends_with_0_and_says_why() {
    let none = submission("servr");
    grade(none.path(), &["--format", "prairielearn"]).assert().code(2);
    let said = contains("error: the submission has no program `server`\nhint: ");
    let written = contains("\"gradable\": false").and(contains("has no program `server`"));
    grade(none.path(), &["--format", "prairielearn", "--exit-zero"]).assert().code(0).stderr(said).stdout(written);

    let broken = submission("notes");
    fs::write(broken.path().join("Makefile"), "server:\n\tfalse\n").expect("it is written");
    grade(broken.path(), &["--format", "exercism"]).assert().code(2);
    let written = contains("\"status\": \"error\"").and(contains("`make server` failed"));
    grade(broken.path(), &["--format", "exercism", "--exit-zero"]).assert().code(0).stdout(written);
}

#[test]
fn a_mistake_on_the_command_line_is_2_all_the_same() {
    let submission = submission("server");
    for args in [["--format", "junt=x"], ["--format", "junit=/proc/x"], ["--format", "vpl,junit"], ["--seed", "x"]] {
        let mut grade = grade(submission.path(), &args);
        grade.arg("--exit-zero").assert().code(2).stdout(is_empty()).stderr(contains("error"));
    }
    let mut grade = grade(Path::new("/no/such/folder"), &["--lab", "99-none", "--exit-zero"]);
    grade.assert().code(2).stdout(is_empty());
}

#[test]
fn a_report_that_was_not_written_is_never_0() {
    let submission = submission("server");
    grade(submission.path(), &["--json", "/dev/full", "--exit-zero"]).assert().code(70);
}

/// The build cache cannot be opened: nothing of it is the student's.
#[test]
fn a_fault_of_our_own_ends_with_0_only_where_the_report_tells_of_it() {
    let submission = submission("server");
    let faulted = |format: &str, args: &[&str]| {
        let mut grade = grade(submission.path(), &["--format", format]);
        grade.args(args).envs(RUNNER).env("GRADER_CACHE", "/proc/none").assert().stderr(contains("the build cache"))
    };
    for (format, told) in [
        ("json", "\"result\": \"faulted\""),
        ("prairielearn", "\"gradable\": false"),
        ("exercism", "\"status\": \"error\""),
        ("junit", "errors=\"1\""),
    ] {
        faulted(format, &[]).code(70).stdout(contains(told));
        faulted(format, &["--exit-zero"]).code(0).stdout(contains(told));
    }
    for format in ["classroom50", "vpl", "autolab"] {
        faulted(format, &["--exit-zero"]).code(70);
    }
    let file = submission.path().join("results.json");
    let beside = format!("prairielearn={}", file.display());
    faulted("classroom50", &["--format", &beside, "--exit-zero"]).code(70);
}

#[test]
fn classroom_50s_header_comes_from_its_runner() {
    let submission = submission("server");
    let mut alone = grade(submission.path(), &["--format", "classroom50", "--exit-zero"]);
    RUNNER.iter().for_each(|(name, _)| {
        alone.env_remove(name);
    });
    let missing = "error: the format `classroom50` needs `CLASSROOM`, `ASSIGNMENT`";
    alone.env_remove("USERNAME").assert().code(2).stdout(is_empty()).stderr(contains(missing).and(contains("hint: ")));

    let mut grade = grade(submission.path(), &["--format", "classroom50"]);
    let output = grade.envs(RUNNER).assert().code(1).get_output().stdout.clone();
    let report: Value = serde_json::from_slice(&output).expect("it is JSON");
    assert_eq!((&report["owner"], &report["review"]), (&"alice".into(), &"https://host/c".into()));
    assert_eq!((&report["score"], &report["max-score"]), (&0.into(), &10.into()));
}

fn git(folder: &Path, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.arg("-C").arg(folder).args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(args);
    git.env("GIT_COMMITTER_DATE", "2026-08-31T12:00:00+02:00");
    let output = git.output().expect("git runs: it is needed to have this repository");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// When it was handed in, as a report says.
fn datetime(submission: &Path) -> String {
    let output = grade(submission, &["--format", "classroom50", "--exit-zero"]).envs(RUNNER).assert().code(0);
    let report: Value = serde_json::from_slice(&output.get_output().stdout).expect("it is JSON");
    report["datetime"].as_str().expect("it is text").to_owned()
}

#[test]
fn a_submission_was_handed_in_when_it_was_committed() {
    let submission = submission("server");
    assert_eq!(datetime(submission.path()), "2026-09-01T10:00:00Z", "the tag's");
    git(submission.path(), &["init", "--quiet"]);
    git(submission.path(), &["add", "."]);
    git(submission.path(), &["commit", "--quiet", "--message", "done"]);
    assert_eq!(datetime(submission.path()), "2026-08-31T10:00:00Z", "the commit's");
}

/// A repository's settings name programs: here one that git starts to fetch an object which is not there.
#[test]
fn a_students_repository_starts_no_program_of_theirs() {
    let (submission, beside) = (submission("server"), submission("upload"));
    let started = beside.path().join("started");
    let program = beside.path().join("upload");
    fs::write(&program, format!("#!/bin/sh\ntouch {}\n", started.display())).expect("it is written");
    let git = |args: &[&str]| git(submission.path(), args);
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "done"]);
    let commit = git(&["rev-parse", "HEAD"]);
    let object = submission.path().join(".git/objects").join(&commit[..2]).join(&commit[2..]);
    fs::remove_file(object).expect("it was there");
    for (name, value) in [
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &beside.path().display().to_string()),
        ("remote.origin.uploadpack", &program.display().to_string()),
    ] {
        git(&["config", name, value]);
    }
    assert_eq!(datetime(submission.path()), "2026-09-01T10:00:00Z", "the tag's");
    assert!(!started.exists(), "the program was started");
    git(&["show", "--no-patch", "HEAD"]);
    assert!(started.exists(), "this test shows nothing: an unguarded git does not start it either");
}
