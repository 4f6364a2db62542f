//! Another program of the submission beside the one that is graded: every byte and every end is passed on, and what the other
//! one does wrong costs nothing.

use std::fs;

use conformance::{Report, grade, levels};

use super::one_step::executable;

/// The graded program: `client MODE ADDRESS PORT`.
const CLIENT: &str = r#"#!/usr/bin/python3
import hashlib, os, socket, struct, sys, threading

mode, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
LINGER = struct.pack("ii", 1, 0)

def all_of(conn):
    said = b""
    while got := conn.recv(65536):
        said += got
    return said

def ask(*words):
    conn = socket.create_connection((address, port))
    conn.sendall(" ".join(words).encode() + b"\n")
    return conn

if mode == "half-close":
    conn = ask("count")
    conn.sendall(b"one two three")
    conn.shutdown(socket.SHUT_WR)
    print(all_of(conn).decode())
elif mode == "late":
    # The other side ends first, and still reads.
    conn = ask("ends-first")
    first = all_of(conn)
    conn.sendall(b"and yet")
    conn.close()
    print(first.decode(), all_of(ask("remembered")).decode())
elif mode == "is-reset":
    try:
        print(all_of(ask("reset")))
    except ConnectionResetError:
        print("reset")
elif mode == "resets":
    conn = ask("how-it-ends")
    conn.recv(1)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    conn.close()
    print(all_of(ask("remembered")).decode())
elif mode == "megabytes":
    conn = ask("megabytes")
    mine = os.urandom(3 << 20)
    def send():
        conn.sendall(mine)
        conn.shutdown(socket.SHUT_WR)
    sender = threading.Thread(target=send)
    sender.start()
    said = all_of(conn)
    sender.join()
    theirs, digests = said[:3 << 20], said[3 << 20:].decode()
    sha = lambda data: hashlib.sha256(data).hexdigest()
    print(digests == sha(mine) + sha(theirs))
elif mode == "sights":
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    mine = socket.create_server(("127.0.0.1", 0))
    conn = ask("sights", str(mine.getsockname()[1]))
    print(len(pids), all_of(conn).decode())
elif mode == "waits":
    print(ask("silence").recv(1))
elif mode == "sends-for-ever":
    conn = ask("silence")
    while True:
        conn.sendall(bytes(65536))
elif mode == "tells":
    print(all_of(ask("crash")).decode())
"#;

/// The other one: `server HOW PORT`.
const SERVER: &str = r#"#!/usr/bin/python3
import hashlib, os, signal, socket, struct, sys, threading, time

how, port = sys.argv[1], int(sys.argv[2])
LINGER = struct.pack("ii", 1, 0)
if how == "exits":
    sys.exit("no configuration")
if how == "crashes":
    os.kill(os.getpid(), signal.SIGSEGV)
if how == "sleeps":
    signal.pause()
if how == "elsewhere":
    port += 1
listener = socket.create_server(("127.0.0.1", port))
if how == "elsewhere":
    signal.pause()

def all_of(conn):
    said = b""
    while got := conn.recv(65536):
        said += got
    return said

remembered = b""
while True:
    conn, _ = listener.accept()
    line = b""
    while not line.endswith(b"\n"):
        line += conn.recv(1)
    words = line.decode().split()
    if words[0] == "count":
        conn.sendall(str(len(all_of(conn))).encode())
    elif words[0] == "ends-first":
        conn.sendall(b"first")
        conn.shutdown(socket.SHUT_WR)
        remembered = all_of(conn)
    elif words[0] == "remembered":
        conn.sendall(remembered)
    elif words[0] == "reset":
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
    elif words[0] == "how-it-ends":
        conn.sendall(b".")
        try:
            all_of(conn)
            remembered = b"ended"
        except ConnectionResetError:
            remembered = b"reset"
    elif words[0] == "megabytes":
        mine = os.urandom(3 << 20)
        sender = threading.Thread(target=conn.sendall, args=[mine])
        sender.start()
        theirs = all_of(conn)
        sender.join()
        sha = lambda data: hashlib.sha256(data).hexdigest()
        conn.sendall((sha(theirs) + sha(mine)).encode())
    elif words[0] == "sights":
        pids = [name for name in os.listdir("/proc") if name.isdigit()]
        try:
            socket.create_connection(("127.0.0.1", int(words[1])), timeout=1)
            reached = "reached"
        except OSError:
            reached = "refused"
        conn.sendall(f"{len(pids)} {reached}".encode())
    elif words[0] == "silence":
        threading.Event().wait()
    elif words[0] == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    conn.close()
"#;

