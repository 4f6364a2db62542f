//! `labs/README.md`, the language's reference: every example can be read, and every word that the reader knows is in one.

use std::collections::BTreeSet;

use super::examples::{Program, Shape, examples, rubric};
use super::specimen::Cats;
use crate::rubric::read::{PATTERNS, PAYLOADS, PLACEHOLDERS, VOCABULARY};
use crate::rubric::verbs::VERBS;
use crate::rubric::{Lab, load, load_mutants};

const PAGE: &str = include_str!("../../../../labs/README.md");

/// Words that are no list of the reader's: they are beside numbers, or lists, or names of programs.
const OTHERS: [&str; 9] = ["by_hand", "folder", "link", "taken", "cell", "ipv6", "times", "exchange", "true"];

fn read(program: Program, steps: &[String]) -> Lab {
    read_text(&rubric(program, steps))
}

fn read_text(text: &str) -> Lab {
    load("labs/README.md/rubric.yaml", text, &Cats).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// All that the examples made the reader look for.
fn read_the_page() {
    for example in examples(PAGE) {
        match example.shape() {
            Shape::Rubric => {
                let lab = load("labs/example/rubric.yaml", &example.text, &Cats);
                lab.unwrap_or_else(|mistakes| panic!("{mistakes}"));
            }
            Shape::Mutants => {
                let lab = examples(PAGE).into_iter().find(|other| other.shape() == Shape::Rubric).expect("a rubric");
                let lab = load("labs/example/rubric.yaml", &lab.text, &Cats).expect("it is good");
                let mutants = load_mutants("labs/example/mutants.yaml", &example.text, &lab);
                mutants.unwrap_or_else(|mistakes| panic!("{mistakes}"));
            }
            Shape::Interop => drop(read_text(&format!("{}{}", rubric(example.program(), &[]), example.text))),
            Shape::Step => drop(read(example.program(), &[example.step()])),
        }
    }
}

#[test]
fn every_example_of_the_page_can_be_read() {
    assert!(examples(PAGE).len() > 15);
    read_the_page();
}

#[test]
fn every_word_of_the_language_is_in_an_example() {
    VOCABULARY.take();
    read_the_page();
    // Whoever is new to the reader is looked for wherever its neighbours are.
    let mut words: BTreeSet<String> = VOCABULARY.take();
    assert!(words.len() > 80, "the reader tells of its words");
    words
        .extend(VERBS.iter().flat_map(|verb| verb.modifiers.iter().chain([&verb.word])).map(|word| (*word).to_owned()));
    let more = PATTERNS.iter().chain(&PAYLOADS).chain(&OTHERS).map(|word| (*word).to_owned());
    words.extend(more.chain(PLACEHOLDERS.iter().map(|fact| fact.to_string())));
    let shown: String = examples(PAGE).into_iter().map(|example| example.text).collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let shown: BTreeSet<&str> = shown.split(|c| !is_part(c)).chain(["1.0", "1.1"]).collect();
    let missing: Vec<&String> = words.iter().filter(|word| !shown.contains(word.as_str())).collect();
    assert!(
        missing.is_empty(),
        "no example in labs/README.md has {missing:?}: show each in a ```yaml fence, whose whole the tests then play \
         (cargo test -p conformance language), and say in a word or two what it does"
    );
}

#[test]
fn a_word_that_no_example_has_would_be_noticed() {
    VOCABULARY.take();
    read(Program::Server, &[examples("```yaml\n- student: { observe: { asleep: true } }\n```\n")[0].step()]);
    let words = VOCABULARY.take();
    // Its neighbours, and a step's and a lab's other words.
    assert!(["zombies", "visibility", "program"].iter().all(|word| words.contains(*word)), "{words:?}");
}
