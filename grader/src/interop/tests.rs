//! What is told of a matrix: whose fault it is, as far as that can be known, and how it looks.

use serde_json::{Value, json};

use super::json::{How, json as document};
use super::matrix::{Cause, Cell, Lack, Matrix};
use super::render::text;
use crate::cell::Level;
use crate::report::look;

/// `o` gets along, `x` does not, `-` is not there, `!` is the grader's trouble.
fn matrix(names: &[&str], rows: &[&str]) -> Matrix {
    let cell = |sign| match sign {
        'o' => Cell::Well,
        'x' => Cell::Red,
        '!' => Cell::Faulted("out of memory".to_owned()),
        _ => Cell::Unavailable("it needs a network of its own, which this machine does not give".to_owned()),
    };
    Matrix {
        id: "01-client/http".to_owned(),
        title: "get before a web server".to_owned(),
        begins: "client".to_owned(),
        answers: "httpd".to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        cells: rows.iter().map(|row| row.chars().map(cell).collect()).collect(),
        causes: Vec::new(),
        lacking: Vec::new(),
    }
}

fn conclusions(rows: &[&str]) -> Vec<String> {
    matrix(&["reference", "ada", "bo", "cy"][..rows.len()], rows).conclusions()
}

#[test]
fn a_client_that_fails_with_everybody_is_to_blame() {
    assert_eq!(
        conclusions(&["ooo", "ooo", "xxx"]),
        [
            "all of row `bo` is red: its `client` fails with every `httpd`, the reference's too, which gets along with others"
        ]
    );
    assert_eq!(
        conclusions(&["-oo", "-oo", "-xx"]),
        ["all of row `bo` is red: its `client` fails with every `httpd`, also with 2 that get along with others"]
    );
}

#[test]
fn a_server_that_everybody_fails_with_is_to_blame() {
    assert_eq!(
        conclusions(&["oox", "oox", "oox"]),
        [
            "all of column `bo` is red: every `client` fails with its `httpd`, the reference's too, which gets along with others"
        ]
    );
}

#[test]
fn a_bad_client_and_a_bad_server_are_told_apart() {
    assert_eq!(
        conclusions(&["oxo", "oxo", "xxx"]),
        [
            "all of row `bo` is red: its `client` fails with every `httpd`, the reference's too, which gets along with others",
            "all of column `ada` is red: every `client` fails with its `httpd`, the reference's too, which gets along with others",
        ]
    );
}

#[test]
fn of_a_single_pair_only_that_is_said_which_the_matrix_shows() {
    assert_eq!(
        conclusions(&["ooo", "oox", "ooo"]),
        ["only the pair `ada` with `bo`: each of the two gets along with the reference's"]
    );
    assert_eq!(
        conclusions(&["ox", "oo"]),
        ["only the pair `reference` with `ada`: each of the two gets along with others"]
    );
    assert_eq!(
        conclusions(&["o-", "xo"]),
        ["only the pair `ada` with `reference`: each of the two gets along with others"]
    );
    assert_eq!(
        conclusions(&["ox", "--"]),
        ["only the pair `reference` with `ada`: `reference` gets along with others, and nobody with `ada`"]
    );
    assert_eq!(
        conclusions(&["o-", "x-"]),
        ["only the pair `ada` with `reference`: others get along with `reference`, and `ada` with nobody"]
    );
    assert_eq!(
        conclusions(&["o-", "-x"]),
        ["only the pair `ada` with itself: neither of the two gets along with anybody"]
    );
}

#[test]
fn where_nothing_can_be_told_that_is_said() {
    let nothing = "does not show whose fault it is; add a submission that is known to be right";
    assert_eq!(conclusions(&["x"]), [format!("one pair {nothing}")]);
    assert_eq!(conclusions(&["xx", "xx"]), [format!("a matrix without a green cell {nothing}")]);
    assert_eq!(conclusions(&["oo", "oo"]), ["every `client` gets along with every `httpd`"]);
    assert_eq!(
        conclusions(&["--", "--"]),
        ["nothing was played: no `client` could be brought together with a `httpd`"]
    );
}

#[test]
fn many_pairs_are_counted() {
    let told = conclusions(&["oxxx", "xoxx", "xxox", "xxxo"]);
    assert_eq!(told.len(), 7);
    assert_eq!(told[6], "6 more pairs fail in the same way");
}

