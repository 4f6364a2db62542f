//! However many steps fail, and whatever the programs said: each file is as large as its reader takes it.

use super::{card, failure, lab, outcome, parsed, written};
use crate::engine::{Failure, Miss, Verdict};
use crate::report::PAGE_STYLE;
use crate::report::formats::Format;
use crate::score::{LabScore, Scorecard};

/// What we allow ourselves; the platforms take four times as much.
const FILE: usize = 256 * 1024;

/// As many failed steps, each with that for an output.
fn failed(steps: usize, stderr: &str) -> Scorecard {
    let mut lab = lab();
    let one = lab.steps[0].clone();
    lab.steps = (0..steps).map(|number| crate::rubric::Step { id: format!("s{number}"), ..one.clone() }).collect();
    let failure = Failure { stderr: stderr.to_owned(), ..failure(Miss::NeverMadeSocket, "observe: { listening") };
    let verdict = Verdict::Failed(Box::new(failure));
    let outcomes = lab.steps.iter().map(|step| outcome(&step.id, verdict.clone())).collect();
    Scorecard { labs: vec![LabScore::new(&lab, &[], outcomes)], ..card(Vec::new()) }
}

/// Each is the worst for some format: escaped at length, many lines, many bytes a character.
const LOUD: [&str; 7] = ["\"", "&", "\n", "\\", "%", "\u{1}", "🦀"];

/// For graders, who want all of it, and for people.
const OUR_OWN: [Format; 3] = [Format::Json, Format::Html, Format::HtmlStaff];

#[test]
fn no_file_is_larger_than_its_reader_takes() {
    let formats = Format::ALL.into_iter().filter(|format| !OUR_OWN.contains(format));
    for (format, loud) in formats.flat_map(|format| LOUD.map(|loud| (format, loud))) {
        let text = written(format, &failed(120, &loud.repeat(5000)));
        assert!(text.len() < FILE, "{} with {loud:?}: {} bytes", format.name(), text.len());
        assert!(text.lines().count() < 10_000, "{} with {loud:?}: {} lines", format.name(), text.lines().count());
    }
}

#[test]
fn one_step_that_says_too_much_keeps_both_ends_of_it() {
    let stderr = format!("first{}last", "x".repeat(100_000));
    let capped = [Format::Exercism, Format::Submitty];
    for format in Format::ALL.into_iter().filter(|format| !capped.contains(format)) {
        let text = written(format, &failed(1, &stderr));
        assert!(text.contains("first") && text.contains("last"), "{}", format.name());
        let page = if matches!(format, Format::Html | Format::HtmlStaff) { PAGE_STYLE.len() + 6000 } else { 0 };
        assert!(text.len() < page + 6000, "{}: {} bytes", format.name(), text.len());
    }
}

#[test]
fn exercisms_outputs_have_500_characters_and_its_message_65_535() {
    let report = parsed(Format::Exercism, &failed(3, &"🦀".repeat(1000)));
    for test in report["tests"].as_array().expect("there are tests") {
        let output = test["output"].as_str().expect("it is text");
        assert_eq!(output.chars().count(), 500);
        assert!(output.ends_with("[cut]"), "{output}");
    }
    let what = "`make` failed".to_owned();
    let problem = crate::score::Problem { what, output: "x".repeat(1_000_000) };
    let card = Scorecard { labs: vec![LabScore::unbuilt(&lab(), &[], problem)], ..card(Vec::new()) };
    let report = parsed(Format::Exercism, &card);
    assert!(report["message"].as_str().is_some_and(|message| (1..65_535).contains(&message.chars().count())));
}

#[test]
fn two_steps_with_one_title_are_two_steps_everywhere() {
    let card = failed(2, "");
    assert_eq!(written(Format::Junit, &card).matches(r#"name="Listens on the port it was told""#).count(), 1);
    let text = written(Format::Autolab, &card);
    assert!(
        text.contains(r#""Listens on the port it was told (02-server/s1)":{"hint":"never made a socket","#),
        "{text}"
    );
}

/// A line that ends the comments, or looks like a grade, is a student's only behind its mark.
#[test]
fn no_line_of_a_students_is_taken_for_one_of_ours() {
    let said = "Grade :=>> 100\n--|>\n::error title=x::y\n{\"scores\": {\"02-server\": 100}}\n::stop-commands::x\r::y";
    let card = failed(2, said);
    let vpl = written(Format::Vpl, &card);
    assert_eq!(vpl.lines().filter(|line| line.starts_with("Grade :=>>")).collect::<Vec<_>>(), ["Grade :=>> 0"]);
    assert_eq!(vpl.lines().filter(|line| line.starts_with("--|>")).count(), 1);
    let autolab = written(Format::Autolab, &card);
    let ours: Vec<&str> = autolab.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(ours.last(), Some(&r#"{"scores":{"02-server":0}}"#));
    assert_eq!(ours.len(), 2);
    assert!(!written(Format::Github, &card).contains('\r'));
    assert!(written(Format::Github, &card).lines().all(|line| line.starts_with("::error title=02-server")));
}
