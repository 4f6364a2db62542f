//! A lab's part of the report: its heading, then its steps.

use super::failure::{brief, in_full, same_again};
use super::step::{Columns, step_line};
use super::stream::lines_of;
use super::totals::{out_of, totals};
use super::trace::trace;
use crate::engine::{Failure, Miss, Verdict, plain};
use crate::report::look::{BAD, Detail, HEADING, Look, NOTICE};
use crate::report::page::{LABELS, Page};
use crate::score::{LabScore, Problem, Scorecard, StepScore};

/// Lines of a builder's output that are worth reading again.
const BUILDER_LINES: usize = 60;

/// The whole report, as text for a terminal.
pub fn terminal(card: &Scorecard, look: &Look) -> String {
    let mut page = Page::new(look);
    let mut last_problem: Option<&Problem> = None;
    for lab in &card.labs {
        page.gap();
        let heading = format!("{}: {}", lab.lab.id, plain(&lab.lab.title));
        page.spread(&heading, HEADING, &out_of(&lab.totals()));
        page.gap();
        match &lab.problem {
            Some(problem) if last_problem == Some(problem) => page.prose(2, BAD, "the same as above"),
            Some(problem) => show_problem(&mut page, problem),
            None => steps(&mut page, card, lab),
        }
        last_problem = lab.problem.as_ref();
    }
    page.gap();
    totals(&mut page, card);
    page.finish()
}

fn show_problem(page: &mut Page, problem: &Problem) {
    page.prose(2, BAD, &plain(&problem.what));
    page.gap();
    lines_of(page, 4, &problem.output, BUILDER_LINES);
}

fn steps(page: &mut Page, card: &Scorecard, lab: &LabScore) {
    let columns = Columns::of(lab);
    let mut shown: Vec<(&StepScore, &Failure)> = Vec::new();
    for step in &lab.steps {
        step_line(page, &columns, step);
        match &step.outcome.verdict {
            Verdict::Failed(failure) => {
                let before = shown.iter().find(|(_, before)| same_cause(&before.miss, &failure.miss));
                match before {
                    _ if shown.is_empty() || page.look.detail >= Detail::Failures => {
                        in_full(page, card, lab, step, failure)
                    }
                    Some((before, _)) => same_again(page, card, lab, step, before),
                    None => brief(page, card, lab, step, failure),
                }
                shown.push((step, failure));
            }
            Verdict::Passed if page.look.detail == Detail::Everything => trace(page, &step.outcome.trace),
            Verdict::Unavailable { why } => {
                page.prose(LABELS, NOTICE, &format!("cannot be checked here and costs nothing: {}", plain(why)));
            }
            Verdict::Faulted { what } => {
                page.prose(LABELS, BAD, &format!("the grader's own trouble, which costs nothing: {}", plain(what)));
            }
            Verdict::Passed | Verdict::Blocked { .. } => {}
        }
    }
}

/// Whether a reader who has read of the one learns nothing from the other. Each step has a port of its own, so that
/// the same mistake comes with other numbers.
fn same_cause(one: &Miss, other: &Miss) -> bool {
    use Miss::*;
    let numbers_aside = matches!(
        one,
        MadeSocketOnly
            | BoundNotListening { .. }
            | ListeningOnOtherPort { .. }
            | ListeningOnlyOn { .. }
            | Ipv6Only { .. }
            | StoppedListening { .. }
            | NotAccepting { .. }
    );
    one == other || numbers_aside && one.name() == other.name()
}
