//! The formats by name.

use super::{autolab, ctrf, exercism, gradescope, junit, prairielearn, vpl};
use crate::report::json;
use crate::report::look::Look;
use crate::score::Scorecard;

/// Who is to read a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The grader's own, with all that it knows.
    Json,
    Autolab,
    Ctrf,
    Exercism,
    Gradescope,
    Junit,
    PrairieLearn,
    Vpl,
}

impl Format {
    pub const ALL: [Format; 8] = [
        Format::Json,
        Format::Autolab,
        Format::Ctrf,
        Format::Exercism,
        Format::Gradescope,
        Format::Junit,
        Format::PrairieLearn,
        Format::Vpl,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Autolab => "autolab",
            Format::Ctrf => "ctrf",
            Format::Exercism => "exercism",
            Format::Gradescope => "gradescope",
            Format::Junit => "junit",
            Format::PrairieLearn => "prairielearn",
            Format::Vpl => "vpl",
        }
    }

    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The whole report, with a newline at the end.
    pub fn write(self, card: &Scorecard, look: &Look) -> Vec<u8> {
        match self {
            Format::Json => json(card, look),
            Format::Autolab => autolab::autolab(card).into_bytes(),
            Format::Ctrf => ctrf::ctrf(card),
            Format::Exercism => exercism::exercism(card),
            Format::Gradescope => gradescope::gradescope(card),
            Format::Junit => junit::junit(card),
            Format::PrairieLearn => prairielearn::prairielearn(card),
            Format::Vpl => vpl::vpl(card).into_bytes(),
        }
    }
}
