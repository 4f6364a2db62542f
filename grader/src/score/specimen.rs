//! A small lab and outcomes of its steps, for the tests of scores and reports.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{LabScore, Scorecard};
use crate::cell::Level;
use crate::engine::{Ended, Entry, Failure, Miss, Outcome, Trace, Verdict};
use crate::rubric::{Lab, Place, Points, Source, Start, Step, Visibility};

const TEXT: &str = r#"title: The server's view
program: server
start: ["{port}"]
steps:
  - id: listens
    exchange:
      - student: { observe: { listening: true } }
  - id: echoes
    exchange:
      - client: { connect: student }
      - client: { send: "hello, world\n" }
      - client: { expect: "hello, world\n" }
  - id: closes
    exchange:
      - client: { close: write }
      - client: { expect_close: eof }
  - id: extra
    exchange:
      - student: { observe: { zombies: 0 } }
"#;

/// `listens` 40 points, `echoes` 35.5, `closes` 24.5, `extra` 10 as a bonus.
pub fn lab() -> Lab {
    let extra = Step { bonus: true, try_it: None, ..step("extra", "Leaves no zombie behind", 10_000) };
    Lab {
        interop: Vec::new(),
        id: "02-server".to_owned(),
        title: "The server's view".to_owned(),
        program: "server".to_owned(),
        start: Start::ByHand,
        steps: vec![
            step("listens", "Listens on the port it was told", 40_000),
            Step { needs: vec!["listens".to_owned()], ..step("echoes", "Sends back what a client says", 35_500) },
            Step { needs: vec!["echoes".to_owned()], ..step("closes", "Closes when the client is done", 24_500) },
            extra,
        ],
        source: Arc::new(Source { name: "labs/02-server/rubric.yaml".to_owned(), text: TEXT.to_owned() }),
        handout: String::new(),
    }
}

fn step(id: &str, title: &str, points: u64) -> Step {
    Step {
        id: id.to_owned(),
        title: title.to_owned(),
        points: Points(points),
        bonus: false,
        needs: Vec::new(),
        actors: Vec::new(),
        start: Start::ByHand,
        exchange: Vec::new(),
        hint: format!("Four calls in a row make a server. Which of them is the one that {id}?"),
        why: "A server's port is open from listen on.".to_owned(),
        try_it: Some("./server 8080 & nc 127.0.0.1 8080".to_owned()),
        hosts: BTreeMap::new(),
        files: Vec::new(),
        receive_buffer: None,
        send_buffer: None,
        times: 1,
        visibility: Visibility::Visible,
        limit: Duration::from_secs(30),
        requires: Vec::new(),
        place: place(&format!("- id: {id}")),
    }
}

/// Where a piece of the rubric's text stands.
pub fn place(piece: &str) -> Place {
    let line = TEXT.lines().position(|line| line.contains(piece)).expect("it stands in the text");
    Place { line: line + 1, column: 9, length: 1 }
}

pub fn outcome(step: &str, verdict: Verdict) -> Outcome {
    let took = Duration::from_millis(12);
    Outcome {
        lab: "02-server".to_owned(),
        step: step.to_owned(),
        verdict,
        trace: Trace::default(),
        took,
        replays: None,
        captured: None,
    }
}

/// The simplest failure there is.
pub fn failed() -> Verdict {
    Verdict::Failed(Box::new(failure(Miss::BoundNotListening { port: 41873 }, "observe: { listening")))
}

pub fn failure(miss: Miss, piece: &str) -> Failure {
    let observed = vec!["the only thread is in `read` on a terminal".to_owned()];
    Failure { miss, place: place(piece), ended: Ended::ProvablyStuck, observed, stderr: String::new() }
}

/// Entries one millisecond apart; the last one is the wrong one.
pub fn trace(entries: &[(&str, crate::engine::Direction, &str)]) -> Trace {
    let entry = |(number, (actor, direction, text)): (usize, &(&str, crate::engine::Direction, &str))| Entry {
        at: Duration::from_millis(number as u64),
        actor: (*actor).to_owned(),
        direction: *direction,
        text: (*text).to_owned(),
        place: place("connect: student"),
        wrong: number + 1 == entries.len(),
    };
    Trace(entries.iter().enumerate().map(entry).collect())
}

pub fn card(outcomes: Vec<Outcome>) -> Scorecard {
    Scorecard {
        submission: "my answer".into(),
        level: Level::Cell,
        level_why: None,
        seed: 815,
        took: Duration::from_millis(410),
        finished: true,
        labs: vec![LabScore::new(&lab(), &[], outcomes)],
    }
}
