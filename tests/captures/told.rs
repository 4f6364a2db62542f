//! A capture and the trace of its step tell the same story.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use conformance::{Report, grade, levels};
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

use super::kept::submission;
use super::read::{Capture, Told};

/// Each fails another way: hung up on, silent, reset, too few bytes, wrong ones, dead.
const WRONG: [&str; 7] = [
    "server-closes-early",
    "server-silent",
    "server-hangs-up",
    "server-strings",
    "server-writes-once",
    "server-segfaults",
    "server-exits-on-errors",
];

struct Case {
    level: &'static str,
    report: Report,
    /// Of the report.
    folder: PathBuf,
}

/// All of them, graded once.
fn cases() -> &'static [Case] {
    static CASES: OnceLock<(TempDir, Vec<Case>)> = OnceLock::new();
    let (_, cases) = CASES.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let graded = |(level, name): (&'static str, &str)| {
            let folder = folder.path().join(format!("{name}-{level}"));
            let place = folder.to_str().expect("it is text");
            let args = ["--lab", "02-server", "--level", level, "--captures", place];
            Case { level, report: grade(&submission(&format!("wrong/{name}")), &args), folder }
        };
        let all = levels().into_iter().flat_map(|level| WRONG.map(|name| (level, name)));
        let cases = all.map(graded).collect();
        (folder, cases)
    });
    cases
}

/// Steps that failed, with their captures.
fn failed(case: &Case) -> Vec<(&str, &[Value], PathBuf)> {
    let labs = case.report.0["labs"].as_array().expect("there are labs");
    let steps = labs.iter().flat_map(|lab| lab["steps"].as_array().expect("there are steps"));
    let failed = steps.filter(|step| step["verdict"] == "failed").map(|step| {
        let file = step["capture"]["file"].as_str().expect("it has a capture");
        let drawn = step["capture"]["drawn"].as_bool().expect("it says how it was made");
        assert_eq!(drawn, case.level != "cell", "{file}");
        assert_eq!(step["capture"]["missing"], 0, "{file}");
        let trace = step["trace"].as_array().expect("it has a trace").as_slice();
        (step["id"].as_str().expect("it has an id"), trace, Path::new(file).to_owned())
    });
    failed.collect()
}

/// What the trace says of each connection of the grader's clients, by its ports: what they told, and what the student did.
/// Actors that had more than one are left out, since the trace does not say which one a line is about.
fn traced(trace: &[Value]) -> BTreeMap<(u16, u16), (Told, Told)> {
    let connects = Regex::new(r"^connects to [0-9.]+:(\d+) from [0-9.]+:(\d+)$").expect("it is one");
    let counted = Regex::new(r"^(\d+) bytes? ").expect("it is one");
    let mut connections: BTreeMap<&str, Vec<(u16, u16)>> = BTreeMap::new();
    let mut told: BTreeMap<(&str, &str), Told> = BTreeMap::new();
    for entry in trace {
        let field = |name: &str| entry[name].as_str().expect("it is text");
        let (actor, text, direction) = (field("actor"), field("text"), field("direction"));
        if let Some(ports) = connects.captures(text) {
            let port = |group: usize| ports[group].parse().expect("it is a port");
            connections.entry(actor).or_default().push((port(2), port(1)));
        }
        let told = told.entry((actor, direction)).or_default();
        if let Some(count) = counted.captures(text) {
            told.bytes += count[1].parse::<u64>().expect("it is a number");
        }
        told.fin |= text.contains("(FIN)");
        told.rst |= text.contains("(RST)");
    }
    let once = connections.into_iter().filter(|(_, ports)| ports.len() == 1);
    once.map(|(actor, ports)| {
        let told = |direction| told.get(&(actor, direction)).copied().unwrap_or_default();
        (ports[0], (told("to-student"), told("from-student")))
    })
    .collect()
}

/// What of the trace the capture does not bear out.
fn contradictions(trace: &[Value], seen: &BTreeMap<(u16, u16), Told>) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((client, server), (to, from)) in traced(trace) {
        let get = |ports| seen.get(&ports).copied().unwrap_or_default();
        let (sent, received) = (get((client, server)), get((server, client)));
        // The grader looks at some of what comes, and not always at how it ends.
        let agrees = sent.bytes == to.bytes
            && sent.fin == to.fin
            && sent.rst == to.rst
            && received.bytes >= from.bytes
            && received.fin >= from.fin
            && received.rst >= from.rst;
        if !agrees {
            wrong.push(format!("{client}: the trace has {to:?} and {from:?}, the capture {sent:?} and {received:?}"));
        }
    }
    wrong
}

