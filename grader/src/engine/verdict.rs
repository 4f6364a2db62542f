//! What came of one step.

use std::time::Duration;

use super::miss::Miss;
use super::trace::Trace;
use crate::rubric::Place;

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Passed,
    Failed(Box<Failure>),
    /// A step this one needs has not passed; it was not played.
    Blocked {
        needs: String,
    },
    /// This machine cannot check the step. It costs nothing and is reported.
    Unavailable {
        why: String,
    },
    /// The grader's own trouble; never the student's.
    Faulted {
        what: String,
    },
}

/// A failed step: which stage of the socket's life went wrong, and how the grader knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub miss: Miss,
    /// The rubric's line that was not met.
    pub place: Place,
    /// How the wait ended: what allows the grader to say "never".
    pub ended: Ended,
    /// What the kernel showed at that moment, a sentence each: `every thread is in accept`, …
    pub observed: Vec<String>,
    /// The last of what the program wrote to stderr: lossily decoded, control characters still in it.
    pub stderr: String,
}

/// Why the grader stopped waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Something happened that rules the expected thing out.
    Event,
    /// The whole process tree sleeps in calls without a timeout and nothing is in flight.
    ProvablyStuck,
    /// This much time in which the program could have run went by.
    Deadline(Duration),
}

/// A step that was played, or the reason why it was not.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub lab: String,
    pub step: String,
    pub verdict: Verdict,
    pub trace: Trace,
    pub took: Duration,
}
