//! The report that programs read; `grader/schema/report-v1.schema.json` describes it.

mod document;
mod failure;
#[cfg(test)]
mod tests;
mod trace;

use serde::Serialize;

use document::Document;

use super::look::Look;
use crate::score::Scorecard;

/// Names the format; a change that a reader would notice makes it `v2`.
pub const SCHEMA: &str = "grader/report/v1";

/// The whole report, with a newline at the end. Of the look only the program's name and the detail matter.
pub fn json(card: &Scorecard, look: &Look) -> Vec<u8> {
    pretty(&Document::of(card, look))
}

/// As all our files in JSON are written: for people too, and with a newline at the end.
pub fn pretty(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("strings and numbers can be written");
    bytes.push(b'\n');
    bytes
}
