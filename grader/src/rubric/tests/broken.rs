//! Whatever stands in a file, it is a rubric or a list of mistakes, never a panic.

use super::specimen::{Cats, FULL, NAME};
use crate::rubric::load;

/// A rubric with most of the language in few bytes.
const SMALL: &str = r#"title: Ünï
program: server
start: ["{port}"]
steps:
  - id: one
    title: T
    points: 100
    hint: H
    why: &why |
      W
    try: *why
    hosts: { a.b: [10.0.0.1] }
    actors: { c: { clients: 2 }, o: { server: silent, at: 127.0.0.2 } }
    exchange:
      - c: { connect: student, from: 127.0.0.3 }
      - { times: 2, exchange: [ c: { send: ["{i}{{", { hex: ff }, { random: 1KiB, as: b }], chunk: 1, every: taken } ] }
      - c: { expect: { http: { status: 200, headers: { a: "{o.port}" }, body: { same: b } } }, within: 1s }
      - c: { expect: { line: '\d{2}' } }
      - student: { observe: { sockets: { close_wait: ">= 0" } } }
"#;

fn survives(text: &str) {
    if let Err(mistakes) = load(NAME, text, &Cats) {
        assert!(mistakes.to_string().starts_with("error: "));
    }
}

#[test]
fn the_small_rubric_is_good() {
    load(NAME, SMALL, &Cats).unwrap_or_else(|mistakes| panic!("{mistakes}"));
}

#[test]
fn a_rubric_cut_off_anywhere_is_no_panic() {
    for end in (0..=SMALL.len()).filter(|end| SMALL.is_char_boundary(*end)) {
        survives(&SMALL[..end]);
    }
}

#[test]
fn a_rubric_with_any_byte_changed_is_no_panic() {
    const SIGNS: &[u8] = b" \n\t{}[]:,-'\"\\*&?|>#%@!~0aZ\0\x7f\xc3";
    let mut random = fastrand::Rng::with_seed(4711);
    for at in 0..SMALL.len() {
        let mut bytes = SMALL.as_bytes().to_vec();
        bytes[at] = SIGNS[random.usize(..SIGNS.len())];
        survives(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_rubric_with_lines_shuffled_is_no_panic() {
    let mut random = fastrand::Rng::with_seed(4712);
    let mut lines: Vec<&str> = FULL.lines().collect();
    for _ in 0..30 {
        random.shuffle(&mut lines[5..]);
        survives(&lines.join("\n"));
    }
}
