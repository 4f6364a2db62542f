//! How long the grader waited, and what allowed it to stop.

use crate::engine::{Ended, span};

/// Nothing where what happened speaks for itself.
pub fn waited(ended: Ended) -> Option<String> {
    match ended {
        Ended::Event => None,
        Ended::ProvablyStuck => Some(
            "until it could never happen any more: the whole program sleeps and nothing is under way to it".to_owned(),
        ),
        Ended::Deadline(time) => Some(format!("{} in which the program could have run", span(time))),
    }
}
