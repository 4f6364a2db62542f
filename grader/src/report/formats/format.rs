//! The formats by name.

use super::row::{Told, visible};
use super::{autolab, classroom, classroom50, ctrf, exercism, github, gradescope, junit, prairielearn, submitty, vpl};
use crate::report::html::{Audience, html};
use crate::report::json;
use crate::report::look::Look;
use crate::score::Scorecard;

/// Who is to read a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The grader's own, with all that it knows.
    Json,
    Autolab,
    Classroom,
    Classroom50,
    Ctrf,
    Exercism,
    /// Annotations, for stdout.
    Github,
    /// For `$GITHUB_STEP_SUMMARY`.
    GithubSummary,
    Gradescope,
    /// A page, which a student may see.
    Html,
    /// The page with hidden steps too.
    HtmlStaff,
    Junit,
    PrairieLearn,
    Submitty,
    Vpl,
}

impl Format {
    pub const ALL: [Format; 15] = [
        Format::Json,
        Format::Autolab,
        Format::Classroom,
        Format::Classroom50,
        Format::Ctrf,
        Format::Exercism,
        Format::Github,
        Format::GithubSummary,
        Format::Gradescope,
        Format::Html,
        Format::HtmlStaff,
        Format::Junit,
        Format::PrairieLearn,
        Format::Submitty,
        Format::Vpl,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Autolab => "autolab",
            Format::Classroom => "classroom",
            Format::Classroom50 => "classroom50",
            Format::Ctrf => "ctrf",
            Format::Exercism => "exercism",
            Format::Github => "github",
            Format::GithubSummary => "github-summary",
            Format::Gradescope => "gradescope",
            Format::Html => "html",
            Format::HtmlStaff => "html-staff",
            Format::Junit => "junit",
            Format::PrairieLearn => "prairielearn",
            Format::Submitty => "submitty",
            Format::Vpl => "vpl",
        }
    }

    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Whether the report says itself that the grader had trouble of its own and the score is none. Where it does not,
    /// the exit status has to.
    pub fn tells_of_a_fault(self, card: &Scorecard) -> bool {
        match self {
            Format::Json | Format::Classroom | Format::Exercism | Format::Gradescope => true,
            Format::Html | Format::HtmlStaff | Format::PrairieLearn | Format::Submitty => true,
            // Of each step, if it is shown.
            Format::Ctrf | Format::Junit => visible(card).iter().any(|row| row.told == Told::Faulted),
            Format::Autolab | Format::Classroom50 | Format::Github | Format::GithubSummary | Format::Vpl => false,
        }
    }

    /// The whole report, with a newline at the end.
    pub fn write(self, card: &Scorecard, look: &Look) -> Vec<u8> {
        match self {
            Format::Json => json(card, look),
            Format::Autolab => autolab::autolab(card).into_bytes(),
            Format::Classroom => classroom::classroom(card),
            Format::Classroom50 => classroom50::classroom50(card, &look.assignment),
            Format::Ctrf => ctrf::ctrf(card),
            Format::Exercism => exercism::exercism(card),
            Format::Github => github::annotations(card).into_bytes(),
            Format::GithubSummary => github::summary(card).into_bytes(),
            Format::Gradescope => gradescope::gradescope(card),
            Format::Html => html(card, look, Audience::Student),
            Format::HtmlStaff => html(card, look, Audience::Staff),
            Format::Junit => junit::junit(card),
            Format::PrairieLearn => prairielearn::prairielearn(card),
            Format::Submitty => submitty::submitty(card),
            Format::Vpl => vpl::vpl(card).into_bytes(),
        }
    }
}
