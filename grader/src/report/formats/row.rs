//! A step as all platforms have it: a name, a result, points, and a text.

use std::time::Duration;

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
    card.labs.iter().flat_map(|lab| lab.steps.iter().map(move |step| row(lab, step))).collect()
}

/// Those that a student may see, for platforms that cannot hide any: the others are not even counted.
pub fn visible(card: &Scorecard) -> Vec<Row> {
    rows(card).into_iter().filter(|row| row.visibility == Visibility::Visible).collect()
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
            let message = format!("needs `{}`, which did not pass", plain(needs));
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
