//! Whole submissions in several languages: right ones lose nothing, wrong ones fail for the reason they say themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use conformance::{Report, folders, grade, levels, top};

#[test]
fn right_programs_in_any_language_lose_nothing_at_any_level() {
    for submission in folders(&top().join("tests/submissions/right")) {
        for level in levels() {
            let report = grade(&submission, &["--level", level]);
            assert_eq!(report.lost(), 0, "{} at {level}: {:#}", submission.display(), report.0);
            let missed = [report.with("failed"), report.with("blocked")].concat();
            assert_eq!(missed, Vec::<&str>::new(), "{} at {level}: extra credit", submission.display());
        }
    }
}

#[test]
fn wrong_programs_fail_their_steps_for_the_right_cause_and_no_others() {
    let mut wrong = Vec::new();
    for submission in folders(&top().join("tests/submissions/wrong")) {
        let report = grade(&submission, &["--require-level", "cell"]);
        let difference = compare(&causes(&submission), &report);
        wrong.extend(difference.into_iter().map(|line| format!("{}: {line}", submission.display())));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// From `STEP: sentence` lines, `#` standing for any number, `…` for any rest. Where a step has several, each is a right
/// one.
fn causes(submission: &Path) -> BTreeMap<String, Vec<String>> {
    let file = submission.join("CAUSE");
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut causes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (step, sentence) = line.split_once(": ").unwrap_or_else(|| panic!("{}: {line}", file.display()));
        causes.entry(step.to_owned()).or_default().push(sentence.to_owned());
    }
    assert!(!causes.is_empty(), "{} names no step", file.display());
    causes
}

/// Word for word; up to `…` where the rest is random bytes.
fn is_said(cause: &str, sentence: &str) -> bool {
    cause.strip_suffix('…').map_or(cause == sentence, |beginning| sentence.starts_with(beginning))
}

fn compare(causes: &BTreeMap<String, Vec<String>>, report: &Report) -> Vec<String> {
    let numbers = regex::Regex::new("[0-9]+").expect("it compiles");
    let mut wrong = Vec::new();
    for step in report.steps() {
        let sentence = numbers.replace_all(step.failure("sentence"), "#");
        match (causes.get(step.id()), step.verdict()) {
            (Some(causes), "failed") if causes.iter().any(|cause| is_said(cause, &sentence)) => {}
            (None, "passed" | "blocked") => {}
            // Another program of it that a step plays with.
            (None, "unavailable") if step.why().starts_with("the submission has no ") => {}
            (Some(causes), verdict) => {
                wrong.push(format!("{} {verdict} ({sentence}) instead of {causes:?}", step.id()));
            }
            (None, verdict) => wrong.push(format!("{} {verdict}: {sentence}", step.id())),
        }
    }
    let unknown = causes.keys().filter(|id| report.steps().iter().all(|step| step.id() != id.as_str()));
    wrong.extend(unknown.map(|id| format!("there is no step {id}")));
    wrong
}
