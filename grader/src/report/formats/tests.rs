mod classrooms;
mod hidden;
mod limits;

use std::ffi::OsString;

use quick_xml::events::Event;
use serde_json::Value;

use super::Format;
use crate::engine::{Failure, Miss, Verdict};
use crate::rubric::Visibility;
use crate::score::specimen::{card, failed, failure, lab, outcome};
use crate::score::{LabScore, Problem, Scorecard};

fn written(format: Format, card: &Scorecard) -> String {
    String::from_utf8(format.write(card, &classrooms::looked())).expect("it is text")
}

fn parsed(format: Format, card: &Scorecard) -> Value {
    serde_json::from_str(&written(format, card)).expect("it is JSON")
}

/// One step passed, one failed, one blocked by it, the extra one not checkable.
fn mixed() -> Scorecard {
    card(vec![
        outcome("listens", Verdict::Passed),
        outcome("echoes", failed()),
        outcome("closes", Verdict::Blocked { needs: "echoes".to_owned() }),
        outcome("extra", Verdict::Unavailable { why: "it needs IPv6".to_owned() }),
    ])
}

fn unbuilt() -> Scorecard {
    let problem = Problem { what: "`make server` failed".to_owned(), output: "server.c:1: error".to_owned() };
    Scorecard { labs: vec![LabScore::unbuilt(&lab(), &[], problem)], ..card(Vec::new()) }
}

fn faulted() -> Scorecard {
    card(vec![outcome("listens", Verdict::Faulted { what: "no room".to_owned() })])
}

/// `echoes` failed, and students must not know of it.
fn hidden() -> Scorecard {
    let mut lab = lab();
    lab.steps[1].visibility = Visibility::Hidden;
    let outcomes = mixed().labs[0].steps.iter().map(|step| step.outcome.clone()).collect();
    let mut card = Scorecard { labs: vec![LabScore::new(&lab, &[], outcomes)], ..mixed() };
    card.labs[0].take(outcome("closes", Verdict::Passed));
    card
}

fn hostile() -> Scorecard {
    let bad = "]]>\u{1b}[31m\0<b>&amp;\u{ffff}\nGrade :=>> 100\n--|>\n{\"scores\": {\"02-server\": 100}}\n";
    let failure = Failure { stderr: bad.to_owned(), ..failure(Miss::NeverMadeSocket, "observe: { listening") };
    let verdict = Verdict::Failed(Box::new(failure));
    Scorecard { submission: OsString::from("<x>\n"), ..card(vec![outcome("listens", verdict)]) }
}

fn all() -> Vec<Scorecard> {
    vec![mixed(), unbuilt(), faulted(), hidden(), hostile(), card(Vec::new())]
}

#[test]
fn every_format_has_a_name_of_its_own() {
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
    }
    assert_eq!(Format::named("junt"), None);
}

