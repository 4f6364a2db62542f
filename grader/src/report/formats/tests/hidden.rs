//! What students may not see is in no file that they are shown.

use std::time::Duration;

use super::{card, failure, lab, outcome, parsed, written};
use crate::engine::{Failure, Miss, Outcome, Verdict};
use crate::report::formats::Format;
use crate::rubric::Visibility;
use crate::score::{LabScore, Scorecard};

/// Part of the id, the title, the hint, the cause and the output of the hidden step.
const TELLTALE: &str = "telltale";

/// `listens` passed, a hidden step failed after a long time, and one that needs it is blocked.
fn telling(visibility: Visibility) -> Scorecard {
    let mut lab = lab();
    let step = &mut lab.steps[1];
    step.id = format!("{TELLTALE}-id");
    step.title = format!("{TELLTALE} title");
    step.hint = format!("{TELLTALE} hint");
    step.visibility = visibility;
    let failure = Failure {
        observed: vec![format!("{TELLTALE} seen")],
        stderr: format!("{TELLTALE} stderr\n"),
        ..failure(Miss::NeverMadeSocket, "observe: { listening")
    };
    let failed = Outcome {
        took: Duration::from_millis(54_321),
        ..outcome(&format!("{TELLTALE}-id"), Verdict::Failed(Box::new(failure)))
    };
    let blocked = Verdict::Blocked { needs: format!("{TELLTALE}-id") };
    let outcomes = vec![
        outcome("listens", Verdict::Passed),
        failed,
        outcome("closes", blocked),
        outcome("extra", Verdict::Passed),
    ];
    let took = Duration::from_millis(54_333);
    Scorecard { took, labs: vec![LabScore::new(&lab, &[], outcomes)], ..card(Vec::new()) }
}

/// Everything that hides nothing itself.
fn shown() -> impl Iterator<Item = Format> {
    Format::ALL.into_iter().filter(|format| !matches!(format, Format::Json | Format::Gradescope | Format::HtmlStaff))
}

#[test]
fn no_word_of_a_hidden_step_is_in_a_file_that_students_see() {
    for visibility in [Visibility::Hidden, Visibility::AfterDueDate] {
        for format in shown() {
            let text = written(format, &telling(visibility));
            for trace in [TELLTALE, "never made", "54.3", "543", "35.5"] {
                assert!(!text.contains(trace), "{} tells of `{trace}`:\n{text}", format.name());
            }
        }
    }
}

#[test]
fn the_same_words_are_there_when_the_step_is_not_hidden() {
    for format in shown() {
        let text = written(format, &telling(Visibility::Visible));
        assert!(text.contains(TELLTALE), "{}:\n{text}", format.name());
    }
}

#[test]
fn the_hidden_steps_points_count_all_the_same() {
    let card = telling(Visibility::Hidden);
    assert!(written(Format::Vpl, &card).ends_with("Grade :=>> 50\n"));
    assert!(written(Format::Autolab, &card).ends_with("{\"scores\":{\"02-server\":50}}\n"));
    assert_eq!(parsed(Format::PrairieLearn, &card)["score"], 0.5);
    assert_eq!(parsed(Format::Submitty, &card)["data"]["score"], 0.5);
    let report = parsed(Format::Classroom50, &card);
    assert_eq!((&report["score"], &report["max-score"]), (&500.into(), &1000.into()));

    let mut earned = card;
    earned.labs[0].take(outcome("telltale-id", Verdict::Passed));
    let report = parsed(Format::Classroom, &earned);
    let tests = report["tests"].as_array().expect("there are tests");
    let sum: f64 = tests.iter().filter_map(|test| test["score"].as_f64()).sum();
    assert_eq!((sum, &report["max_score"]), (85.5, &100.into()));
}

/// Where there are no points, a result that is about hidden steps would tell of them and of nothing else.
#[test]
fn exercism_passes_what_passes_all_that_is_shown() {
    let mut card = telling(Visibility::Hidden);
    assert_eq!(parsed(Format::Exercism, &card)["status"], "fail");
    card.labs[0].take(outcome("closes", Verdict::Passed));
    assert_eq!(parsed(Format::Exercism, &card)["status"], "pass");
    assert_eq!(parsed(Format::Classroom, &card)["status"], "pass");
}

#[test]
fn gradescope_hides_the_step_itself_and_no_other_step_names_it() {
    for (visibility, name) in [(Visibility::Hidden, "hidden"), (Visibility::AfterDueDate, "after_due_date")] {
        let mut report = parsed(Format::Gradescope, &telling(visibility));
        assert_eq!(report["tests"][1]["visibility"], name);
        report["tests"].as_array_mut().expect("there are tests").remove(1);
        assert!(!report.to_string().contains(TELLTALE), "{report:#}");
    }
}

#[test]
fn a_lab_of_which_nothing_is_shown_still_has_a_report() {
    let mut card = telling(Visibility::Hidden);
    card.labs[0].lab.steps.iter_mut().for_each(|step| step.visibility = Visibility::Hidden);
    assert_eq!(parsed(Format::Classroom, &card)["tests"].as_array().map(Vec::len), Some(1));
    assert!(written(Format::Autolab, &card).contains(r#""stages":[]"#));
    assert_eq!(parsed(Format::Classroom50, &card)["tests"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_fault_that_nobody_is_shown_is_not_told_of() {
    let fault = |step: &str| {
        let mut card = telling(Visibility::Hidden);
        card.labs[0].take(outcome(step, Verdict::Faulted { what: "no room".to_owned() }));
        Format::ALL.into_iter().filter(|format| !format.tells_of_a_fault(&card)).map(Format::name).collect::<Vec<_>>()
    };
    assert_eq!(fault("closes"), ["autolab", "classroom50", "github", "github-summary", "vpl"]);
    let hidden = ["autolab", "classroom50", "ctrf", "github", "github-summary", "junit", "vpl"];
    assert_eq!(fault(&format!("{TELLTALE}-id")), hidden);
}
