//! The end of the report: what it adds up to, under which conditions, and where to begin.

use crate::engine::{Verdict, plain, span};
use crate::report::command::grade_step;
use crate::report::look::{BAD, HEADING, NOTICE, PLAIN, QUIET};
use crate::report::page::Page;
use crate::report::wrap::{pad, width};
use crate::rubric::Points;
use crate::score::{Scorecard, StepScore, Totals};

pub fn totals(page: &mut Page, card: &Scorecard) {
    let totals = card.totals();
    let name = card.labs.iter().map(|lab| width(&lab.lab.id)).max().unwrap_or(0).max("total".len());
    if card.labs.len() > 1 {
        for lab in &card.labs {
            page.line(&format!("{}  {}", pad(&lab.lab.id, name), out_of(&lab.totals())));
        }
    }
    let total = format!("{}  {}", pad("total", name), out_of(&totals));
    let total = page.look.paint(HEADING, &total);
    page.line(&total);
    apart(page, card, totals);
    let conditions = format!("level {}, seed {}, {}", card.level, card.seed, span(card.took));
    page.prose(0, QUIET, &conditions);
    if let Some(why) = &card.level_why {
        page.prose(0, PLAIN, &format!("no better level: {}", plain(why)));
    }
    if let Some((lab, step)) = first_to_do(card) {
        page.gap();
        let command = grade_step(page.look, &card.submission, lab, &step.outcome.step);
        page.line(&format!("begin with  {command}"));
    }
}

/// `72/100`, `72/94 + 10/10 bonus`
pub fn out_of(totals: &Totals) -> String {
    let ordinary = format!("{}/{}", totals.earned, totals.graded());
    match (totals.worth, totals.bonus_worth) {
        (_, Points::ZERO) => ordinary,
        (Points::ZERO, worth) => format!("{}/{worth} bonus", totals.bonus_earned),
        (_, worth) => format!("{ordinary} + {}/{worth} bonus", totals.bonus_earned),
    }
}

/// What nobody could tell, and why.
fn apart(page: &mut Page, card: &Scorecard, totals: Totals) {
    let ids = |wanted: fn(&Verdict) -> bool| {
        let steps = card.labs.iter().flat_map(|lab| lab.steps.iter().map(move |step| (lab, step)));
        let wanted = steps.filter(|(_, step)| wanted(&step.outcome.verdict));
        wanted.map(|(lab, step)| format!("{}/{}", lab.lab.id, step.outcome.step)).collect::<Vec<_>>().join(", ")
    };
    let unavailable = ids(|verdict| matches!(verdict, Verdict::Unavailable { .. }));
    if !unavailable.is_empty() {
        let points = totals.unavailable;
        page.prose(0, NOTICE, &format!("not checkable here: {points} points, which cost nothing ({unavailable})"));
    }
    let faulted = ids(|verdict| matches!(verdict, Verdict::Faulted { .. }));
    if !faulted.is_empty() {
        let points = totals.faulted;
        page.prose(0, BAD, &format!("not graded through the grader's own fault: {points} points ({faulted})"));
    }
}

/// The first step that failed, when there is more than that one to choose from.
fn first_to_do(card: &Scorecard) -> Option<(&str, &StepScore)> {
    let mut lost = card.labs.iter().flat_map(|lab| {
        let failed = lab.steps.iter().filter(|step| matches!(step.outcome.verdict, Verdict::Failed(_)));
        failed.map(move |step| (lab.lab.id.as_str(), step))
    });
    let first = lost.next()?;
    lost.next().map(|_| first)
}
