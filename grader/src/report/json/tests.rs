//! Whatever the scorecard, the file is as its schema says.

use serde_json::Value;

use super::json;
use crate::engine::{Captured, Difference, Ended, Miss, Verdict};
use crate::report::look::{Look, look};
use crate::score::specimen::{card, failure, lab, outcome, trace};
use crate::score::{LabScore, Problem, Scorecard};

fn file(card: &Scorecard) -> Value {
    let look = Look { colour: true, program: "grader".to_owned(), ..look() };
    serde_json::from_slice(&json(card, &look)).expect("it is JSON")
}

/// The file, after its schema had nothing against it.
fn valid(card: &Scorecard) -> Value {
    let file = file(card);
    let mistakes = mistakes(&file);
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{file:#}");
    file
}

fn mistakes(file: &Value) -> Vec<String> {
    let schema = include_str!("../../../schema/report-v1.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    validator.iter_errors(file).map(|error| error.to_string()).collect()
}

fn failed(miss: Miss) -> Verdict {
    let mut failure = failure(miss, "client: { expect");
    failure.stderr = "\u{1b}[31mred\0".to_owned();
    Verdict::Failed(Box::new(failure))
}

fn mixed() -> Scorecard {
    let difference = Difference {
        offset: 4,
        start: 0,
        expected: b"hello\n".to_vec(),
        got: b"hell\xff\0".to_vec(),
        expected_total: 6,
        got_total: 6,
    };
    let wrong = Miss::WrongBytes { who: "stdout".to_owned(), difference };
    let mut card = card(vec![
        outcome("listens", failed(wrong)),
        outcome("echoes", Verdict::Blocked { needs: "listens".to_owned() }),
        outcome("closes", Verdict::Unavailable { why: "no cell".to_owned() }),
        outcome("extra", Verdict::Faulted { what: "no memory".to_owned() }),
    ]);
    let entries = [("client", crate::engine::Direction::ToStudent, "\"hello\\n\""); 200];
    card.labs[0].steps[0].outcome.trace = trace(&entries);
    card
}

#[test]
fn every_verdict_is_as_the_schema_says() {
    let file = valid(&mixed());
    let steps = &file["labs"][0]["steps"];
    let verdicts: Vec<&str> = (0..4).filter_map(|step| steps[step]["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["failed", "blocked", "unavailable", "faulted"]);
    assert_eq!(steps[0]["failure"]["miss"], "wrong-bytes");
    assert_eq!(steps[0]["failure"]["difference"]["got_hex"], "68656c6cff00");
    assert_eq!(steps[0]["failure"]["expected_by"]["line"], 12);
    assert_eq!(steps[0]["failure"]["stderr"], "\u{fffd}[31mred\u{fffd}");
    assert_eq!(steps[0]["failure"]["again"], "grader grade 'my answer' --step 02-server/listens");
    assert_eq!((&file["result"], &file["seed"]), (&"faulted".into(), &815.into()));
}

#[test]
fn a_capture_is_named_with_what_is_missing_in_it() {
    let mut card = mixed();
    card.labs[0].steps[0].outcome.captured = Some(Captured { frames: 7, missing: 2, drawn: true });
    let look = Look { captures: Some("captures".to_owned()), ..look() };
    let file: Value = serde_json::from_slice(&json(&card, &look)).expect("it is JSON");
    assert_eq!(mistakes(&file), Vec::<String>::new());
    let expected = serde_json::json!({
        "file": "captures/02-server.listens.pcapng", "frames": 7, "missing": 2, "drawn": true,
    });
    assert_eq!(file["labs"][0]["steps"][0]["capture"], expected);
    assert!(file["labs"][0]["steps"][1]["capture"].is_null());
    // Where there is no place for any, there is none.
    assert!(valid(&card)["labs"][0]["steps"][0]["capture"].is_null());
}

#[test]
fn points_are_numbers_without_rounding_errors() {
    let passed = ["listens", "echoes", "closes", "extra"].map(|step| outcome(step, Verdict::Passed));
    let file = valid(&card(passed.into()));
    assert_eq!(file["points"]["earned"].to_string(), "100");
    assert_eq!(file["labs"][0]["steps"][1]["earned"].to_string(), "35.5");
    assert_eq!(file["points"]["bonus_earned"].to_string(), "10");
    assert_eq!(file["result"], "full-marks");
}

#[test]
fn a_long_exchange_keeps_its_numbers_around_the_gap() {
    let file = valid(&mixed());
    let trace = file["labs"][0]["steps"][0]["trace"].as_array().expect("it is a list");
    let numbers: Vec<u64> = trace.iter().filter_map(|entry| entry["number"].as_u64()).collect();
    assert_eq!((numbers.len(), numbers[19], numbers[20], numbers[99]), (100, 20, 121, 200));
}

#[test]
fn a_deadline_has_its_seconds() {
    let mut failure = failure(Miss::StillRunning, "expect_close");
    failure.ended = Ended::Deadline(std::time::Duration::from_millis(500));
    let file = valid(&card(vec![outcome("closes", Verdict::Failed(Box::new(failure)))]));
    assert_eq!(file["labs"][0]["steps"][2]["failure"]["waited"]["seconds"].to_string(), "0.5");
}

#[test]
fn a_result_that_was_cut_short_is_valid_and_blames_nobody() {
    let unfinished = Scorecard { finished: false, ..card(Vec::new()) };
    let file = valid(&unfinished);
    assert_eq!((&file["finished"], &file["points"]["earned"]), (&false.into(), &0.into()));
    assert_eq!((&file["points"]["lost"], &file["result"]), (&0.into(), &"faulted".into()));
    assert_eq!(file["labs"][0]["steps"][0]["why"], "the grader did not finish");
}

#[test]
fn a_program_that_does_not_build_is_valid_too() {
    let problem = Problem { what: "`make` failed".to_owned(), output: "\u{1b}[31merror\n".repeat(1000) };
    let card = Scorecard { labs: vec![LabScore::unbuilt(&lab(), &[], problem)], ..card(Vec::new()) };
    let file = valid(&card);
    assert_eq!((&file["points"]["lost"], &file["result"]), (&100.into(), &"nothing-graded".into()));
    let output = file["labs"][0]["problem"]["output"].as_str().expect("it is text");
    assert!(output.len() < 3000 && output.contains("left out") && !output.contains('\u{1b}'));
}

#[test]
fn the_schema_lets_nothing_else_in() {
    let mut file = valid(&mixed());
    file["labs"][0]["steps"][0]["surprise"] = 1.into();
    assert!(!mistakes(&file).is_empty());
    let mut file = valid(&mixed());
    file["labs"][0]["steps"][1]["failure"] = file["labs"][0]["steps"][0]["failure"].clone();
    assert!(!mistakes(&file).is_empty());
}

/// In the text of the function that names them: there is no list of them.
#[test]
fn the_schema_has_every_name_of_a_miss_and_no_other() {
    let quoted = |text: &'static str| text.split('"').skip(1).step_by(2);
    let mut names: Vec<&str> = quoted(include_str!("../../engine/miss_name.rs")).collect();
    let schema = include_str!("../../../schema/report-v1.schema.json");
    let (_, list) = schema.split_once("Which stage of the socket's life").expect("it describes the miss");
    let (_, list) = list.split_once("\"enum\": [").expect("it lists them");
    let (list, _) = list.split_once(']').expect("the list ends");
    let mut listed: Vec<&str> = quoted(list).collect();
    names.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, names);
}
