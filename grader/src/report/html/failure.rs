//! What the page says of a failed step.

use super::bytes::Bytes;
use crate::engine::{Failure, Miss, next_action, plain};
use crate::report::command::grade_step;
use crate::report::got::got;
use crate::report::look::Look;
use crate::report::text::harmless;
use crate::report::waited::waited;
use crate::score::{LabScore, Scorecard, StepScore};

pub struct FailurePart {
    pub sentence: String,
    pub replays: Option<String>,
    pub next: String,
    pub place: String,
    pub line: String,
    pub waited: Option<String>,
    pub observed: Vec<String>,
    pub got: Option<String>,
    pub bytes: Option<Bytes>,
    pub stderr: String,
    pub hint: String,
    pub why: String,
    pub try_it: Option<String>,
    pub again: String,
}

impl FailurePart {
    pub fn of(failure: &Failure, card: &Scorecard, lab: &LabScore, score: &StepScore, look: &Look) -> FailurePart {
        let (source, step) = (&lab.lab.source, lab.step(score));
        FailurePart {
            sentence: plain(&failure.miss.to_string()),
            replays: score.outcome.replays.map(|replays| replays.to_string()),
            next: next_action(failure),
            place: plain(&source.at(failure.place)),
            line: plain(source.line(failure.place)),
            waited: waited(failure.ended),
            observed: failure.observed.iter().map(|sentence| plain(sentence)).collect(),
            got: got(&failure.miss),
            bytes: match &failure.miss {
                Miss::WrongBytes { difference, .. } => Some(Bytes::of(difference)),
                _ => None,
            },
            stderr: harmless(failure.stderr.trim_end()),
            hint: step.map(|step| plain(step.hint.trim())).unwrap_or_default(),
            why: step.map(|step| plain(step.why.trim())).unwrap_or_default(),
            try_it: step.and_then(|step| step.try_it.as_deref()).map(|command| harmless(command.trim())),
            again: grade_step(look, &card.submission, &lab.lab.id, &score.outcome.step),
        }
    }
}