#[test]
fn connections_bytes_and_ends_are_those_of_the_trace() {
    let mut compared = BTreeMap::new();
    for case in cases() {
        for (step, trace, file) in failed(case) {
            let capture = Capture::read(&file);
            let wrong = contradictions(trace, &capture.directions());
            assert_eq!(wrong, Vec::<String>::new(), "{step} at {}: {}", file.display(), capture.flags());
            *compared.entry(case.level).or_insert(0) += traced(trace).len();
        }
    }
    assert!(levels().iter().all(|level| compared[level] >= 5), "{compared:?}");
}

#[test]
fn a_trace_that_says_something_else_is_found_out() {
    let case = cases().iter().find(|case| case.folder.ends_with("server-closes-early-cell")).expect("it is there");
    let (_, trace, file) = failed(case).remove(0);
    let seen = Capture::read(&file).directions();
    assert_eq!(contradictions(trace, &seen), Vec::<String>::new());
    for (from, to) in [("13 bytes", "14 bytes"), ("13 bytes", "closes (FIN), 13 bytes"), ("(FIN)", "(RST)")] {
        let text = serde_json::to_string(trace).expect("it is JSON");
        let other: Vec<Value> = serde_json::from_str(&text.replace(from, to)).expect("it is JSON");
        assert_ne!(contradictions(&other, &seen), Vec::<String>::new(), "{from} is {to}");
    }
}

#[test]
fn the_bytes_are_those_that_were_sent() {
    for case in cases().iter().filter(|case| case.folder.to_string_lossy().contains("server-closes-early")) {
        let (step, trace, file) = failed(case).remove(0);
        let ((client, server), _) = traced(trace).into_iter().next().expect("there is a connection");
        let capture = Capture::read(&file);
        assert_eq!(capture.stream(client), b"hello, world\n", "{step}");
        assert_eq!(capture.stream(server), b"", "{step}");
        assert!(capture.flags().starts_with("S SA A AP A AF"), "{}", capture.flags());
    }
}

/// What tshark makes of the file, with every checksum looked at if they are to be right.
fn by_tshark(file: &Path, checksums: bool) -> BTreeMap<(u16, u16), Told> {
    let mut tshark = Command::new("tshark");
    let look = if checksums { "TRUE" } else { "FALSE" };
    for option in ["ip.check_checksum", "tcp.check_checksum"] {
        tshark.args(["-o", &format!("{option}:{look}")]);
    }
    tshark.arg("-r").arg(file).args(["-T", "fields", "-E", "separator=,"]);
    let fields = [
        "tcp.srcport",
        "tcp.dstport",
        "tcp.seq",
        "tcp.len",
        "tcp.flags.fin",
        "tcp.flags.reset",
        "tcp.checksum.status",
        "ip.checksum.status",
        "_ws.malformed",
        "tcp.analysis.lost_segment",
        "tcp.analysis.ack_lost_segment",
    ];
    for field in fields {
        tshark.args(["-e", field]);
    }
    let output = tshark.output().expect("tshark runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut seen: BTreeMap<(u16, u16), Told> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("it is text").lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields[at].parse::<u64>().unwrap_or_else(|_| panic!("{line}"));
        assert_eq!(fields[8..], ["", "", ""], "{line}");
        if checksums {
            assert_eq!(fields[6..8], ["1", "1"], "a checksum is wrong in {}: {line}", file.display());
        }
        let told = seen.entry((number(0) as u16, number(1) as u16)).or_default();
        if number(3) > 0 {
            told.bytes = told.bytes.max(number(2) + number(3) - 1);
        }
        told.fin |= fields[4] == "1" || fields[4] == "True";
        told.rst |= fields[5] == "1" || fields[5] == "True";
    }
    seen
}

/// Where tshark is not installed, this says so and passes, unless `CONSUMERS=required` is set.
#[test]
fn tshark_sees_the_same_conversations() {
    if Command::new("tshark").arg("--version").output().is_err() {
        assert!(std::env::var("CONSUMERS").as_deref() != Ok("required"), "tshark is not installed");
        eprintln!("not tried: tshark is not installed");
        return;
    }
    for case in cases() {
        for (step, trace, file) in failed(case) {
            // On a real loopback nobody works them out.
            let seen = by_tshark(&file, case.level != "cell");
            assert_eq!(seen, Capture::read(&file).directions(), "{step}");
            assert_eq!(contradictions(trace, &seen), Vec::<String>::new(), "{step}");
        }
    }
}
