//! A step as all platforms have it: a name, a result, points, and a text.

use std::collections::HashSet;
use std::time::Duration;

use super::room::fit;
use crate::engine::{Failure, Verdict, next_action, plain};
use crate::report::got::got;
use crate::report::text::harmless;
use crate::rubric::{Points, Visibility};
use crate::score::{LabScore, Problem, Scorecard, StepScore};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Passed,
    Failed,
    /// What it needs had failed: it earned nothing, and nobody knows how it would have gone.
    Blocked,
    /// Cannot be checked on this machine, and costs nothing.
    Unavailable,
    /// The grader's own trouble, which costs nothing.
    Faulted,
}

#[derive(Debug)]
pub struct Row {
    pub lab: String,
    /// `02-server/listens`: stays when the title is reworded.
    pub id: String,
    pub title: String,
    pub told: Told,
    pub earned: Points,
    /// What it counts for here: nothing when nobody could tell.
    pub worth: Points,
    pub bonus: bool,
    pub took: Duration,
    /// There was no program to play it with.
    pub built_nothing: bool,
    pub visibility: Visibility,
    /// The cause, on one line; empty where all is well.
    pub message: String,
    /// The cause, and what to do about it.
    pub details: String,
}

/// All of them, in the rubric's order.
pub fn rows(card: &Scorecard) -> Vec<Row> {
    ready(card, |_| true)
}

/// Those that a student may see, for platforms that cannot hide any: the others are not even counted. What they earned
/// is part of a grade all the same, so whoever subtracts learns of it: points have to add up.
pub fn visible(card: &Scorecard) -> Vec<Row> {
    ready(card, |row| row.visibility == Visibility::Visible)
}

/// Whether points of these were lost. Extra credit counts when there is nothing else.
pub fn lost(rows: &[Row]) -> bool {
    let ordinary = rows.iter().any(|row| !row.bonus);
    let mut counted = rows.iter().filter(|row| !(ordinary && row.bonus));
    counted.any(|row| matches!(row.told, Told::Failed | Told::Blocked))
}

fn ready(card: &Scorecard, wanted: impl Fn(&Row) -> bool) -> Vec<Row> {
    let all = card.labs.iter().flat_map(|lab| lab.steps.iter().map(move |step| row(lab, step)));
    let mut rows: Vec<Row> = all.filter(wanted).collect();
    tell_apart(&mut rows);
    fit(&mut rows);
    rows
}

/// Some readers drop the second of two steps with one name.
fn tell_apart(rows: &mut [Row]) {
    let mut seen = HashSet::new();
    for row in rows {
        if !seen.insert((row.lab.clone(), row.title.clone())) {
            row.title = format!("{} ({})", row.title, row.id);
        }
    }
}

fn row(lab: &LabScore, score: &StepScore) -> Row {
    let (told, message, details) = match &score.outcome.verdict {
        Verdict::Passed => (Told::Passed, String::new(), String::new()),
        Verdict::Failed(failure) => (Told::Failed, plain(&failure.miss.to_string()), details(lab, score, failure)),
        Verdict::Blocked { needs } => blocked(lab, needs),
        Verdict::Unavailable { why } => {
            let message = format!("cannot be checked here, and costs nothing: {}", plain(why));
            (Told::Unavailable, message.clone(), message)
        }
        Verdict::Faulted { what } => {
            let message = format!("the grader's own trouble, which costs nothing: {}", plain(what));
            (Told::Faulted, message.clone(), message)
        }
    };
    let counts = !matches!(told, Told::Unavailable | Told::Faulted);
    Row {
        lab: lab.lab.id.clone(),
        id: format!("{}/{}", lab.lab.id, score.outcome.step),
        title: plain(&score.title),
        told,
        earned: score.earned,
        worth: if counts { score.worth } else { Points::ZERO },
        bonus: score.bonus,
        took: score.outcome.took,
        built_nothing: lab.problem.is_some(),
        visibility: lab.step(score).map(|step| step.visibility).unwrap_or_default(),
        message,
        details,
    }
}

fn blocked(lab: &LabScore, needs: &str) -> (Told, String, String) {
    match &lab.problem {
        Some(trouble) => (Told::Failed, plain(&trouble.what), problem(trouble)),
        None => {
            let shown = lab.lab.step(needs).is_none_or(|step| step.visibility == Visibility::Visible);
            let needs = if shown { format!("`{}`", plain(needs)) } else { "an earlier step".to_owned() };
            let message = format!("needs {needs}, which did not pass");
            (Told::Blocked, message.clone(), message)
        }
    }
}

fn details(lab: &LabScore, score: &StepScore, failure: &Failure) -> String {
    let mut lines = vec![failure.miss.to_string(), String::new(), format!("next: {}", next_action(failure))];
    lines.extend(score.outcome.replays.map(|replays| format!("replays: {replays}")));
    lines.extend(failure.observed.iter().map(|sentence| format!("seen: {sentence}")));
    lines.extend(got(&failure.miss).map(|got| format!("got: {got}")));
    if let Some(step) = lab.step(score) {
        lines.push(format!("hint: {}", step.hint.trim()));
    }
    let stderr = failure.stderr.trim();
    if !stderr.is_empty() {
        lines.push("stderr:".to_owned());
        // Marked, so that no line of the student's passes for one of ours.
        lines.extend(stderr.lines().map(|line| format!("| {line}")));
    }
    harmless(&lines.join("\n"))
}

/// A program that does not build, in a few lines.
pub fn problem(problem: &Problem) -> String {
    harmless(format!("{}\n\n{}", plain(&problem.what), problem.output).trim_end())
}
