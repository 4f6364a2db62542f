//! A small good rubric to break in one place.

use crate::rubric::{Lab, Shelf, load};

pub const NAME: &str = "labs/02-server/rubric.yaml";

/// A rubric with every word of the language.
pub const FULL: &str = include_str!("full.yaml");

/// A lab's fixtures: `cat.bin` and `site/cat.html`.
pub struct Cats;

impl Shelf for Cats {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        (name == "cat.bin").then(|| b"\x00meow\xff".to_vec())
    }

    fn folder(&self, name: &str) -> Option<Vec<(String, Vec<u8>)>> {
        (name == "site").then(|| vec![("cat.html".to_owned(), b"<h1>meow</h1>\n".to_vec())])
    }
}

pub fn loaded(text: &str) -> Lab {
    load(NAME, text, &Cats).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// The messages for a whole rubric.
pub fn mistakes(text: &str) -> String {
    match load(NAME, text, &Cats) {
        Ok(_) => "no mistake".to_owned(),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// A rubric of one step; `words` are lines of the step, the exchange among them.
pub fn step(words: &str) -> String {
    let mut text = String::from("title: T\nprogram: server\nstart: [\"{port}\"]\nsteps:\n");
    text.push_str("  - id: one\n    title: T\n    points: 100\n    hint: H\n    why: W\n");
    for line in words.trim_matches('\n').lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text
}

/// A rubric of one step with these lines (the first on line 12) and the actors that most lines need.
pub fn exchange(lines: &str) -> String {
    let mut words = String::from("actors: { slow: client, crowd: { clients: 3 }, origin: server }\nexchange:\n");
    for line in lines.trim_matches('\n').lines() {
        words.push_str(&format!("  {line}\n"));
    }
    // So that nobody is unused, whatever the lines are.
    words.push_str("  - slow: { wait: 1ms }\n  - crowd: { wait: 1ms }\n  - origin: { wait: 1ms }\n");
    step(&words)
}

/// The messages for such lines, without the file's name.
pub fn of_lines(lines: &str) -> String {
    mistakes(&exchange(lines))
}

/// The messages for these lines in a step that is good otherwise.
pub fn of_step(words: &str) -> String {
    mistakes(&step(&format!("exchange: [ student: {{ wait: 1ms }} ]\n{words}")))
}

/// The messages for a rubric of these steps, an `{ … }` each, without what all of them have.
pub fn of_steps(steps: &[&str]) -> String {
    let mut text = String::from("title: T\nprogram: server\nstart: []\nsteps:\n");
    for step in steps {
        let all = "title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ]";
        text.push_str(&format!("  - {{ {step}, {all} }}\n"));
    }
    mistakes(&text)
}

/// Compares a whole message; what was got is shown as it would be printed.
#[track_caller]
pub fn same(got: &str, expected: &str) {
    let expected = expected.trim_matches('\n');
    assert!(got == expected, "got:\n{got}\n\nexpected:\n{expected}\n");
}