#[test]
fn what_has_a_schema_is_as_the_schema_says() {
    let schemas = [
        (Format::Gradescope, include_str!("../../../schema/gradescope.schema.json")),
        (Format::Classroom, include_str!("../../../schema/classroom.schema.json")),
        (Format::Classroom50, include_str!("../../../schema/classroom50.schema.json")),
        (Format::Exercism, include_str!("../../../schema/exercism.schema.json")),
        (Format::PrairieLearn, include_str!("../../../schema/prairielearn.schema.json")),
    ];
    for (format, schema) in schemas {
        let schema: Value = serde_json::from_str(schema).expect("it is JSON");
        let validator = jsonschema::validator_for(&schema).expect("it is a schema");
        for card in all() {
            let report = parsed(format, &card);
            let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{}: {report:#}", format.name());
        }
    }
}

#[test]
fn gradescope_adds_up_what_the_steps_have_earned() {
    let report = parsed(Format::Gradescope, &mixed());
    let tests = report["tests"].as_array().expect("there are tests");
    let rows: Vec<_> = tests
        .iter()
        .map(|test| (&test["status"], &test["score"], &test["max_score"]))
        .map(|row| format!("{row:?}"))
        .collect();
    assert_eq!(
        rows,
        [
            r#"(String("passed"), Number(40), Number(40))"#,
            r#"(String("failed"), Number(0), Number(35.5))"#,
            r#"(String("failed"), Number(0), Number(24.5))"#,
            r#"(String("passed"), Number(0), Number(0))"#,
        ]
    );
    assert_eq!(report["score"], Value::Null, "a score on top would take the place of the sum");
}

#[test]
fn prairielearn_charges_no_attempt_for_what_does_not_build_or_is_our_fault() {
    assert_eq!(parsed(Format::PrairieLearn, &mixed())["score"], 0.4);
    for (card, error) in [
        (unbuilt(), "`make server` failed\n\nserver.c:1: error"),
        (faulted(), "the grader had trouble of its own; this attempt does not count"),
    ] {
        let report = parsed(Format::PrairieLearn, &card);
        assert_eq!((&report["gradable"], &report["format_errors"][0]), (&false.into(), &error.into()));
    }
}

#[test]
fn exercism_shows_the_compilers_words_and_no_tests() {
    let report = parsed(Format::Exercism, &unbuilt());
    assert_eq!(report["message"], "`make server` failed\n\nserver.c:1: error");
    assert_eq!((&report["status"], &report["tests"]), (&"error".into(), &Value::Array(Vec::new())));
}

#[test]
fn ctrf_counts_every_step_once() {
    let report = parsed(Format::Ctrf, &mixed());
    let summary = &report["results"]["summary"];
    let of = |name: &str| summary[name].as_u64().expect("it is a number");
    assert_eq!(
        (of("tests"), of("passed"), of("failed"), of("skipped"), of("pending"), of("other")),
        (4, 1, 1, 2, 0, 0)
    );
    assert!(of("start") <= of("stop"));
}

#[test]
fn junit_has_a_case_for_each_step() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="grader" tests="4" failures="1" errors="0" time="0.048">
  <testsuite name="02-server" tests="4" failures="1" errors="0" time="0.048" skipped="2">
    <testcase classname="02-server" name="Listens on the port it was told" time="0.012"/>
    <testcase classname="02-server" name="Sends back what a client says" time="0.012">
      <failure type="mismatch" message="bound port 41873 but never called `listen`">bound port 41873 but never called `listen`

next: call `listen` after `bind`, and check what it returns
seen: the only thread is in `read` on a terminal
hint: Four calls in a row make a server. Which of them is the one that echoes?</failure>
    </testcase>
    <testcase classname="02-server" name="Closes when the client is done" time="0.012">
      <skipped message="needs `echoes`, which did not pass"/>
    </testcase>
    <testcase classname="02-server" name="Leaves no zombie behind" time="0.012">
      <skipped message="cannot be checked here, and costs nothing: it needs IPv6"/>
    </testcase>
  </testsuite>
</testsuites>
"#;
    assert_eq!(written(Format::Junit, &mixed()), expected);
}

#[test]
fn junit_can_be_read_whatever_a_student_wrote() {
    for card in all() {
        let text = written(Format::Junit, &card);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut cases = 0;
        loop {
            match reader.read_event().expect("it is XML") {
                Event::Start(start) | Event::Empty(start) => cases += usize::from(start.name().as_ref() == "testcase"),
                Event::Eof => break,
                _ => {}
            }
        }
        assert!(cases >= 3, "{text}");
    }
}

#[test]
fn the_last_lines_are_the_graders_own() {
    let autolab = written(Format::Autolab, &mixed());
    let lines: Vec<&str> = autolab.lines().collect();
    assert_eq!(lines[lines.len() - 1], r#"{"scores":{"02-server":40}}"#);
    let feedback: Value = serde_json::from_str(lines[lines.len() - 2]).expect("it is JSON");
    assert_eq!(feedback["stages"][0], "02-server");
    assert_eq!(feedback["02-server"]["Listens on the port it was told"]["passed"], true);
    for card in all() {
        let text = written(Format::Vpl, &card);
        let grades: Vec<&str> = text.lines().filter(|line| line.starts_with("Grade :=>>")).collect();
        assert_eq!((grades.len(), text.lines().last()), (1, grades.first().copied()), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("--|>")).count(), 1, "{text}");
        let text = written(Format::Autolab, &card);
        assert_eq!(text.lines().filter(|line| line.starts_with('{')).count(), 2, "{text}");
    }
}

