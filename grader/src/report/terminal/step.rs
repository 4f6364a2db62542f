//! One line a step.

use anstyle::Style;

use crate::engine::{Verdict, plain, span};
use crate::report::look::{BAD, GOOD, NOTICE, PLAIN, QUIET};
use crate::report::page::Page;
use crate::report::wrap::{cut, pad, width};
use crate::score::{LabScore, StepScore};

/// How wide the columns of a lab's steps are.
pub struct Columns {
    points: usize,
    id: usize,
}

impl Columns {
    pub fn of(lab: &LabScore) -> Columns {
        let widest = |of: fn(&StepScore) -> String| lab.steps.iter().map(|step| width(&of(step))).max().unwrap_or(0);
        Columns { points: widest(points), id: widest(|step| step.outcome.step.clone()) }
    }
}

/// Mark, points, id, title, time: `✓  10/10  listens  Listens on the port it was told   12 ms`
pub fn step_line(page: &mut Page, columns: &Columns, step: &StepScore) {
    let (mark, style) = mark(&step.outcome.verdict);
    let time = match &step.outcome.verdict {
        Verdict::Blocked { needs } => format!("needs {needs}"),
        _ => span(step.outcome.took),
    };
    let points = points(step);
    let points = format!("{}{points}", " ".repeat(columns.points - width(&points)));
    let id = pad(&step.outcome.step, columns.id);
    // Two spaces before each column.
    let left = page.look.width.saturating_sub(4 + columns.points + 2 + columns.id + 2 + 2 + width(&time));
    let title = if left < 8 { String::new() } else { cut(&plain(&step.title), left) };
    let title = pad(&title, if left < 8 { 0 } else { left });
    let look = page.look;
    let text = if matches!(step.outcome.verdict, Verdict::Blocked { .. }) { QUIET } else { PLAIN };
    let line = format!(
        "  {} {points}  {}  {}  {}",
        look.paint(style, mark),
        look.paint(style, &id),
        look.paint(text, &title),
        look.paint(QUIET, &time),
    );
    page.line(&line);
}

fn mark(verdict: &Verdict) -> (&'static str, Style) {
    match verdict {
        Verdict::Passed => ("✓", GOOD),
        Verdict::Failed(_) => ("✗", BAD),
        Verdict::Blocked { .. } => ("-", QUIET),
        Verdict::Unavailable { .. } => ("?", NOTICE),
        Verdict::Faulted { .. } => ("!", BAD),
    }
}

/// `10/10`, `0/6`, `+0/5` for extra credit, `-/6` when nobody could tell.
fn points(step: &StepScore) -> String {
    let earned = match step.outcome.verdict {
        Verdict::Unavailable { .. } | Verdict::Faulted { .. } => "-".to_owned(),
        _ => step.earned.to_string(),
    };
    format!("{}{earned}/{}", if step.bonus { "+" } else { "" }, step.worth)
}
