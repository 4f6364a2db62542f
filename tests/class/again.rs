//! What is graded when a class is graded once more.

use std::fs;

use super::support::{Class, stderr, stdout};

fn summary(class: &Class, args: &[&str]) -> String {
    let run = class.class(args).code(0);
    stdout(&run).lines().next().expect("there is a first line").to_owned()
}

#[test]
fn only_what_has_changed_is_graded_again() {
    let class = Class::mixed();
    assert_eq!(summary(&class, &["--seed", "7"]), "8 submissions: 8 graded, 0 unchanged");
    assert_eq!(summary(&class, &[]), "8 submissions: 0 graded, 8 unchanged");
    class.copy("bo", "right/c-server");
    class.copy("new", "right/c-server");
    assert_eq!(summary(&class, &[]), "9 submissions: 2 graded, 7 unchanged");
    assert!(class.result("grades.csv").contains("\nbo,bo,,bo,graded,100,100,100\n"));
    // What a file is called or packed in is not what is in it.
    fs::rename(class.submissions().join("ed"), class.submissions().join("edgar")).expect("it is renamed");
    assert_eq!(summary(&class, &[]), "9 submissions: 1 graded, 8 unchanged");
    assert_eq!(summary(&class, &["--seed", "8"]), "9 submissions: 9 graded, 0 unchanged");
    assert_eq!(summary(&class, &["--again"]), "9 submissions: 9 graded, 0 unchanged");
}

#[test]
fn another_rubric_is_another_grade() {
    let class = Class::mixed();
    let labs = tempfile::TempDir::new().expect("a folder");
    let rubric = labs.path().join("tiny/rubric.yaml");
    fs::create_dir(labs.path().join("tiny")).expect("a folder");
    let text = fs::read_to_string(conformance::top().join("tests/labs/tiny/rubric.yaml")).expect("it is there");
    let grade = |text: &str| {
        fs::write(&rubric, text).expect("it is written");
        let mut grader = conformance::grader();
        grader.arg("class").arg(class.submissions()).arg("--out").arg(class.results()).arg("--labs").arg(labs.path());
        let run = grader.assert().code(0);
        stdout(&run).lines().next().expect("there is a first line").to_owned()
    };
    assert_eq!(grade(&text), "8 submissions: 8 graded, 0 unchanged");
    assert_eq!(grade(&text), "8 submissions: 0 graded, 8 unchanged");
    assert_eq!(
        grade(&text.replace("points: 20", "points: 30").replacen("points: 40", "points: 30", 1)),
        "8 submissions: 8 graded, 0 unchanged"
    );
}

#[test]
fn submissions_and_steps_can_be_asked_for() {
    let class = Class::mixed();
    assert_eq!(summary(&class, &["--only", "anna", "--only", "b*"]), "8 submissions: 2 graded, 0 unchanged");
    let states = class.result("grades.csv");
    assert!(states.contains("anna,anna,,anna,graded,100,") && states.contains("cy,cy,,cy,not-graded-yet,0,"));
    assert_eq!(summary(&class, &[]), "8 submissions: 6 graded, 2 unchanged");
    // Those without a program have lost points too.
    assert_eq!(summary(&class, &["--failed"]), "8 submissions: 5 graded, 3 unchanged");
    assert_eq!(summary(&class, &["--faulted"]), "8 submissions: 0 graded, 8 unchanged");
    assert_eq!(summary(&class, &["--only", "cy", "--steps", "echoes"]), "8 submissions: 1 graded, 7 unchanged");
    let before = class.gradebook();
    // Two have no program that could be played.
    assert_eq!(summary(&class, &["--steps", "tiny/announces"]), "8 submissions: 6 graded, 2 unchanged");
    assert_eq!(class.gradebook(), before);
}

#[test]
fn a_name_that_nobody_has_is_shown_with_the_one_that_was_meant() {
    let class = Class::mixed();
    let run = class.class(&["--only", "ana"]).code(2);
    assert_eq!(stderr(&run), "error: no submission is called `ana`\nhint: did you mean `anna`?\n");
    let run = class.class(&["--steps", "echos"]).code(2);
    assert_eq!(stderr(&run).lines().last(), Some("hint: did you mean `echoes`?"));
}

#[test]
fn a_record_that_was_damaged_is_made_anew() {
    let class = Class::mixed();
    class.class(&[]).code(0);
    let before = class.gradebook();
    for (name, text) in [("anna", ""), ("bo", "{"), ("cy", "{\"schema\":\"grader/record/v0\"}")] {
        let record = class.results().join("submissions").join(name).join("record.json");
        fs::write(record, text).expect("it is written");
    }
    assert_eq!(summary(&class, &[]), "8 submissions: 3 graded, 5 unchanged");
    assert_eq!(class.gradebook(), before);
}
