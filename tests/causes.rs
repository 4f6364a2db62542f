//! Seven servers nobody can talk to, and seven different causes. None of them waits for a time to pass.

use std::fs;
use std::path::Path;

use conformance::{Report, grade, levels, top};

/// The first failing step's sentence, with what its wait ended by.
fn cause(report: &Report) -> (String, String) {
    let failed = report.steps().into_iter().find(|step| step.verdict() == "failed").expect("a step failed");
    (failed.failure("sentence").to_owned(), failed.waited_until().to_owned())
}

fn wrong(name: &str) -> std::path::PathBuf {
    top().join("tests/submissions/wrong").join(name)
}

/// The port is another one each time.
fn without_numbers(text: &str) -> String {
    regex::Regex::new("[0-9]{4,}").expect("it compiles").replace_all(text, "PORT").into_owned()
}

#[test]
fn seven_servers_that_cannot_be_talked_to_have_seven_causes() {
    let expected = [
        ("server-never-makes-a-socket", "never made a socket", "provably-stuck"),
        ("server-never-listens", "bound port PORT but never called `listen`", "provably-stuck"),
        ("server-never-accepts", "1 connection waits in its accept queue and it never accepts it", "provably-stuck"),
        ("server-loopback-only", "listens on 127.0.0.1:PORT only; other machines cannot reach it", "event"),
        ("server-port-8080", "listens on port PORT instead of PORT", "provably-stuck"),
        ("server-segfaults", "killed by signal 11 (SIGSEGV)", "event"),
        ("server-exits-at-once", "ended with exit status 0 while it was still needed", "event"),
    ];
    for level in levels() {
        for (name, sentence, until) in expected {
            let (said, ended) = cause(&grade(&wrong(name), &["--lab", "02-server", "--level", level]));
            assert_eq!((without_numbers(&said).as_str(), ended.as_str()), (sentence, until), "{name} at {level}");
        }
    }
}

const SQUATTED: &str = r#"title: Somebody else's door
program: server
start: ["{port}"]
steps:
  - id: listens
    title: Listens on the port it was told
    points: 100
    actors: { squatter: { server: squatting } }
    exchange:
      - student: { observe: { listening: true }, within: 10s }
    hint: Whose port is it?
    why: Only one program listens on a port.
"#;

/// Whether the student's program gives up or not: that the port was somebody else's comes first.
#[test]
fn a_port_that_another_program_holds_is_told_from_one_that_nobody_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let lab = folder.path().join("01-squatted");
    fs::create_dir(&lab).expect("a folder");
    fs::write(lab.join("rubric.yaml"), SQUATTED).expect("it is written");
    let labs = folder.path().to_str().expect("a path in UTF-8");
    let servers = [top().join("tests/submissions/right/c-server"), wrong("server-never-makes-a-socket")];
    for (server, level) in servers.iter().flat_map(|server| levels().map(|level| (server, level))) {
        let (said, _) = cause(&grade(Path::new(server), &["--labs", labs, "--level", level]));
        let expected = "port PORT belongs to another process, `the grader's `squatter``";
        assert_eq!(without_numbers(&said), expected, "{} at {level}", server.display());
    }
}
