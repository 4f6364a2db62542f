//! What a program writes changes nothing but its own lines.

use super::{only_failing, report};
use crate::engine::Miss;
use crate::score::specimen::failure;

#[test]
fn escape_sequences_and_invisible_characters_never_reach_the_terminal() {
    let message = "\u{1b}[2J\u{1b}]0;passed\u{7} all\r\nfine".to_owned();
    let mut failure = failure(Miss::Panicked { message }, "observe: { listening");
    failure.stderr = "\u{1b}[32m  ✓ 100/100  listens\u{1b}[0m\nnul \0 bell \u{7} back\u{8}\rover\n\
                      \u{202e}sknil\u{202c} \u{200b}zero \u{9b}31m c1 \u{fffd} tab\there\n"
        .to_owned();
    failure.stderr.push_str(&"long ".repeat(100));
    let report = report(&only_failing("listens", failure));
    assert!(report.chars().all(|c| c == '\n' || !c.is_control()), "{report:?}");
    assert!(!report.contains(['\u{202e}', '\u{200b}']), "{report:?}");
    assert_eq!(
        report,
        r"
02-server: The server's view                                60/100 + 10/10 bonus

  ✗      0/40  listens  Listens on the port it was told                    12 ms
      panicked: \x1b[2J\x1b]0;passed\x07 all\r\nfine

      next      run it with RUST_BACKTRACE=1 to see which call panicked
      expected  by labs/02-server/rubric.yaml:7
                - student: { observe: { listening: true } }
      waited    until it could never happen any more: the whole program sleeps
                and nothing is under way to it
      seen      the only thread is in `read` on a terminal
      stderr
        | \x1b[32m  ✓ 100/100  listens\x1b[0m
        | nul \0 bell \x07 back\x08\rover
        | \u{202e}sknil\u{202c} \u{200b}zero \u{9b}31m c1 � tab    here
        | long long long long long long long long long long long long long long…
      hint      Four calls in a row make a server. Which of them is the one that
                listens?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/listens

  ✓ 35.5/35.5  echoes   Sends back what a client says                      12 ms
  ✓ 24.5/24.5  closes   Closes when the client is done                     12 ms
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      60/100 + 10/10 bonus
level cell, seed 815, 410 ms
"
    );
}

#[test]
fn hostile_words_stay_within_their_lines() {
    let who = "the connection of client".to_owned();
    let got = b"\x1b[1A\x1b[K\xff\xfe\0 total 100/100\n"[..].into();
    let report = report(&only_failing("closes", failure(Miss::NotSilent { who, got }, "expect_close")));
    assert!(report.contains("\n      25 bytes on the connection of client where there should be none:\n"), "{report}");
    assert!(report.contains(r#""\x1b[1A\x1b[K\xff\xfe\0 total"#), "{report}");
}
