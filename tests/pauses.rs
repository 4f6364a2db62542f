//! Pauses that a busy machine may make too long for a program that counts the seconds itself.

use conformance::Report;

use super::one_step::play;

/// Hangs up on who says nothing for half a second.
const SERVER: &str = r#"#!/usr/bin/python3
import socket, sys

server = socket.create_server(("", int(sys.argv[1])))
while True:
    client, _ = server.accept()
    client.settimeout(0.5)
    try:
        while said := client.recv(65536):
            client.sendall(said)
    except TimeoutError:
        pass
    client.close()
"#;

/// The line after the pause takes `more`, which is what a machine does that has no time for it.
fn paused(pause: &str, more: &str) -> Report {
    let words = format!(
        r#"
actors: {{ client: client }}
exchange:
  - client: {{ connect: student }}
  - client: {{ send: "one\n" }}
  - client: {{ expect: "one\n" }}
  - client: {{ {pause} }}
  - student: {{ wait: {more} }}
  - client: {{ send: "two\n" }}
  - client: {{ expect: "two\n" }}
"#
    );
    play(&words, SERVER, "cell")
}

fn verdict(report: &Report) -> String {
    report.steps()[0].verdict().to_owned()
}

#[test]
fn who_hangs_up_after_a_pause_that_became_too_long_is_not_failed_for_it() {
    let report = paused("wait: 1ms, at_most: 200ms", "700ms");
    assert_eq!(verdict(&report), "faulted");
    assert_eq!(
        report.steps()[0].why(),
        "this machine is too busy: in 10 tries, a pause of the exchange became too long"
    );
}

#[test]
fn who_hangs_up_in_a_pause_that_was_kept_is_failed() {
    let report = paused("wait: 1ms, at_most: 100s", "700ms");
    assert_eq!(verdict(&report), "failed");
    assert_eq!(report.steps()[0].failure("sentence"), "closed the connection of `client` too early, after 4 bytes");
}

#[test]
fn who_waits_long_enough_passes_even_after_a_pause_that_became_too_long() {
    let report = paused("wait: 1ms, at_most: 10ms", "100ms");
    assert_eq!(verdict(&report), "passed");
}
