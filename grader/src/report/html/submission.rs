//! The page from the outside in.

use std::path::Path;

use askama::Template;

use super::step::StepPart;
use crate::engine::{plain, span};
use crate::report::look::Look;
use crate::report::text::{harmless, one_line};
use crate::rubric::{Step, Visibility};
use crate::score::{LabScore, Scorecard, StepScore, Totals};

/// What all our pages look like.
pub const PAGE_STYLE: &str = include_str!("../../../templates/page.css");
const STYLE: &str = include_str!("../../../templates/report.css");

/// Who reads the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Of hidden steps nothing is in it but the points, which are part of the total.
    Student,
    Staff,
}

impl Audience {
    pub fn sees(self, step: &Step) -> bool {
        self == Audience::Staff || step.visibility == Visibility::Visible
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'c> {
    style: String,
    submission: String,
    points: String,
    notes: Vec<String>,
    labs: Vec<LabPart<'c>>,
    level: String,
    seed: u64,
    grader: &'static str,
    /// All steps together: not for who does not see all of them.
    took: Option<String>,
}

struct LabPart<'c> {
    id: &'c str,
    title: String,
    points: String,
    problem: Option<ProblemPart>,
    steps: Vec<StepPart>,
}

struct ProblemPart {
    what: String,
    output: String,
}

/// The whole page.
pub fn html(card: &Scorecard, look: &Look, audience: Audience) -> Vec<u8> {
    // Where it lies concerns nobody; `again` says it where it is of use.
    let name = Path::new(&card.submission).file_name().unwrap_or(&card.submission);
    let page = Page {
        style: format!("{PAGE_STYLE}{STYLE}"),
        submission: one_line(name),
        points: earned_of(card.totals()),
        notes: notes(card),
        labs: card.labs.iter().map(|lab| lab_part(card, lab, look, audience)).collect(),
        level: card.level.to_string(),
        seed: card.seed,
        grader: env!("CARGO_PKG_VERSION"),
        took: card.labs.iter().flat_map(|lab| &lab.lab.steps).all(|step| audience.sees(step)).then(|| span(card.took)),
    };
    page.render().expect("a page is written to memory").into_bytes()
}

fn lab_part<'c>(card: &'c Scorecard, lab: &'c LabScore, look: &Look, audience: Audience) -> LabPart<'c> {
    let seen = |score: &&StepScore| lab.step(score).is_none_or(|step| audience.sees(step));
    let mut steps: Vec<StepPart> =
        lab.steps.iter().filter(seen).map(|step| StepPart::of(card, lab, step, look, audience)).collect();
    // The first one is where to begin.
    if let Some(first) = steps.iter_mut().find(|step| step.failure.is_some()) {
        first.open = true;
    }
    LabPart {
        id: &lab.lab.id,
        title: plain(&lab.lab.title),
        points: earned_of(lab.totals()),
        problem: lab
            .problem
            .as_ref()
            .map(|problem| ProblemPart { what: plain(&problem.what), output: harmless(problem.output.trim_end()) }),
        steps,
    }
}

/// `85/100`, `85/100 and 5/10 extra`
fn earned_of(totals: Totals) -> String {
    let ordinary = format!("{}/{}", totals.earned, totals.worth);
    match totals.bonus_worth.0 {
        0 => ordinary,
        _ => format!("{ordinary} and {}/{} extra", totals.bonus_earned, totals.bonus_worth),
    }
}

fn notes(card: &Scorecard) -> Vec<String> {
    let totals = card.totals();
    let mut notes = Vec::new();
    if !card.finished {
        notes.push("Not all of it has been graded: the grader did not finish. This is no grade.".to_owned());
    }
    if totals.faulted.0 > 0 && card.finished {
        let points = totals.faulted;
        notes.push(format!(
            "{points} points could not be graded through the grader's own fault; they are nobody's loss."
        ));
    }
    if totals.unavailable.0 > 0 {
        let points = totals.unavailable;
        notes.push(format!("{points} points cannot be checked on the machine that graded this; they cost nothing."));
    }
    if let Some(why) = &card.level_why {
        notes.push(format!("It was isolated at level {}: {}", card.level, plain(why)));
    }
    notes
}
