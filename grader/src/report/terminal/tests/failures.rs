//! What is said of a failed step.

use std::time::Duration;

use super::{only_failing, report, report_with};
use crate::engine::Direction::{Act, FromStudent, ToStudent};
use crate::engine::{Difference, Ended, Miss, Verdict};
use crate::report::look::{Detail, Look, look};
use crate::score::Scorecard;
use crate::score::specimen::{card, failure, outcome, trace};

/// A wrong byte in the middle of an answer.
pub fn wrong_bytes() -> Scorecard {
    let difference = Difference {
        offset: 7,
        start: 0,
        expected: b"hello, world\n".to_vec(),
        got: b"hello, \0orld\n".to_vec(),
        expected_total: 13,
        got_total: 13,
    };
    let miss = Miss::WrongBytes { who: "the connection of client".to_owned(), difference };
    let mut failure = failure(miss, "client: { expect: ");
    failure.ended = Ended::Event;
    failure.observed.clear();
    let mut card = only_failing("echoes", failure);
    card.labs[0].steps[1].outcome.trace = trace(&[
        ("student", Act, "starts: server 41873"),
        ("client", Act, "connects from 127.0.0.1:40312"),
        ("client", ToStudent, r#""hello, world\n""#),
        ("client", FromStudent, r#""hello, \0orld\n""#),
    ]);
    card
}

#[test]
fn wrong_bytes_are_shown_with_their_first_difference() {
    assert_eq!(
        report(&wrong_bytes()),
        r#"
02-server: The server's view                              64.5/100 + 10/10 bonus

  ✓     40/40  listens  Listens on the port it was told                    12 ms
  ✗    0/35.5  echoes   Sends back what a client says                      12 ms
      wrong bytes on the connection of client: 0x00 instead of `w` (0x77) at
      offset 7

      next      compare the two windows from the caret on
      expected  by labs/02-server/rubric.yaml:12
                - client: { expect: "hello, world\n" }
      trace
          1     0 ms  student   starts: server 41873
          2     1 ms  client    connects from 127.0.0.1:40312
          3     2 ms  client  → "hello, world\n"
      ✗   4     3 ms  client  ← "hello, \0orld\n"
      differs   at offset 7: 13 bytes expected, 13 bytes read
        expected  68 65 6c 6c 6f 2c 20 77 6f 72 6c 64 0a  hello, world.
        got       68 65 6c 6c 6f 2c 20 00 6f 72 6c 64 0a  hello, .orld.
                                       ^^                        ^
      hint      Four calls in a row make a server. Which of them is the one that
                echoes?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/echoes

  ✓ 24.5/24.5  closes   Closes when the client is done                     12 ms
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      64.5/100 + 10/10 bonus
level cell, seed 815, 410 ms
"#
    );
}

#[test]
fn a_program_that_sleeps_for_good_is_told_where_it_sleeps_and_what_it_wrote() {
    let mut failure = failure(Miss::NotAccepting { waiting: 2 }, "client: { expect: ");
    failure.observed = vec![
        "the only thread is in `read` on the first connection".to_owned(),
        "2 connections wait on port 41873".to_owned(),
    ];
    failure.stderr = (1..=12).map(|number| format!("line {number}\n")).collect();
    assert_eq!(
        report(&only_failing("echoes", failure)),
        r#"
02-server: The server's view                              64.5/100 + 10/10 bonus

  ✓     40/40  listens  Listens on the port it was told                    12 ms
  ✗    0/35.5  echoes   Sends back what a client says                      12 ms
      2 connections wait in its accept queue and it never accepts them

      next      look at where the program is instead of in `accept`
      expected  by labs/02-server/rubric.yaml:12
                - client: { expect: "hello, world\n" }
      waited    until it could never happen any more: the whole program sleeps
                and nothing is under way to it
      seen      the only thread is in `read` on the first connection
                2 connections wait on port 41873
      stderr
        | … 2 more before these
        | line 3
        | line 4
        | line 5
        | line 6
        | line 7
        | line 8
        | line 9
        | line 10
        | line 11
        | line 12
      hint      Four calls in a row make a server. Which of them is the one that
                echoes?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/echoes

  ✓ 24.5/24.5  closes   Closes when the client is done                     12 ms
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      64.5/100 + 10/10 bonus
level cell, seed 815, 410 ms
"#
    );
}

#[test]
fn a_deadline_says_how_long_it_was() {
    let mut failure = failure(Miss::NeverConnected, "observe: { listening");
    failure.ended = Ended::Deadline(Duration::from_secs(5));
    let report = report(&only_failing("listens", failure));
    assert!(report.contains("\n      waited    5 s in which the program could have run\n"), "{report}");
}

/// What a fresh starter looks like: every function is still to be written.
fn starter() -> Scorecard {
    let panics = |step: &str, what: &str, line: u32| {
        let mut failure =
            failure(Miss::Panicked { message: format!("not yet implemented: {what}") }, "observe: { listening");
        failure.ended = Ended::Event;
        failure.observed.clear();
        failure.stderr = format!("thread 'main' panicked at src/server.rs:{line}:5:\nnot yet implemented: {what}\n");
        outcome(step, Verdict::Failed(Box::new(failure)))
    };
    let blocked = outcome("closes", Verdict::Blocked { needs: "echoes".to_owned() });
    card(vec![
        panics("listens", "make a socket", 20),
        panics("echoes", "echo", 31),
        blocked,
        panics("extra", "echo", 31),
    ])
}

#[test]
fn only_the_first_failure_of_a_lab_is_told_at_length() {
    assert_eq!(
        report(&starter()),
        r"
02-server: The server's view                                  0/100 + 0/10 bonus

  ✗   0/40  listens  Listens on the port it was told                       12 ms
      panicked: not yet implemented: make a socket

      next      write the function at src/server.rs:20: it is still a `todo!`
      expected  by labs/02-server/rubric.yaml:7
                - student: { observe: { listening: true } }
      stderr
        | thread 'main' panicked at src/server.rs:20:5:
        | not yet implemented: make a socket
      hint      Four calls in a row make a server. Which of them is the one that
                listens?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/listens

  ✗ 0/35.5  echoes   Sends back what a client says                         12 ms
      panicked: not yet implemented: echo
      next      write the function at src/server.rs:31: it is still a `todo!`
      again     cargo lab grade 'my answer' --step 02-server/echoes
  - 0/24.5  closes   Closes when the client is done                 needs echoes
  ✗  +0/10  extra    Leaves no zombie behind                               12 ms
      the same as `echoes`
      again     cargo lab grade 'my answer' --step 02-server/extra

total      0/100 + 0/10 bonus
level cell, seed 815, 410 ms

begin with  cargo lab grade 'my answer' --step 02-server/listens
"
    );
}

#[test]
fn every_failure_is_told_at_length_when_asked_for() {
    let report = report_with(&starter(), &Look { detail: Detail::Failures, ..look() });
    assert_eq!(report.matches("\n      hint      Four calls").count(), 3, "{report}");
    assert!(!report.contains("the same as"), "{report}");
}

#[test]
fn a_long_exchange_is_shown_from_both_ends() {
    let mut card = wrong_bytes();
    let entries: Vec<String> = (1..=40).map(|number| format!("entry {number}")).collect();
    let entries: Vec<_> = entries.iter().map(|text| ("client", Act, text.as_str())).collect();
    card.labs[0].steps[1].outcome.trace = trace(&entries);
    let short = report(&card);
    assert!(short.contains("entry 4\n") && !short.contains("entry 5\n"), "{short}");
    assert!(short.contains("            … 20 more, which --verbose shows\n"), "{short}");
    assert!(!short.contains("entry 24\n") && short.contains("entry 25\n"), "{short}");
    let long = report_with(&card, &Look { detail: Detail::Everything, ..look() });
    assert!(long.contains("entry 5\n") && !long.contains("--verbose shows"), "{long}");
}

#[test]
fn the_same_mistake_on_another_port_is_told_once() {
    let on = |step: &str, port: u16| {
        let failure = failure(Miss::BoundNotListening { port }, "observe: { listening");
        outcome(step, Verdict::Failed(Box::new(failure)))
    };
    let report = report(&card(vec![on("listens", 40001), on("echoes", 40002)]));
    assert!(report.contains("\n      the same as `listens`\n"), "{report}");
}
