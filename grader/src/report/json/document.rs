//! The file from the outside in: run, labs, steps.

use serde::Serialize;
use serde_json::Number;

use super::SCHEMA;
use super::failure::FailurePart;
use super::trace::{TracePart, trace};
use crate::engine::{Captured, Replays, Verdict};
use crate::report::capture::CaptureLink;
use crate::report::look::{Detail, Look};
use crate::report::number::{points, seconds};
use crate::report::text::{harmless, one_line};
use crate::rubric::Visibility;
use crate::score::{LabScore, Scorecard, Standing, StepScore, Totals};

#[derive(Serialize)]
pub struct Document<'c> {
    schema: &'static str,
    version: u32,
    grader: &'static str,
    finished: bool,
    submission: String,
    level: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_why: Option<String>,
    seed: u64,
    seconds: Number,
    result: &'static str,
    points: TotalsPart,
    labs: Vec<LabPart<'c>>,
}

#[derive(Serialize)]
struct TotalsPart {
    earned: Number,
    worth: Number,
    lost: Number,
    unavailable: Number,
    faulted: Number,
    bonus_earned: Number,
    bonus_worth: Number,
}

#[derive(Serialize)]
struct LabPart<'c> {
    id: &'c str,
    title: &'c str,
    program: &'c str,
    points: TotalsPart,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemPart>,
    steps: Vec<StepPart<'c>>,
}

#[derive(Serialize)]
struct ProblemPart {
    what: String,
    output: String,
}

#[derive(Serialize)]
struct StepPart<'c> {
    id: String,
    title: &'c str,
    bonus: bool,
    visibility: &'static str,
    earned: Number,
    worth: Number,
    seconds: Number,
    verdict: &'static str,
    /// The step that has to pass first, of a blocked one.
    #[serde(skip_serializing_if = "Option::is_none")]
    needs: Option<&'c str>,
    /// Why nobody could tell, of an unavailable or faulted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailurePart<'c>>,
    /// When a failed step was played again: how often, and how often it passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    replays: Option<Replays>,
    trace: Vec<TracePart<'c>>,
    /// The file with what went over the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<CapturePart>,
}

#[derive(Serialize)]
struct CapturePart {
    file: String,
    frames: u64,
    missing: u64,
    drawn: bool,
}

impl<'c> Document<'c> {
    pub fn of(card: &'c Scorecard, look: &Look) -> Document<'c> {
        Document {
            schema: SCHEMA,
            version: 1,
            grader: env!("CARGO_PKG_VERSION"),
            finished: card.finished,
            submission: one_line(&card.submission),
            level: card.level.to_string(),
            level_why: card.level_why.as_deref().map(harmless),
            seed: card.seed,
            seconds: seconds(card.took),
            result: match card.standing() {
                Standing::FullMarks => "full-marks",
                Standing::PointsLost => "points-lost",
                Standing::NothingGraded => "nothing-graded",
                Standing::Faulted => "faulted",
            },
            points: totals(card.totals()),
            labs: card.labs.iter().map(|lab| lab_part(card, lab, look)).collect(),
        }
    }
}

fn totals(totals: Totals) -> TotalsPart {
    TotalsPart {
        earned: points(totals.earned),
        worth: points(totals.worth),
        lost: points(totals.lost()),
        unavailable: points(totals.unavailable),
        faulted: points(totals.faulted),
        bonus_earned: points(totals.bonus_earned),
        bonus_worth: points(totals.bonus_worth),
    }
}

fn lab_part<'c>(card: &'c Scorecard, lab: &'c LabScore, look: &Look) -> LabPart<'c> {
    let problem = |problem: &crate::score::Problem| ProblemPart {
        what: harmless(&problem.what),
        output: harmless(&problem.output),
    };
    LabPart {
        id: &lab.lab.id,
        title: &lab.lab.title,
        program: &lab.lab.program,
        points: totals(lab.totals()),
        problem: lab.problem.as_ref().map(problem),
        steps: lab.steps.iter().map(|step| step_part(card, lab, step, look)).collect(),
    }
}

fn step_part<'c>(card: &'c Scorecard, lab: &'c LabScore, score: &'c StepScore, look: &Look) -> StepPart<'c> {
    let (needs, why, failure) = match &score.outcome.verdict {
        Verdict::Passed => (None, None, None),
        Verdict::Failed(failure) => (None, None, Some(FailurePart::of(failure, card, lab, score, look))),
        Verdict::Blocked { needs } => (Some(needs.as_str()), None, None),
        Verdict::Unavailable { why } | Verdict::Faulted { what: why } => (None, Some(harmless(why)), None),
    };
    StepPart {
        id: format!("{}/{}", lab.lab.id, score.outcome.step),
        title: &score.title,
        bonus: score.bonus,
        visibility: match lab.step(score).map(|step| step.visibility).unwrap_or_default() {
            Visibility::Visible => "visible",
            Visibility::Hidden => "hidden",
            Visibility::AfterDueDate => "after_due_date",
        },
        earned: points(score.earned),
        worth: points(score.worth),
        seconds: seconds(score.outcome.took),
        verdict: score.outcome.verdict.name(),
        needs,
        why,
        failure,
        replays: score.outcome.replays,
        // As in the report for people: what went well is told when asked for.
        trace: match score.outcome.verdict {
            Verdict::Passed if look.detail < Detail::Everything => Vec::new(),
            _ => trace(&score.outcome.trace),
        },
        capture: CaptureLink::of(look, lab, score).map(|link| {
            let Captured { frames, missing, drawn } = link.captured;
            CapturePart { file: link.path, frames, missing, drawn }
        }),
    }
}