#[test]
fn short_names_stand_above_the_columns() {
    let mut matrix = matrix(&["reference", "ada", "bo"], &["oo-", "ox!", "xx-"]);
    matrix.causes = vec![
        Cause {
            sentence: "`client`: exit status 1 instead of 0".to_owned(),
            line: Some("labs/01-client/rubric.yaml:541".to_owned()),
            stderr: "connecting\nclient: \x1b[1mbad response\n\n".to_owned(),
            at: vec![(2, 0), (2, 1)],
        },
        Cause {
            sentence: "`httpd` did not last: killed by signal 11 (SIGSEGV)".to_owned(),
            line: None,
            stderr: String::new(),
            at: vec![(1, 1)],
        },
    ];
    let why = "the submission has no `httpd`".to_owned();
    matrix.lacking = vec![Lack { why: why.clone(), names: vec!["bo".to_owned()] }];
    for row in [0, 2] {
        matrix.cells[row][2] = Cell::Unavailable(why.clone());
    }
    assert_eq!(
        text(&matrix, &look()),
        r#"01-client/http: get before a web server
the `client` of each row with the `httpd` of each column

             reference  ada  bo
  reference  ✓          ✓    –
  ada        ✓          ✗    !
  bo         ✗          ✗    –

  1  `client`: exit status 1 instead of 0
     where    all of row `bo`
     line     labs/01-client/rubric.yaml:541
     stderr   "client: \x1b[1mbad response"
  2  `httpd` did not last: killed by signal 11 (SIGSEGV)
     where    `ada` with itself
  –  `bo`: the submission has no `httpd`
  !  `ada` with `bo`: the grader had trouble: out of memory
  →  all of row `bo` is red: its `client` fails with every `httpd`, the
     reference's too, which gets along with others
  →  `ada` with itself: each of the two gets along with the reference's
"#
    );
}

#[test]
fn long_names_are_numbered_and_a_machine_that_cannot_play_says_so() {
    let names: Vec<String> = (1..=11).map(|number| format!("a-group-with-a-long-name-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let text = text(&matrix(&names, &["-----------"; 11]), &look());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[3], "                                  1  2  3  4  5  6  7  8  9  10  11");
    assert_eq!(lines[4], "   1 a-group-with-a-long-name-1   –  –  –  –  –  –  –  –  –   –   –");
    assert_eq!(lines[14], "  11 a-group-with-a-long-name-11  –  –  –  –  –  –  –  –  –   –   –");
    assert_eq!(lines[16], "  –  everywhere: it needs a network of its own, which this machine does not give");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{text}");
    assert_eq!(lines[17], "  →  nothing was played: no `client` could be brought together with a `httpd`");
}

/// The file for programs, after its schema had nothing against it.
fn valid(matrices: &[Matrix], why: Option<&str>) -> Value {
    let how = How { level: Level::Uid, why: why.map(str::to_owned), seed: 7 };
    let file: Value = serde_json::from_slice(&document(matrices, &how)).expect("it is JSON");
    let schema = include_str!("../../schema/interop-v1.schema.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::draft202012::new(&schema).expect("the schema is one");
    let mistakes: Vec<String> = validator.iter_errors(&file).map(|error| error.to_string()).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{file:#}");
    file
}

#[test]
fn the_file_for_programs_has_every_cell_with_its_reason() {
    let mut matrix = matrix(&["reference", "bo"], &["o!", "x-"]);
    matrix.causes.push(Cause {
        sentence: "`client`: never closed stdout".to_owned(),
        line: Some("labs/01-client/rubric.yaml:9".to_owned()),
        stderr: "\u{1b}[31mred".to_owned(),
        at: vec![(1, 0)],
    });
    matrix.lacking.push(Lack { why: "the submission has no `httpd`".to_owned(), names: vec!["bo".to_owned()] });
    let no_network = "it needs a network of its own, which this machine does not give";
    assert_eq!(
        valid(&[matrix], Some("no namespaces")),
        json!({
            "schema": "grader/interop/v1",
            "grader": env!("CARGO_PKG_VERSION"),
            "level": "uid",
            "level_why": "no namespaces",
            "seed": 7,
            "submissions": ["reference", "bo"],
            "exchanges": [{
                "id": "01-client/http",
                "title": "get before a web server",
                "begins": "client",
                "answers": "httpd",
                "cells": [
                    [{ "verdict": "passed" }, { "verdict": "faulted", "why": "out of memory" }],
                    [{ "verdict": "failed" }, { "verdict": "unavailable", "why": no_network }],
                ],
                "causes": [{
                    "sentence": "`client`: never closed stdout",
                    "line": "labs/01-client/rubric.yaml:9",
                    "stderr": "\u{1b}[31mred",
                    "at": [[1, 0]],
                }],
                "lacking": [{ "submissions": ["bo"], "why": "the submission has no `httpd`" }],
                "conclusions": [
                    "only the pair `bo` with `reference`: others get along with `reference`, and `bo` with nobody",
                ],
            }],
        })
    );
    assert_eq!(valid(&[], None)["exchanges"], json!([]));
}
