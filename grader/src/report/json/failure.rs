//! What the file says of a failed step.

use serde::Serialize;
use serde_json::Number;

use crate::engine::{Difference, Ended, Failure, Miss, next_action};
use crate::report::command::grade_step;
use crate::report::got::got;
use crate::report::look::Look;
use crate::report::number::seconds;
use crate::report::text::{harmless, hex};
use crate::score::{LabScore, Scorecard, StepScore};

#[derive(Serialize)]
pub struct FailurePart<'c> {
    /// The miss's name, which stays when its sentence is reworded.
    miss: &'static str,
    sentence: String,
    next: String,
    expected_by: LinePart<'c>,
    waited: WaitedPart,
    observed: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<DifferencePart>,
    /// In quotes and escaped, so that any bytes can stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    got: Option<String>,
    stderr: String,
    hint: &'c str,
    why: &'c str,
    #[serde(rename = "try", skip_serializing_if = "Option::is_none")]
    try_it: Option<&'c str>,
    again: String,
}

#[derive(Serialize)]
struct LinePart<'c> {
    file: &'c str,
    line: usize,
    text: &'c str,
}

#[derive(Serialize)]
struct WaitedPart {
    until: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<Number>,
}

#[derive(Serialize)]
struct DifferencePart {
    offset: u64,
    /// Offset of the first byte of both windows.
    start: u64,
    expected_hex: String,
    got_hex: String,
    expected_bytes: u64,
    got_bytes: u64,
}

impl<'c> FailurePart<'c> {
    pub fn of(
        failure: &'c Failure,
        card: &Scorecard,
        lab: &'c LabScore,
        score: &'c StepScore,
        look: &Look,
    ) -> FailurePart<'c> {
        let (source, step) = (&lab.lab.source, lab.step(score));
        FailurePart {
            miss: failure.miss.name(),
            sentence: failure.miss.to_string(),
            next: next_action(failure),
            expected_by: LinePart { file: &source.name, line: failure.place.line, text: source.line(failure.place) },
            waited: waited(failure.ended),
            observed: failure.observed.iter().map(|sentence| harmless(sentence)).collect(),
            difference: match &failure.miss {
                Miss::WrongBytes { difference, .. } => Some(difference_part(difference)),
                _ => None,
            },
            got: got(&failure.miss),
            stderr: harmless(&failure.stderr),
            hint: step.map_or("", |step| step.hint.trim()),
            why: step.map_or("", |step| step.why.trim()),
            try_it: step.and_then(|step| step.try_it.as_deref()),
            again: grade_step(look, &card.submission, &lab.lab.id, &score.outcome.step),
        }
    }
}

fn waited(ended: Ended) -> WaitedPart {
    match ended {
        Ended::Event => WaitedPart { until: "event", seconds: None },
        Ended::ProvablyStuck => WaitedPart { until: "provably-stuck", seconds: None },
        Ended::Deadline(time) => WaitedPart { until: "deadline", seconds: Some(seconds(time)) },
    }
}

fn difference_part(difference: &Difference) -> DifferencePart {
    DifferencePart {
        offset: difference.offset,
        start: difference.start,
        expected_hex: hex(&difference.expected),
        got_hex: hex(&difference.got),
        expected_bytes: difference.expected_total,
        got_bytes: difference.got_total,
    }
}
