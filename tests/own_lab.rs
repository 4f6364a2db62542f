//! A lab that the grader has never heard of, written from `labs/README.md` alone: a mail server, in `tests/own-lab/`.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::{grade, grader, levels, top};
use predicates::str::contains;

fn own(name: &str) -> String {
    top().join("tests/own-lab").join(name).to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn its_complete_program_gets_full_marks_and_its_empty_one_none() {
    for level in levels() {
        let args = ["--labs", &own("labs"), "--level", level];
        let complete = grade(Path::new(&own("complete")), &args);
        assert_eq!(complete.with("passed").len(), complete.steps().len(), "{level}: {:#}", complete.0);
        let empty = grade(Path::new(&own("empty")), &args);
        assert_eq!((empty.earned(), empty.with("passed").len()), (0, 0), "{level}: {:#}", empty.0);
    }
}

#[test]
fn its_rubric_notices_each_of_its_mutants() {
    grader().args(["lint", &own("labs/01-smtp")]).assert().success().stdout(contains("no mistakes"));
    let programs = ["--reference", &own("complete"), "--starter", &own("empty")];
    let mut verify = grader();
    verify.args(["--labs", &own("labs"), "verify", "01-smtp", "--times", "3"]).args(programs);
    verify.assert().success().stdout(contains("01-smtp: all 12 programs as they have to be"));
}

#[test]
fn the_handout_is_shown_as_those_of_other_labs_are() {
    let mut show = grader();
    show.args(["--labs", &own("labs"), "show", "smtp"]).assert().success().stdout(contains("RFC 5321"));
    let mut show = grader();
    show.args(["--labs", &own("labs"), "show", "smtp/dots"]).assert().success().stdout(contains("added dots"));
}

#[test]
fn no_line_of_the_grader_knows_it() {
    let knows = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.to_lowercase().contains("smtpd"));
    let files = files(&top().join("grader/src"));
    assert!(files.len() > 100);
    assert_eq!(files.into_iter().filter(knows).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