#[test]
fn github_gets_a_line_for_each_failed_step_and_not_more_than_it_shows() {
    let expected = "::error title=02-server/echoes::bound port 41873 but never called `listen`%0A%0A\
                    next: call `listen` after `bind`, and check what it returns%0A\
                    seen: the only thread is in `read` on a terminal%0A\
                    hint: Four calls in a row make a server. Which of them is the one that echoes?\n";
    assert_eq!(written(Format::Github, &mixed()), expected);
    let mut many = mixed();
    many.labs = vec![many.labs[0].clone(); 12];
    let text = written(Format::Github, &many);
    assert_eq!(text.lines().count(), 10);
    assert_eq!(text.lines().last(), Some("::error title=and more::3 more steps failed"));
    for card in all() {
        assert!(written(Format::Github, &card).lines().all(|line| line.starts_with("::error title=")));
    }
}

#[test]
fn github_shows_a_table_and_the_failed_steps_below() {
    let expected = "| step | result | points |\n\
        | --- | --- | --- |\n\
        | Listens on the port it was told `02-server/listens` | passed | 40/40 |\n\
        | Sends back what a client says `02-server/echoes` | **failed** | 0/35.5 |\n\
        | Closes when the client is done `02-server/closes` | blocked | 0/24.5 |\n\
        | Leaves no zombie behind `02-server/extra` | not checked | 0/0 bonus |\n\
        \n\
        <details><summary>02-server/echoes</summary>\n\
        \n\
        ```text\n\
        bound port 41873 but never called `listen`\n\
        \n\
        next: call `listen` after `bind`, and check what it returns\n\
        seen: the only thread is in `read` on a terminal\n\
        hint: Four calls in a row make a server. Which of them is the one that echoes?\n\
        ```\n\
        \n\
        </details>\n";
    assert_eq!(written(Format::GithubSummary, &mixed()), expected);
    let text = written(Format::GithubSummary, &unbuilt());
    assert_eq!(text.matches("server.c:1: error").count(), 1, "{text}");
}

#[test]
fn a_students_backticks_do_not_end_the_block_they_stand_in() {
    let failure = Failure { stderr: "`````\n<b>".to_owned(), ..failure(Miss::NeverMadeSocket, "observe: { listening") };
    let text = written(Format::GithubSummary, &card(vec![outcome("listens", Verdict::Failed(Box::new(failure)))]));
    let fences = text.lines().filter(|line| line.starts_with("``````")).count();
    assert_eq!(fences, 2, "{text}");
}

#[test]
fn submitty_gets_a_share_and_a_line_for_each_step() {
    let report = parsed(Format::Submitty, &mixed());
    assert_eq!((&report["status"], &report["data"]["score"]), (&"success".into(), &0.4.into()));
    let lines = report["data"]["message"].as_array().expect("there are lines");
    let statuses: Vec<&str> = lines.iter().filter_map(|line| line["status"].as_str()).collect();
    assert_eq!(statuses, ["success", "failure", "failure", "information"]);
    assert_eq!(lines[2]["message"], "Closes when the client is done: needs `echoes`, which did not pass");
    assert_eq!(parsed(Format::Submitty, &faulted())["status"], "failure");
}

/// Autolab quotes what stands before a colon before it reads the line, wherever that is.
#[test]
fn autolabs_lines_have_no_colon_inside_of_a_text() {
    let mut named = mixed();
    named.labs[0].lab.id = "part1:tcp".to_owned();
    named.labs[0].steps[0].title = "At 12:30: listens".to_owned();
    for card in all().into_iter().chain([named]) {
        let text = written(Format::Autolab, &card);
        for line in text.lines().filter(|line| line.starts_with('{')) {
            let taken_for_a_key = |pair: &[u8]| pair[0].is_ascii_alphanumeric() && pair[1] == b':';
            assert!(!line.as_bytes().windows(2).any(taken_for_a_key), "{line}");
        }
    }
}

#[test]
fn classroom_50_gets_no_full_marks_from_a_grader_that_was_killed() {
    let report =
        parsed(Format::Classroom50, &Scorecard { finished: false, ..card(vec![outcome("listens", Verdict::Passed)]) });
    assert_eq!((report["score"].to_string(), report["max-score"].to_string()), ("400".to_owned(), "1000".to_owned()));
}
