//! The numbered record of an exchange, up to where it ended.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::rubric::Place;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trace(pub Vec<Entry>);

/// One thing that happened, in the order in which it was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Since the step began.
    pub at: Duration,
    /// `student`, or the actor's name.
    pub actor: String,
    pub direction: Direction,
    /// One line, control characters escaped: `connects from 127.0.0.1:40312`, `"hello\n"`, …
    pub text: String,
    /// The rubric's line that was being played.
    pub place: Place,
    /// The entry is the one that went wrong.
    pub wrong: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Something the actor does by itself.
    Act,
    /// Bytes or a segment from the grader's actor to the student.
    ToStudent,
    /// Bytes or a segment from the student to the grader's actor.
    FromStudent,
}
