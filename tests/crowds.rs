//! Crowds, and the words of the language that are not in the labs' own rubrics: each passes a right program, and fails a
//! wrong one for its reason.

use conformance::{Report, levels};

use super::one_step::{outcome, play};

/// A server in Python that speaks with all its clients at once, and does something odd to the client that says `client 7`.
const SERVER: &str = r#"#!/usr/bin/python3
import os, select, signal, socket, struct, sys, time

MODE = "@MODE@"
BACKLOG = 3 if MODE == "slow" else 0 if MODE == "never-accepts" else 128
server = socket.create_server(("", int(sys.argv[1])), backlog=BACKLOG)
if MODE == "never-accepts":
    signal.pause()
clients = {}
seventh = None
while True:
    readable, _, _ = select.select([server, *clients], [], [])
    for ready in readable:
        if ready is server:
            if MODE == "slow":
                time.sleep(0.005)
            client, peer = server.accept()
            clients[client] = peer
            continue
        try:
            said = ready.recv(65536)
        except ConnectionError:
            said = b""
        odd = said.startswith(b"client 7\n")
        seventh = ready if odd else seventh
        if not said or odd and MODE == "hangs-up" or odd and MODE == "resets":
            if MODE == "keeps" and ready is seventh:
                del clients[ready]
                continue
            if odd and MODE == "resets":
                ready.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            del clients[ready]
            ready.close()
            continue
        if odd and MODE == "mute":
            continue
        if odd and MODE == "wrong":
            said = b"client 8\n"
        if said == b"who am i?\n":
            said = "{}:{}\n".format(*clients[ready]).encode()
        if said == b"overflows?\n":
            names, counts = [line.split() for line in open("/proc/net/netstat") if line.startswith("TcpExt:")]
            said = (dict(zip(names, counts))["ListenOverflows"] + "\n").encode()
        if said == b"lines\n":
            said = {"one-line": b"b\nb\n", "wrong-line": b"b\nx\n"}.get(MODE, b"b\na\n")
        if said.startswith(b"GET "):
            target = said.split()[1].decode()
            body = b"" if odd else target.encode()
            if target == "/7" and MODE == "wrong":
                body = b"/8"
            said = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: {}\r\n\r\n".format(len(body)).encode() + body
        if MODE == "babbles":
            said += b"!"
        if MODE == "flips" and len(said) > 1000:
            said = said[:999] + bytes([said[999] ^ 1]) + said[1000:]
        ready.sendall(said)
"#;

fn played(words: &str, mode: &str, level: &str) -> Report {
    play(words, &SERVER.replace("@MODE@", mode), level)
}

/// What each of these servers gets for the step, at both levels.
fn expect(words: &str, expected: &[(&str, &str)]) {
    for level in levels() {
        for (mode, sentence) in expected {
            assert_eq!(outcome(&played(words, mode, level)).0, *sentence, "{mode} at {level}");
        }
    }
}

/// The first thing that was seen.
fn seen(report: &Report) -> String {
    let step = &report.0["labs"][0]["steps"][0];
    step["failure"]["observed"][0].as_str().unwrap_or_default().to_owned()
}

const ECHO: &str = r#"
actors: { crowd: { clients: 50 } }
exchange:
  - crowd: { connect: student, from: 127.0.0.9, to: 127.0.0.2 }
  - crowd: { send: "client {i}\n" }
  - crowd: { expect: "client {i}\n" }
  - crowd: { expect_silence: 20ms }
  - crowd: { close: both }
"#;

#[test]
fn a_crowd_acts_as_one_and_a_miss_names_the_client() {
    expect(
        ECHO,
        &[
            ("right", "passed"),
            ("wrong", "wrong bytes on the connection of `crowd 7`: `8` (0x38) instead of `7` (0x37) at offset 7"),
            ("mute", "read 9 of 9 bytes and never answered on the connection of `crowd 7`"),
            ("hangs-up", "closed the connection of `crowd 7` too early, after 0 bytes"),
            ("resets", "reset the connection of `crowd 7` too early, after 0 bytes"),
            ("babbles", "1 byte on the connection of `crowd 0` where there should be none: \"!\""),
        ],
    );
}

#[test]
fn a_miss_says_how_the_others_fared() {
    for mode in ["wrong", "mute", "hangs-up", "resets"] {
        let report = played(ECHO, mode, "cell");
        assert_eq!(seen(&report), "49 of the other 49 clients of `crowd` got what they should", "{mode}");
    }
    let report = played(ECHO, "never-accepts", "cell");
    assert_eq!(outcome(&report).0, "1 connection waits in its accept queue and it never accepts it");
    assert_eq!(seen(&report), "1 of 50 clients of `crowd` were through before it");
}

#[test]
fn of_what_many_did_alike_the_trace_has_the_first_and_the_last() {
    let report = played(ECHO, "mute", "cell");
    let trace = report.steps()[0].trace().iter().map(|entry| entry["actor"].as_str().expect("a name").to_owned());
    let trace: Vec<String> = trace.filter(|actor| actor != "student").collect();
    let crowd = |numbers: [u32; 3]| numbers.map(|number| format!("crowd {number}"));
    let expected = [crowd([0, 1, 49]), crowd([0, 1, 49]), crowd([0, 1, 6])].concat();
    assert_eq!(trace, [expected, vec!["crowd 7".to_owned()]].concat());
}

