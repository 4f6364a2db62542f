//! What came of one step.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::capture::Captured;
use super::miss::Miss;
use super::trace::Trace;
use crate::rubric::Place;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Verdict {
    /// For machines: it stays when sentences are reworded.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed(_) => "failed",
            Verdict::Blocked { .. } => "blocked",
            Verdict::Unavailable { .. } => "unavailable",
            Verdict::Faulted { .. } => "faulted",
        }
    }
}

/// A failed step: which stage of the socket's life went wrong, and how the grader knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// Something happened that rules the expected thing out.
    Event,
    /// The whole process tree sleeps in calls without a timeout and nothing is in flight.
    ProvablyStuck,
    /// This much time in which the program could have run went by.
    Deadline(Duration),
}

/// A step that was played, or the reason why it was not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub lab: String,
    pub step: String,
    pub verdict: Verdict,
    pub trace: Trace,
    pub took: Duration,
    /// How often a step that had failed was played once more; none when nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replays: Option<Replays>,
    /// What was kept of the frames on its network; they themselves lie elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured: Option<Captured>,
}

/// What came of playing a failed step again. The first verdict stands: this only says how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replays {
    pub played: u32,
    pub passed: u32,
}

impl Replays {
    /// Luck had a part in it: the program's, or ours.
    pub fn is_flaky(self) -> bool {
        self.passed > 0
    }
}

impl fmt::Display for Replays {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (self.passed, self.played) {
            (_, 0) => f.write_str("could not be played again"),
            (0, played) => write!(f, "failed {played} of {played} when it was played again"),
            (passed, played) => {
                write!(f, "passed {passed} of {played} when it was played again: chance has a part in it")
            }
        }
    }
}
