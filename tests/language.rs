//! `labs/README.md`, the exchange language's reference: every example on it is played.

#[path = "../grader/src/rubric/tests/examples.rs"]
mod examples;

use std::fs;
use std::path::Path;

use conformance::{Report, grade, grader, top};
use predicates::str::contains;

use self::examples::{Example, Program, Shape, rubric};
use super::one_step::executable;

/// Serves all at once. Who says `GET /cat` is answered in HTTP; to others it sends back what they say.
const SMALL: &str = r#"#!/usr/bin/python3
import socket, sys, threading

def answer(client, target):
    status, body = (b"200 OK", b"meow\n") if target == b"/cat" else (b"404 Not Found", b"no\n")
    client.sendall(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body))
    client.close()

def serve(client):
    while said := client.recv(65536):
        if said.startswith(b"GET "):
            return answer(client, said.split()[1])
        client.sendall(said)
    client.close()

server = socket.create_server(("", int(sys.argv[1])))
while True:
    client, _ = server.accept()
    threading.Thread(target=serve, args=[client]).start()
"#;

fn page() -> Vec<Example> {
    examples::examples(&fs::read_to_string(top().join("labs/README.md")).expect("the page is there"))
}

/// A folder of labs with one in it.
fn labs(rubric: &str) -> tempfile::TempDir {
    let labs = tempfile::tempdir().expect("a folder");
    let lab = labs.path().join("01-examples");
    fs::create_dir_all(lab.join("fixtures/site")).expect("a folder");
    fs::write(lab.join("rubric.yaml"), rubric).expect("it is written");
    fs::write(lab.join("fixtures/cat.bin"), b"\x00meow\xff").expect("it is written");
    fs::write(lab.join("fixtures/site/cat.html"), "<h1>meow</h1>\n").expect("it is written");
    labs
}

fn played(rubric: &str, submission: &Path) -> Report {
    let labs = labs(rubric);
    let labs = labs.path().to_str().expect("a path in UTF-8");
    grade(submission, &["--labs", labs, "--require-level", "cell"])
}

/// Each step's verdict, and why it failed; its number is the example's line on the page.
fn not_passed(report: &Report) -> Vec<String> {
    let steps = report.steps().into_iter().filter(|step| step.verdict() != "passed");
    steps.map(|step| format!("{} {}: {}", step.id(), step.verdict(), step.failure("sentence"))).collect()
}

fn examples_of(program: Program) -> Vec<String> {
    let own = page().into_iter().filter(|example| example.shape() == Shape::Step && example.program() == program);
    let steps: Vec<String> = own.map(|example| example.step()).collect();
    assert!(!steps.is_empty(), "the page has examples for {program:?}");
    steps
}

#[test]
fn every_example_for_a_server_or_a_client_passes_the_reference() {
    for program in [Program::Server, Program::Client] {
        let report = played(&rubric(program, &examples_of(program)), &top().join("reference"));
        assert_eq!(not_passed(&report), Vec::<String>::new(), "{:#}", report.0);
    }
}

#[test]
fn every_example_for_a_small_server_passes_one() {
    let small = tempfile::tempdir().expect("a folder");
    executable(&small.path().join("server"), SMALL);
    let report = played(&rubric(Program::Small, &examples_of(Program::Small)), small.path());
    assert_eq!(not_passed(&report), Vec::<String>::new(), "{:#}", report.0);
}

#[test]
fn the_rubric_of_the_page_is_verified_by_the_mutants_of_the_page() {
    let of = |shape| page().into_iter().find(|example| example.shape() == shape).expect("the page has one").text;
    let labs = labs(&of(Shape::Rubric));
    fs::write(labs.path().join("01-examples/mutants.yaml"), of(Shape::Mutants)).expect("it is written");
    let mut verify = grader();
    verify.arg("--labs").arg(labs.path()).args(["verify", "01-examples"]);
    verify.assert().success().stdout(contains("01-examples: all "));
}

#[test]
fn every_exchange_between_submissions_passes_the_reference() {
    let own = page().into_iter().filter(|example| example.shape() == Shape::Interop);
    for example in own {
        let labs = labs(&format!("{}{}", rubric(example.program(), &[]), example.text));
        let mut interop = grader();
        interop.arg("--labs").arg(labs.path()).arg("interop").arg(top().join("reference"));
        interop.assert().success().stdout(contains("every `client` gets along with every `server`"));
    }
}

/// Beside the labs' folders, the page is none of them.
#[test]
fn the_page_is_no_lab() {
    for labs in [&[][..], &["--labs", "labs"]] {
        let listed = grader().args(labs).arg("labs").assert().success().get_output().stdout.clone();
        let listed = String::from_utf8(listed).expect("UTF-8");
        assert!(listed.contains("02-server") && !listed.contains("README"), "{listed}");
    }
}