/// A step each: what the client is asked to do, how the server is, and what the client then prints.
fn rubric(steps: &[(&str, &str, &str)]) -> String {
    let mut text = "title: T\nprogram: client\nstart: by_hand\nsteps:\n".to_owned();
    text.push_str(
        "  - { id: all, title: T, points: 100, hint: H, why: W, exchange: [ student: { wait: 1ms } ], start: [] }\n",
    );
    for (mode, how, said) in steps {
        let words = "bonus: true, points: 1, title: T, hint: H, why: W";
        text.push_str(&format!(
            "  - {{ id: {mode}-{how}, {words}, actors: {{ server: {{ program: server }} }}, exchange: [\n      \
             server: {{ start: [{how}, \"{{port}}\"] }},\n      \
             student: {{ start: [{mode}, \"{{server.address}}\", \"{{server.port}}\"] }},\n      \
             student: {{ expect: \"{said}\\n\" }},\n      student: {{ expect_exit: 0 }} ] }}\n"
        ));
    }
    text
}

fn played(steps: &[(&str, &str, &str)], programs: &[(&str, &str)], level: &str) -> Report {
    let folder = tempfile::tempdir().expect("a folder");
    let lab = folder.path().join("labs/01-beside");
    fs::create_dir_all(&lab).expect("a folder");
    fs::write(lab.join("rubric.yaml"), rubric(steps)).expect("it is written");
    let submission = folder.path().join("handed-in");
    fs::create_dir(&submission).expect("a folder");
    programs.iter().for_each(|(name, text)| executable(&submission.join(name), text));
    let labs = folder.path().join("labs");
    grade(&submission, &["--labs", labs.to_str().expect("a path in UTF-8"), "--level", level])
}

const BOTH: [(&str, &str); 2] = [("client", CLIENT), ("server", SERVER)];

fn not_passed(report: &Report) -> Vec<String> {
    let steps = report.steps().into_iter().filter(|step| step.verdict() != "passed" && step.id() != "all");
    steps.map(|step| format!("{}: {}", step.id(), step.failure("sentence"))).collect()
}

#[test]
fn every_byte_and_every_end_is_passed_on_at_every_level() {
    let steps = [
        ("half-close", "fine", "13"),
        ("late", "fine", "first and yet"),
        ("is-reset", "fine", "reset"),
        ("resets", "fine", "reset"),
        ("megabytes", "fine", "True"),
    ];
    for level in levels() {
        let report = played(&steps, &BOTH, level);
        assert_eq!(not_passed(&report), Vec::<String>::new(), "{level}: {:#}", report.0);
    }
}

/// Init and itself are all that each of them sees, and what the client listens on is out of the server's reach.
#[test]
fn in_a_cell_neither_sees_the_other() {
    let report = played(&[("sights", "fine", "2 2 refused")], &BOTH, "cell");
    assert_eq!(not_passed(&report), Vec::<String>::new(), "{:#}", report.0);
}

#[test]
fn what_the_other_program_does_wrong_costs_nothing_and_is_said() {
    let steps = [
        ("half-close", "exits", "13"),
        ("half-close", "crashes", "13"),
        ("half-close", "sleeps", "13"),
        ("half-close", "elsewhere", "13"),
        ("tells", "fine", "all is well"),
    ];
    let numbers = regex::Regex::new("[0-9]{4,}").expect("it compiles");
    for level in levels() {
        let report = played(&steps, &BOTH, level);
        let said: Vec<String> = report
            .steps()
            .iter()
            .filter(|step| step.id() != "all")
            .map(|step| format!("{}: {}", step.verdict(), numbers.replace_all(step.why(), "#")))
            .collect();
        assert_eq!(
            said,
            [
                "unavailable: the submission's `server` never listened: ended with exit status 1, and said last: \"no configuration\"",
                "unavailable: the submission's `server` never listened: killed by signal 11 (SIGSEGV)",
                "unavailable: the submission's `server` never listened: never made a socket",
                "unavailable: the submission's `server` never listened: listens on port # instead of #",
                "unavailable: the submission's `server` did not last: killed by signal 11 (SIGSEGV)",
            ],
            "{level}"
        );
    }
}

#[test]
fn without_the_other_program_the_step_costs_nothing() {
    let report = played(&[("half-close", "fine", "13")], &BOTH[..1], "cell");
    let step = report.steps().into_iter().find(|step| step.id() == "half-close-fine").expect("the step");
    assert_eq!((step.verdict(), step.why()), ("unavailable", "the submission has no `server`"));
    assert_eq!(report.lost(), 0);
}

/// A client that waits, and one that nobody reads from: both sleep, so does the server, and nothing is on its way.
#[test]
fn when_both_sleep_for_ever_nobody_waits_for_the_deadline() {
    let report = played(&[("waits", "fine", "x"), ("sends-for-ever", "fine", "x")], &BOTH, "cell");
    for step in report.steps().iter().filter(|step| step.id() != "all") {
        assert_eq!(
            (step.verdict(), step.waited_until()),
            ("failed", "provably-stuck"),
            "{}: {:#}",
            step.id(),
            report.0
        );
        assert!(step.seconds() < 4.0, "{}: {} s", step.id(), step.seconds());
    }
}
