//! Every miss's sentence, as it is read.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use crate::cell::Status;
use crate::engine::{Difference, Ended, Ending, Excerpt, Failure, Miss, next_action};
use crate::rubric::{Bound, Place, Relation, SocketState};

fn slow() -> String {
    "the connection of slow".to_owned()
}

fn stdout() -> String {
    "stdout".to_owned()
}

fn bound(relation: Relation, value: u64) -> Bound {
    Bound { relation, value }
}

fn any(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port)
}

/// Every variant at least once, with its sentence.
fn all() -> Vec<(Miss, &'static str)> {
    use Miss::*;
    let millis = Duration::from_millis;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let difference = |expected: &[u8], got: &[u8], offset| Difference {
        offset,
        start: 0,
        expected: expected.to_vec(),
        got: got.to_vec(),
        expected_total: 6,
        got_total: 6,
    };
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    vec![
        (NotStarted { why: "exec format error".into() }, "could not be started: exec format error"),
        (Died { signal: 11, name: "SIGSEGV".into() }, "killed by signal 11 (SIGSEGV)"),
        (Panicked { message: "index out of bounds\n".into() }, "panicked: index out of bounds"),
        (TooManyProcesses { limit: 512 }, "ran more than 512 processes and threads, and was ended"),
        (TooMuchMemory { limit: 1 << 30 }, "used more than 1024 MiB of memory, and was ended"),
        (Exited { status: 3 }, "ended with exit status 3 while it was still needed"),
        (SaidNothing { who: "stdout".into(), status: 0 }, "ended with exit status 0 and wrote nothing to stdout"),
        (WrongStatus { expected: vec![1], got: 0 }, "exit status 0 instead of 1"),
        (WrongStatus { expected: vec![1, 2], got: 101 }, "exit status 101 instead of 1 or 2"),
        (TooSoon { after: millis(1000), ended: millis(40) }, "ended after 40 ms, too soon to have waited for 1 s"),
        (StillRunning, "still runs where it should have ended"),
        (
            Lacks { who: "stderr".into(), wanted: "in use".into(), lines: 0, got: Excerpt::default() },
            "wrote nothing to stderr; a line with `in use` was expected",
        ),
        (
            Lacks { who: "stderr".into(), wanted: "in use".into(), lines: 1, got: Excerpt::default() },
            "wrote 1 line to stderr, none with `in use`",
        ),
        (
            Lacks { who: slow(), wanted: "^OK$".into(), lines: 1, got: b"ERR nick taken\n"[..].into() },
            "wrote 1 line to the connection of slow, none with `^OK$`: \"ERR nick taken\\n\"",
        ),
        (NeverMadeSocket, "never made a socket"),
        (NoTcpSocket { protocol: "UDP".to_owned() }, "made a UDP socket, where TCP is asked for"),
        (MadeSocketOnly, "made a socket but never called `bind`"),
        (BoundNotListening { port: 41873 }, "bound port 41873 but never called `listen`"),
        (ListeningOnOtherPort { asked: 41873, listening: vec![] }, "does not listen on port 41873"),
        (ListeningOnOtherPort { asked: 41873, listening: vec![any(8080)] }, "listens on port 8080 instead of 41873"),
        (
            ListeningOnOtherPort { asked: 41873, listening: vec![any(8081), any(8080), any(8080)] },
            "listens on ports 8080 and 8081 instead of 41873",
        ),
        (
            ListeningOnOtherPort { asked: 41873, listening: vec![any(41873u16.swap_bytes())] },
            "listens on port 37283 instead of 41873, which is the same two bytes the other way round",
        ),
        (
            ListeningOnlyOn { address: loopback, port: 41873 },
            "listens on 127.0.0.1:41873 only; other machines cannot reach it",
        ),
        (
            ListeningOnlyOn { address: IpAddr::V6(Ipv6Addr::LOCALHOST), port: 41873 },
            "listens on [::1]:41873 only; other machines cannot reach it",
        ),
        (
            ListeningOnlyOn { address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2)), port: 41873 },
            "listens on 10.0.0.2:41873 only; clients of its other addresses cannot reach it",
        ),
        (Ipv6Only { port: 41873 }, "listens on [::]:41873 for IPv6 only; clients that use IPv4 are refused"),
        (PortBelongsToAnother { port: 41873, owner: Some("nc".into()) }, "port 41873 belongs to another process, `nc`"),
        (
            PortBelongsToAnother { port: 41873, owner: None },
            "port 41873 belongs to another process, not to this program",
        ),
        (StoppedListening { port: 41873 }, "stopped listening on port 41873"),
        (
            ListenerClosed { who: slow(), port: 41873 },
            "closed its listener on port 41873, and the connection of slow was reset",
        ),
        (
            Backlog { expected: bound(Relation::AtLeast, 10), got: 0 },
            "listens with a backlog of 0 instead of at least 10",
        ),
        (NotAccepting { waiting: 0 }, "never accepts the connection"),
        (NotAccepting { waiting: 1 }, "1 connection waits in its accept queue and it never accepts it"),
        (NotAccepting { waiting: 2 }, "2 connections wait in its accept queue and it never accepts them"),
        (ConnectFailed { error: "connection refused".into() }, "cannot be connected to: connection refused"),
        (NeverConnected, "never connected"),
        (
            ConnectsElsewhere { to: any(8080), expected: SocketAddr::new(loopback, 41873) },
            "tries to connect to 0.0.0.0:8080 instead of 127.0.0.1:41873",
        ),
        (
            ConnectsElsewhere { to: SocketAddr::new(loopback, 37283), expected: SocketAddr::new(loopback, 41873) },
            "tries to connect to 127.0.0.1:37283 instead of 127.0.0.1:41873, which is the same two bytes the other way round",
        ),
        (
            HeldUpConnecting { by: "nobody".into(), expected: "origin".into() },
            "waits for `nobody` to answer its SYN, and does not connect to `origin` meanwhile",
        ),
        (
            AnsweredInstead { expected: "origin".into(), who: "client".into(), got: b"HTTP/1.0 502 No\r\n"[..].into() },
            "never connected to `origin`, but answered `client`: \"HTTP/1.0 502 No\\r\\n\"",
        ),
        (Silent { who: slow(), sent: 0, read: 0, said: 0 }, "never said anything on the connection of slow"),
        (
            Silent { who: slow(), sent: 6, read: 0, said: 0 },
            "never read the 6 bytes it was sent and said nothing on the connection of slow",
        ),
        (
            Silent { who: slow(), sent: 6, read: 6, said: 0 },
            "read 6 of 6 bytes and never answered on the connection of slow",
        ),
        (
            Silent { who: slow(), sent: 6, read: 5, said: 1 },
            "read 5 of 6 bytes on the connection of slow, and said no more there than the 1 byte before",
        ),
        (
            Silent { who: slow(), sent: 0, read: 0, said: 7 },
            "said no more on the connection of slow than the 7 bytes before",
        ),
        (
            StoppedReading { who: slow(), sent: 65536, total: 1048576 },
            "took 65536 of 1048576 bytes on the connection of slow and reads no more",
        ),
        (
            WrongBytes { who: stdout(), difference: difference(b"hello\n", b"hellX\n", 4) },
            "wrong bytes on stdout: `X` (0x58) instead of `o` (0x6f) at offset 4",
        ),
        (
            WrongBytes { who: stdout(), difference: difference(b"hello\n", b"hell", 4) },
            "wrong bytes on stdout: the end instead of `o` (0x6f) at offset 4",
        ),
        (
            TooFew { who: stdout(), expected: 12, got: 5, tail: b"ello,".to_vec(), ended: Ending::Eof },
            "too few bytes on stdout: 5 of 12, then end of file",
        ),
        (
            TooFew { who: slow(), expected: 12, got: 5, tail: vec![], ended: Ending::Reset },
            "too few bytes on the connection of slow: 5 of 12, then a reset",
        ),
        (
            TooFew { who: stdout(), expected: 12, got: 0, tail: vec![], ended: Ending::Open },
            "too few bytes on stdout: 0 of 12, then nothing more",
        ),
        (
            TooMany { who: stdout(), expected: 12, extra: b"\0\0\0"[..].into() },
            r#"3 bytes too many on stdout after the 12 expected: "\0\0\0""#,
        ),
        (
            NotSilent { who: stdout(), got: b"debug: ok\n"[..].into() },
            r#"10 bytes on stdout where there should be none: "debug: ok\n""#,
        ),
        (
            LineDiffers { who: stdout(), pattern: r"connected to \S+".into(), got: b"Connected"[..].into() },
            r#"wrong line on stdout: "Connected" does not match `connected to \S+`"#,
        ),
        (
            LinesDiffer { who: stdout(), missing: lines(&["10.0.0.1"]), unexpected: lines(&["1.0.0.10", "x"]) },
            r#"wrong lines on stdout: "10.0.0.1" is missing, "1.0.0.10" and "x" are not expected"#,
        ),
        (
            LinesDiffer { who: stdout(), missing: lines(&["a", "b", "c", "d", "e"]), unexpected: vec![] },
            r#"wrong lines on stdout: "a", "b", "c" and 2 more are missing"#,
        ),
        (
            LinesDiffer { who: stdout(), missing: vec![], unexpected: lines(&["a"]) },
            r#"wrong lines on stdout: "a" is not expected"#,
        ),
        (
            LineOutOfTurn {
                who: slow(),
                number: 3,
                got: b"ann: bob: 1\n"[..].into(),
                next: lines(&["ann: 2", "bob: 1"]),
                others: 0,
            },
            r#"line 3 on the connection of slow is "ann: bob: 1\n" instead of "ann: 2" or "bob: 1""#,
        ),
        (
            LineOutOfTurn { who: slow(), number: 1, got: b"x\n"[..].into(), next: lines(&["a", "b", "c"]), others: 46 },
            r#"line 1 on the connection of slow is "x\n" instead of "a", "b", "c" or the next of 46 others"#,
        ),
        (
            NeverCame { who: stdout(), wanted: "\"ready\"".into(), got: b"Ready\n"[..].into() },
            r#""ready" never came on stdout, only "Ready\n""#,
        ),
        (
            HttpDiffers { who: slow(), what: "no `Host` header".into(), got: b""[..].into() },
            "wrong HTTP message on the connection of slow: no `Host` header",
        ),
        (
            ClosedEarly { who: slow(), how: Ending::Eof, after: 14 },
            "closed the connection of slow too early, after 14 bytes",
        ),
        (
            ClosedEarly { who: slow(), how: Ending::Reset, after: 1 },
            "reset the connection of slow too early, after 1 byte",
        ),
        (
            ClosedWhileSending { who: slow(), sent: 14, total: 512, how: Ending::Eof },
            "closed the connection of slow after 14 of the 512 bytes it was sent",
        ),
        (NotClosed { who: slow(), waits: false }, "never closed the connection of slow"),
        (
            NotClosed { who: slow(), waits: true },
            "waits for the peer to end the connection of slow, and never says that it has sent all itself",
        ),
        (
            WrongClose { who: slow(), expected: Ending::Eof, got: Ending::Reset },
            "ended the connection of slow with a reset (RST) instead of end of file (FIN)",
        ),
        (
            WrongClose { who: slow(), expected: Ending::Reset, got: Ending::Open },
            "left the connection of slow open; it should have ended with a reset (RST)",
        ),
        (
            ToolFailed {
                tool: "curl".into(),
                expected: vec![0],
                got: Status::Exited(52),
                said: Excerpt::from(b"x\ncurl: (52) Empty reply\n".as_slice()),
            },
            "`curl` ended with exit status 52 instead of 0, \
             with \"curl: (52) Empty reply\"",
        ),
        (
            ToolFailed { tool: "curl".into(), expected: vec![0, 22], got: Status::Exited(7), said: Excerpt::default() },
            "`curl` ended with exit status 7 instead of 0 or 22",
        ),
        (
            ToolFailed { tool: "curl".into(), expected: vec![0], got: Status::Signaled(11), said: Excerpt::default() },
            "`curl` was killed by SIGSEGV",
        ),
        (
            ToolWaits { tool: "nc".into(), sent: 0, said: Excerpt::from(b"\x1b[1mwait".as_slice()) },
            "left `nc` waiting, with \"\\x1b[1mwait\"",
        ),
        (
            ToolWaits { tool: "nc".into(), sent: 120, said: Excerpt::default() },
            "sent 120 bytes to `nc` and left it waiting for more, or for the end",
        ),
        (Leaks { what: "descriptors".into(), before: 5, after: 25 }, "leaks descriptors: 5 at first, 25 now"),
        (
            Leaks { what: "memory".into(), before: 100 << 20, after: 900 << 20 },
            "leaks memory: 100 MiB at first, 900 MiB now",
        ),
        (
            Count { what: "zombies".into(), expected: bound(Relation::Equal, 0), got: 3 },
            "has 3 zombies instead of none",
        ),
        (
            Count { what: "children".into(), expected: bound(Relation::AtLeast, 3), got: 1 },
            "has 1 child process instead of at least 3",
        ),
        (
            SocketsIn { state: SocketState::CloseWait, expected: bound(Relation::AtMost, 2), got: 1 },
            "has 1 socket in state CLOSE_WAIT instead of at most 2",
        ),
        (
            PortKept { port: 8080, by: "server".into() },
            "port 8080 is kept by `server`, which the killed program has left behind",
        ),
        (
            NotForked { parent: "server".into(), child: "worker\n".into() },
            "`worker\\n` serves a client, and was not forked but executed by `server`",
        ),
        (Busy { used: millis(95), over: millis(100) }, "used 95 ms of processor time in 100 ms with nothing to do"),
        (NeverAsleep, "never came to rest after what it was sent"),
    ]
}

#[test]
fn every_miss_is_said_in_one_plain_sentence() {
    for (miss, sentence) in all() {
        assert_eq!(miss.to_string(), sentence);
        assert!(!sentence.ends_with('.') && !sentence.starts_with(char::is_uppercase), "{sentence}");
    }
}

#[test]
fn every_miss_has_a_name_of_its_own() {
    let all = all();
    let kinds: BTreeSet<_> = all.iter().map(|(miss, _)| format!("{miss:?}")).map(|debug| first_word(&debug)).collect();
    let names: BTreeSet<_> = all.iter().map(|(miss, _)| miss.name()).collect();
    assert_eq!((names.len(), kinds.len()), (52, 52));
    assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c == '6')));
}

fn first_word(debug: &str) -> String {
    debug.chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[test]
fn every_miss_says_what_to_do_next() {
    for (miss, sentence) in all() {
        let (place, observed, stderr) = (Place::default(), Vec::new(), String::new());
        let next = next_action(&Failure { miss, place, ended: Ended::Event, observed, stderr });
        assert!(next.len() > 15 && !next.ends_with('.') && !next.contains(sentence), "{sentence}: {next}");
    }
}
