//! Which captures there are after a run, and where.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::{grader, levels, top};
use predicates::prelude::*;
use tempfile::TempDir;

use super::read::Capture;

pub fn submission(name: &str) -> PathBuf {
    top().join("tests/submissions").join(name)
}

/// The files in a folder, with a `/` behind folders; nothing for one that is not there.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| {
            let name = entry.file_name().into_string().expect("it is text");
            if entry.path().is_dir() { format!("{name}/") } else { name }
        })
        .collect();
    names.sort();
    names
}

fn grade(submission: &Path, args: &[&str]) -> assert_cmd::assert::Assert {
    let mut grader = grader();
    grader.arg("grade").arg(submission).arg("--labs").arg(top().join("tests/labs")).args(args);
    grader.assert()
}

#[test]
fn a_failed_step_leaves_one_and_a_passed_one_none() {
    for level in levels() {
        let folder = TempDir::new().expect("a folder");
        let captures = folder.path().join("captures");
        let place = captures.to_str().expect("it is text");
        grade(&submission("wrong/server-closes-early"), &["--level", level, "--captures", place]).code(1);
        assert_eq!(names(&captures), ["tiny.echoes.pcapng"], "{level}");
        let capture = Capture::read(&captures.join("tiny.echoes.pcapng"));
        assert!(
            capture.comment.starts_with("lab tiny, step echoes: failed\nclosed the connection"),
            "{}",
            capture.comment
        );

        // The same place, and now it is right: what was wrong is gone.
        grade(&submission("right/c-server"), &["--level", level, "--captures", place]).code(0);
        assert_eq!(names(&captures), [""; 0], "{level}");
        assert_eq!(names(folder.path()), ["captures/"], "{level}");
    }
}

#[test]
fn all_are_kept_or_none_when_that_is_asked_for() {
    let folder = TempDir::new().expect("a folder");
    let captures = folder.path().join("captures");
    let place = captures.to_str().expect("it is text");
    grade(&submission("right/c-server"), &["--captures", place, "--capture", "always"]).code(0);
    assert_eq!(names(&captures), ["tiny.announces.pcapng", "tiny.echoes.pcapng", "tiny.listens.pcapng"]);
    let echoes = Capture::read(&captures.join("tiny.echoes.pcapng"));
    assert!(echoes.comment.starts_with("lab tiny, step echoes: passed\nseed "), "{}", echoes.comment);
    assert_eq!(echoes.flags().split(' ').take(4).collect::<Vec<_>>(), ["S", "SA", "A", "AP"]);

    grade(&submission("wrong/server-closes-early"), &["--captures", place, "--capture", "never"]).code(1);
    assert_eq!(names(&captures), [""; 0]);
}

#[test]
fn without_a_place_there_are_none_and_who_wants_some_is_asked_for_one() {
    let copy = TempDir::new().expect("a folder");
    grade(&submission("wrong/server-closes-early"), &[]).code(1).stdout(predicate::str::contains(".pcapng").not());
    let expected = "error: there is no place for captures\nhint: say where they are to be kept: `--captures DIR`\n";
    grade(copy.path(), &["--capture", "failed"]).code(2).stderr(expected);
    let file = copy.path().join("file");
    fs::write(&file, "").expect("it is written");
    let run = grade(copy.path(), &["--captures", file.to_str().expect("it is text")]).code(2);
    run.stderr(predicate::str::contains("hint: give `--captures` a folder of its own\n"));
}

#[test]
fn a_step_without_a_packet_leaves_an_empty_one() {
    let folder = TempDir::new().expect("a folder");
    let place = folder.path().to_str().expect("it is text");
    grade(&submission("wrong/server-never-listens"), &["--captures", place]).code(1);
    let capture = Capture::read(&folder.path().join("tiny.listens.pcapng"));
    assert!(capture.frames.is_empty(), "{}", capture.flags());
    assert!(capture.comment.contains("never called `listen`"), "{}", capture.comment);
}
