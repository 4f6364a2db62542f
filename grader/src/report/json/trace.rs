//! The record of an exchange in the file.

use serde::Serialize;
use serde_json::Number;

use crate::engine::{Direction, Entry, Trace};
use crate::report::number::seconds;
use crate::report::text::harmless;

/// Of a longer exchange the beginning and the end are kept.
const FIRST: usize = 20;
const LAST: usize = 80;

#[derive(Serialize)]
pub struct TracePart<'c> {
    number: usize,
    seconds: Number,
    actor: &'c str,
    direction: &'static str,
    text: String,
    line: usize,
    wrong: bool,
}

pub fn trace(trace: &Trace) -> Vec<TracePart<'_>> {
    let count = trace.0.len();
    let kept = |index: usize| index < FIRST || index + LAST >= count;
    let entries = trace.0.iter().enumerate().filter(|(index, _)| kept(*index));
    entries.map(|(index, entry)| part(index + 1, entry)).collect()
}

fn part(number: usize, entry: &Entry) -> TracePart<'_> {
    TracePart {
        number,
        seconds: seconds(entry.at),
        actor: &entry.actor,
        direction: match entry.direction {
            Direction::Act => "act",
            Direction::ToStudent => "to-student",
            Direction::FromStudent => "from-student",
        },
        text: harmless(&entry.text),
        line: entry.place.line,
        wrong: entry.wrong,
    }
}
