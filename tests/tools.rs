//! Real programs that play with the student's, in the same cell: `run`.

use conformance::{Report, levels};

use super::one_step::{self, outcome};

/// A server in Python that answers each request as its mode says.
const SERVER: &str = r#"#!/usr/bin/python3
import os, signal, socket, sys

MODE = "@MODE@"
if MODE == "never-listens":
    signal.pause()
def forge():
    """Says what the tool should say, in the tool's place."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if open(f"/proc/{pid}/comm").read() == "curl\n":
                open(f"/proc/{pid}/fd/1", "w").write("meow\n")
        except OSError:
            pass

server = socket.create_server(("127.0.0.1", int(sys.argv[1])), reuse_port=False)
if MODE == "never-accepts":
    signal.pause()
while True:
    client, _ = server.accept()
    if MODE == "closes-at-once":
        client.recv(10000)
        client.close()
        continue
    if MODE == "never-reads":
        signal.pause()
    asked = client.recv(10000)
    if MODE == "silent":
        signal.pause()
    if MODE == "forges":
        forge()
    if MODE == "dies":
        print("out of ideas", file=sys.stderr)
        os._exit(3)
    status = "404 Not Found" if MODE == "not-found" else "200 OK"
    body = {"moo": b"\x1b[31mmoo\n", "forges": b"no\n"}.get(MODE, b"meow\n")
    length = 100 if MODE == "promises-more" else len(body)
    client.sendall(f"HTTP/1.0 {status}\r\nContent-Length: {length}\r\n\r\n".encode() + body)
    if MODE == "promises-more":
        signal.pause()
    client.close()
"#;

fn played(words: &str, mode: &str, level: &str) -> Report {
    one_step::play(words, &SERVER.replace("@MODE@", mode), level)
}

const CURL: &str = r#"
actors: { curl: tool }
exchange:
  - curl: { run: [curl, -q, -sS, -A, x, --fail, "http://127.0.0.1:{port}/"], stdout: "meow\n", within: 1s }
"#;

#[test]
fn a_real_program_is_served_or_says_why_not() {
    let moo = r"wrong bytes on the stdout of `curl`: 0x1b instead of `m` (0x6d) at offset 0";
    let expected = [
        ("right", "passed", ""),
        ("never-accepts", "1 connection waits in its accept queue and it never accepts it", "deadline"),
        ("never-reads", "never read the 69 bytes it was sent and said nothing on the connection of `curl`", "deadline"),
        ("silent", "read 69 of 69 bytes and never answered on the connection of `curl`", "deadline"),
        ("promises-more", "sent 45 bytes to `curl` and left it waiting for more, or for the end", "deadline"),
        ("closes-at-once", "closed the connection of `curl` too early, after 0 bytes", "event"),
        ("dies", "ended with exit status 3 while it was still needed", "event"),
        (
            "not-found",
            "`curl` ended with exit status 22 instead of 0, \
             with \"curl: (22) The requested URL returned error: 404\"",
            "event",
        ),
        ("moo", moo, "event"),
        ("forges", "wrong bytes on the stdout of `curl`: `n` (0x6e) instead of `m` (0x6d) at offset 0", "event"),
        ("never-listens", "never made a socket", "provably-stuck"),
    ];
    for level in levels() {
        for (mode, sentence, until) in expected {
            let (said, ended) = outcome(&played(CURL, mode, level));
            assert_eq!((said.as_str(), ended.as_str()), (sentence, until), "{mode} at {level}");
        }
    }
}

/// A tool without timers, so that the whole is provably stuck.
const LISTENER: &str = r#"
actors: { reader: tool }
exchange:
  - reader: { run: [python3, -c, "import socket; s = socket.create_connection(('127.0.0.1', {port})); s.send(b'x\\n'); print(s.recv(9))"], stdout: { line: "b'HTTP/1.0 '" } }
"#;

#[test]
fn nothing_more_can_come_when_the_tool_sleeps_as_well() {
    let expected = [
        ("right", "passed", ""),
        ("never-accepts", "1 connection waits in its accept queue and it never accepts it", "provably-stuck"),
        ("silent", "read 2 of 2 bytes and never answered on the connection of `reader`", "provably-stuck"),
        (
            "never-reads",
            "never read the 2 bytes it was sent and said nothing on the connection of `reader`",
            "provably-stuck",
        ),
    ];
    for level in levels() {
        for (mode, sentence, until) in expected {
            let (said, ended) = outcome(&played(LISTENER, mode, level));
            assert_eq!((said.as_str(), ended.as_str()), (sentence, until), "{mode} at {level}");
        }
    }
}

/// The student sleeps in `accept` while the tool takes its time: that is not the end of it.
const SLOW: &str = r#"
actors: { slow: tool }
exchange:
  - slow: { run: [sh, -c, "sleep 0.3; exec curl -q -s http://127.0.0.1:{port}/"], stdout: "meow\n" }
"#;

#[test]
fn a_sleeping_student_is_not_stuck_while_a_tool_still_runs() {
    for level in levels() {
        assert_eq!(outcome(&played(SLOW, "right", level)).0, "passed", "{level}");
    }
}

/// What a tool starts is the tool's, whatever becomes of its parents.
const BESIDE: &str = r#"
actors: { shell: tool }
exchange:
  - student: { observe: { listening: true } }
  - student: { observe: { descriptors: remember } }
  - shell: { run: [sh, -c, "sleep 1000 <&- >&- 2>&- & sh -c 'sleep 1000 <&- >&- 2>&- &'"] }
  - shell: { run: [curl, -q, -s, "http://127.0.0.1:{port}/"], stdout: "meow\n" }
  - student: { observe: { children: 0 } }
  - student: { observe: { threads: 1 } }
  - student: { observe: { zombies: 0 } }
  - student: { observe: { descriptors: steady } }
  - student: { observe: { sockets: { established: 0, listen: 1 } } }
  - student: { observe: { asleep: true } }
  - student: { observe: { idle: 50ms } }
"#;

#[test]
fn a_tools_processes_are_not_the_students() {
    for level in levels() {
        assert_eq!(outcome(&played(BESIDE, "right", level)).0, "passed", "{level}");
    }
}

#[test]
fn a_tool_that_is_not_there_costs_nothing() {
    let words = "actors: { curl: tool }\nexchange:\n  - curl: { run: [no-such-program, -x] }";
    for level in levels() {
        let report = played(words, "right", level);
        let step = report.steps().into_iter().next().expect("a step");
        assert_eq!((step.verdict(), report.lost()), ("unavailable", 0), "{level}");
        assert!(report.0.to_string().contains("it needs `no-such-program`, which is not installed"), "{:#}", report.0);
    }
}

#[test]
fn another_exit_status_can_be_what_is_wanted() {
    let refused = r#"
actors: { curl: tool }
exchange:
  - curl: { run: [curl, -q, -s, --fail, "http://127.0.0.1:{port}/"], status: [22, 23], stdout: { until: "" } }
"#;
    assert_eq!(outcome(&played(refused, "not-found", "cell")).0, "passed");
    let (said, _) = outcome(&played(refused, "right", "cell"));
    assert_eq!(said, "`curl` ended with exit status 0 instead of 22 or 23");
}

#[test]
fn what_a_tool_says_is_escaped_and_cut() {
    let words = r#"
actors: { loud: tool }
exchange:
  - loud: { run: [sh, -c, "printf '\\033[31m'; head -c 300000 /dev/zero >&2; exit 9"] }
"#;
    let report = played(words, "right", "cell");
    let (said, _) = outcome(&report);
    assert_eq!(
        said,
        format!("`loud` ended with exit status 9 instead of 0, with \"{}\" and # bytes more", r"\0".repeat(120))
    );
    assert!(report.0.to_string().len() < 20_000);
}
