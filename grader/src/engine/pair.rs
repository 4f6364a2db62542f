//! One exchange between programs of two submissions.

use super::play::{Program, Settings};
use super::step;
use super::verdict::{Failure, Verdict};
use crate::rubric::{Lab, Step};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Met {
    Well,
    /// The lab's program, the one that begins, did not get what it should.
    Failed(Box<Failure>),
    /// The other one did not last, or never listened: a sentence.
    Partner(String),
    /// One of the two is not there, or this machine cannot play it.
    Unavailable(String),
    Faulted(String),
}

/// `program` has the other submission's programs beside it. Never panics.
pub fn meet(lab: &Lab, exchange: &Step, program: &Program, settings: &Settings) -> Met {
    match step::meet(lab, exchange, program, settings) {
        (Verdict::Passed, _) => Met::Well,
        (Verdict::Failed(failure), _) => Met::Failed(failure),
        (Verdict::Unavailable { why }, true) => Met::Partner(why),
        (Verdict::Unavailable { why } | Verdict::Blocked { needs: why }, _) => Met::Unavailable(why),
        (Verdict::Faulted { what }, _) => Met::Faulted(what),
    }
}

impl Met {
    /// What went wrong between the two, if anything did.
    pub fn cause(&self) -> Option<String> {
        match self {
            Met::Failed(failure) => Some(failure.miss.to_string()),
            Met::Partner(sentence) => Some(sentence.clone()),
            Met::Well | Met::Unavailable(_) | Met::Faulted(_) => None,
        }
    }
}