/// Each connection is made when there is room for it, so that none waits for a SYN to be sent again.
#[test]
fn a_crowd_may_be_larger_than_the_backlog() {
    let words = r#"
requires: [cell]
actors: { crowd: { clients: 60 }, one: client }
exchange:
  - crowd: { connect: student }
  - crowd: { send: "{i}\n" }
  - crowd: { expect: "{i}\n" }
  - one: { connect: student }
  - one: { send: "overflows?\n" }
  - one: { expect: "0\n" }
"#;
    assert_eq!(outcome(&played(words, "slow", "cell")).0, "passed");
    let never = "1 connection waits in its accept queue and it never accepts it";
    assert_eq!(outcome(&played(words, "never-accepts", "cell")), (never.to_owned(), "provably-stuck".to_owned()));
}

#[test]
fn a_crowd_ends_its_connections_and_sees_them_ended() {
    let words = r#"
actors: { crowd: { clients: 9 } }
exchange:
  - crowd: { connect: student }
  - crowd: { send: "client {i}\n" }
  - crowd: { expect: "client {i}\n" }
  - crowd: { close: write }
  - crowd: { expect_close: eof }
"#;
    expect(words, &[("right", "passed"), ("keeps", "never closed the connection of `crowd 7`")]);
}

#[test]
fn a_crowd_reads_when_it_likes() {
    let words = r#"
actors: { crowd: { clients: 4 } }
exchange:
  - crowd: { read: paused }
  - crowd: { connect: student }
  - crowd: { send: { repeat: "{i}", times: 20000 }, every: taken, chunk: 5000 }
  - crowd: { read: resumed }
  - crowd: { expect: { repeat: "{i}", times: 20000 } }
"#;
    let flipped = "wrong bytes on the connection of `crowd 0`: `1` (0x31) instead of `0` (0x30) at offset 999";
    expect(words, &[("right", "passed"), ("flips", flipped)]);
}

#[test]
fn each_client_of_a_crowd_knows_its_own_address() {
    let words = r#"
actors: { crowd: { clients: 5 } }
exchange:
  - crowd: { connect: student }
  - crowd: { send: "who am i?\n" }
  - crowd: { expect: "{crowd.local}\n" }
"#;
    expect(words, &[("right", "passed"), ("babbles", "passed")]);
    let report = played(
        &words.replace("student }", "student, from: 127.0.0.3 }").replace("{crowd.local}", "127.0.0.1:{i}"),
        "right",
        "cell",
    );
    assert_eq!(
        outcome(&report).0,
        "wrong bytes on the connection of `crowd 0`: `3` (0x33) instead of `1` (0x31) at offset 8"
    );
}

#[test]
fn patterns_of_lines_and_http_know_the_clients_number() {
    let lines = r#"
actors: { crowd: { clients: 9 }, one: client }
exchange:
  - crowd: { connect: student }
  - crowd: { send: "client {i}\n" }
  - crowd: { expect: { line: "client {i}" } }
  - one: { connect: student }
  - one: { send: "lines\n" }
  - one: { expect: { lines_in_any_order: [a, b] } }
  - crowd: { send: "lines\n" }
  - crowd: { expect: { lines_in_any_order: [a, b] } }
"#;
    expect(
        lines,
        &[
            ("right", "passed"),
            ("wrong", "wrong line on the connection of `crowd 7`: \"client 8\" does not match `client 7`"),
            ("one-line", "wrong lines on the connection of `one`: \"a\" is missing, \"b\" is not expected"),
            ("wrong-line", "wrong lines on the connection of `one`: \"a\" is missing, \"x\" is not expected"),
        ],
    );
    let http = r#"
actors: { crowd: { clients: 9 } }
exchange:
  - crowd: { connect: student }
  - crowd: { send: "GET /{i} HTTP/1.1\r\n\r\n" }
  - crowd: { expect: { http: { status: 200, version: "1.1", headers: { content-length: "2", server: x }, body: "/{i}" } } }
"#;
    expect(
        http,
        &[
            ("right", "passed"),
            ("wrong", "wrong bytes on the connection of `crowd 7`: `8` (0x38) instead of `7` (0x37) at offset 1"),
        ],
    );
    let other = http.replace("server: x", "server: y");
    expect(
        &other,
        &[("right", "wrong HTTP message on the connection of `crowd 0`: the `server` header is `x`, not `y`")],
    );
}

#[test]
fn random_bytes_are_known_to_others_by_their_name() {
    let words = r#"
actors: { one: client, crowd: { clients: 3 } }
exchange:
  - one: { connect: student }
  - crowd: { connect: student }
  - one: { send: { random: 1500, as: body } }
  - one: { expect: { same: body } }
  - crowd: { send: { same: body } }
  - crowd: { expect: { same: body } }
  - crowd: { send: { random: 1200, as: own } }
  - crowd: { expect: { same: own } }
  - one: { send: { same: own } }
  - one: { expect: { same: own } }
"#;
    expect(words, &[("right", "passed")]);
    let said = outcome(&played(words, "flips", "cell")).0;
    assert!(said.starts_with("wrong bytes on the connection of `one`: ") && said.ends_with(" at offset 999"), "{said}");
}

/// It counts in a file, which is gone with each cell: every time is the first.
#[test]
fn a_step_that_is_played_several_times_starts_anew_each_time_and_says_which_one_it_was() {
    let words = r#"
times: 3
actors: { client: client }
exchange:
  - client: { connect: student }
  - client: { send: "client 7\n" }
  - client: { expect: "client 7\n" }
"#;
    expect(words, &[("right", "passed")]);
    let report = played(words, "mute", "cell");
    let observed = report.0["labs"][0]["steps"][0]["failure"]["observed"].as_array().expect("a list").clone();
    assert_eq!(
        observed.last().and_then(|last| last.as_str()),
        Some("this was time 1 of the 3 that the step is played")
    );
}
