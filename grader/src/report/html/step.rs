//! One step on the page.

use super::failure::FailurePart;
use super::sequence::Sequence;
use super::submission::Audience;
use crate::engine::{Verdict, plain};
use crate::report::capture::CaptureLink;
use crate::report::look::Look;
use crate::report::text::harmless;
use crate::rubric::Visibility;
use crate::score::{LabScore, Scorecard, StepScore};

pub struct StepPart {
    pub id: String,
    /// The element's name, to link to: `02-server.backlog`.
    pub anchor: String,
    pub title: String,
    pub points: String,
    pub mark: &'static str,
    /// A class of the style sheet.
    pub style: &'static str,
    pub hidden: bool,
    pub open: bool,
    pub why_not: Option<String>,
    pub failure: Option<FailurePart>,
    pub sequence: Option<Sequence>,
    pub capture: Option<CapturePart>,
}

pub struct CapturePart {
    pub href: String,
    pub name: String,
    pub note: String,
}

impl StepPart {
    pub fn of(card: &Scorecard, lab: &LabScore, score: &StepScore, look: &Look, audience: Audience) -> StepPart {
        let verdict = &score.outcome.verdict;
        let (mark, style) = match verdict {
            Verdict::Passed => ("✓", "good"),
            Verdict::Failed(_) => ("✗", "bad"),
            Verdict::Blocked { .. } => ("–", "quiet"),
            Verdict::Unavailable { .. } => ("?", "odd"),
            Verdict::Faulted { .. } => ("!", "odd"),
        };
        let (why_not, failure) = match verdict {
            Verdict::Passed => (None, None),
            Verdict::Failed(failure) => (None, Some(FailurePart::of(failure, card, lab, score, look))),
            Verdict::Blocked { .. } if lab.problem.is_some() => (None, None),
            Verdict::Blocked { needs } => {
                let shown = lab.lab.step(needs).is_none_or(|step| audience.sees(step));
                let needs = if shown { format!("`{}`", plain(needs)) } else { "an earlier step".to_owned() };
                (Some(format!("not played: it needs {needs}, which did not pass")), None)
            }
            Verdict::Unavailable { why } => {
                (Some(format!("cannot be checked here, and costs nothing: {}", harmless(why))), None)
            }
            Verdict::Faulted { what } => {
                (Some(format!("the grader's own trouble, which costs nothing: {}", harmless(what))), None)
            }
        };
        StepPart {
            id: score.outcome.step.clone(),
            anchor: format!("{}.{}", lab.lab.id, score.outcome.step),
            title: plain(&score.title),
            points: format!("{}{}/{}", if score.bonus { "+" } else { "" }, score.earned, score.worth),
            mark,
            style,
            hidden: lab.step(score).is_some_and(|step| step.visibility != Visibility::Visible),
            open: false,
            why_not,
            sequence: match verdict {
                Verdict::Passed => None,
                _ => Sequence::of(&score.outcome.trace),
            },
            capture: CaptureLink::of(look, lab, score).map(|link| CapturePart {
                href: link.href(),
                note: link.note(),
                name: link.name,
            }),
            failure,
        }
    }

    /// Whether there is more to see of it than its line.
    pub fn opens(&self) -> bool {
        self.why_not.is_some() || self.failure.is_some() || self.capture.is_some()
    }
}
