//! What is wrong: the data. `words.rs` beside this file has the sentences.

use std::time::Duration;

use super::wanted::{Got, Wanted};
use super::yaml_trouble::YamlTrouble;
use crate::rubric::points::Points;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    // The file as a whole
    Unreadable {
        path: String,
        why: String,
    },
    NotUtf8,
    /// `most` is in bytes.
    TooLarge {
        most: u64,
    },
    Empty {
        file: File,
    },
    /// It holds a list or text where words with values are looked for.
    NoWords {
        file: File,
    },
    Yaml(YamlTrouble),

    // Words and values
    UnknownWord {
        word: String,
        near: Option<String>,
        known: Vec<String>,
    },
    /// A list or a map stands where a word is looked for.
    KeyIsNoWord,
    GivenTwice {
        word: String,
        first_line: usize,
    },
    Missing {
        thing: Thing,
        word: &'static str,
    },
    /// The value of `word` is not what it takes.
    Unfit {
        word: String,
        wanted: Wanted,
        got: Got,
    },
    /// `what` has to be longer than nothing: `exchange: []`.
    NothingIn {
        word: String,
    },
    BadRegex {
        why: String,
    },
    LongerThanLimit {
        word: String,
        limit: Duration,
    },
    /// `at_most` of a pause.
    ShorterThanPause {
        pause: Duration,
    },
    /// `after` is no shorter than `within`.
    TooLate {
        within: Duration,
    },
    /// `\n` where YAML takes a backslash literally.
    LiteralBackslash {
        escape: String,
    },
    /// `\xff` in double quotes: a character, not a byte.
    CharacterNotByte {
        escape: String,
    },

    // Templates
    UnknownPlaceholder {
        name: String,
        near: Option<String>,
        known: Vec<String>,
    },
    LoneBrace {
        brace: char,
    },
    /// `{port}` without quotes is a map to YAML.
    UnquotedPlaceholder {
        name: String,
    },
    /// `{slow.port}` of an actor that has none.
    NoSuchFact {
        actor: String,
        role: &'static str,
        fact: &'static str,
        has: Vec<String>,
    },
    /// `{i}` where nobody is one of many.
    NumberOutsideCrowd,
    /// `{crowd.local}` in another actor's line.
    FactOfCrowd {
        actor: String,
        fact: &'static str,
    },
    /// `{slow.local}` before there is a connection.
    FactTooEarly {
        actor: String,
        fact: &'static str,
    },

    // Payloads
    NoFixture {
        name: String,
    },
    NoFixtureFolder {
        name: String,
    },
    /// Two entries of `files` at one place, or one where another has a folder.
    SamePath {
        path: String,
        other: String,
    },
    OutsideFolder {
        name: String,
        folder: &'static str,
    },
    UnknownPayload {
        name: String,
        near: Option<String>,
        known: Vec<String>,
    },
    RandomExpected,
    BothRequestAndResponse {
        word: String,
    },

    // Actors and lines
    StudentDeclared,
    /// `{ clients: 50, server: silent }`
    TwoRoles {
        one: String,
        other: String,
    },
    /// No line starts it.
    ProgramNotStarted {
        name: String,
    },
    ProgramStarted {
        name: String,
    },
    /// A step with points depends on a program that it does not grade.
    ProgramInGradedStep {
        program: String,
    },
    /// An exchange of `interop` without an actor of the other submission.
    NobodyElse,
    ReservedName {
        name: String,
    },
    /// The same address and port as another actor's.
    SamePort {
        first: String,
    },
    UnknownActor {
        name: String,
        near: Option<String>,
        known: Vec<String>,
    },
    UnusedActor {
        name: String,
    },
    TwoActors {
        first: String,
        second: String,
    },
    /// `- {}`
    NoActor,
    NoVerb {
        can: Vec<String>,
    },
    TwoVerbs {
        first: String,
        second: String,
    },
    VerbNotFor {
        actor: String,
        role: &'static str,
        verb: String,
        can: Vec<String>,
    },
    ModifierNotFor {
        verb: String,
        modifier: String,
        takes: Vec<String>,
    },
    Needs {
        word: &'static str,
        needs: &'static str,
    },
    BeforeOpen {
        actor: String,
        verb: String,
        opener: &'static str,
    },
    OpenAlready {
        actor: String,
        verb: String,
    },
    AfterClose {
        actor: String,
        verb: String,
        closing: &'static str,
        line: usize,
    },
    BeforeStart {
        verb: String,
    },
    StartMissing,
    StartedAlready,
    NothingRemembered {
        what: &'static str,
        now: &'static str,
    },
    NotOurs {
        word: String,
        address: String,
    },
    Reachable {
        address: String,
    },

    // Steps
    IdTwice {
        id: String,
        first_line: usize,
    },
    UnknownStep {
        id: String,
        near: Option<String>,
        known: Vec<String>,
    },
    /// The steps of the circle in order, each needing the next and the last the first.
    Circle {
        steps: Vec<String>,
    },
    NeedsBonus {
        needs: String,
    },
    Sum {
        points: Points,
    },
    NotARequirement {
        word: String,
        near: String,
    },

    // Mutants
    SameText,

    // The command line
    NoLab {
        folder: String,
    },
    UnknownLab {
        asked: String,
        near: Option<String>,
        known: Vec<String>,
    },
    AmbiguousLab {
        asked: String,
        labs: Vec<String>,
    },
    NoSuchStep {
        lab: String,
        asked: String,
        near: Option<String>,
        known: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    Rubric,
    Mutants,
}

/// What a missing word is missing from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Rubric,
    Step,
    Interop,
    Block,
    Repeat,
    Sender,
    Mutants,
    Mutant,
}
