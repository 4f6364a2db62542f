//! A submission in a few numbers: what the gradebook and the class's page are made of.

use std::sync::Arc;
use std::time::Duration;

use super::cause::{Causes, of_problem, of_verdict};
use super::record::Record;
use crate::cell::Level;
use crate::engine::Replays;
use crate::rubric::{Lab, Points};
use crate::score::{Scorecard, Standing, Totals};

/// One submission.
#[derive(Debug, Clone)]
pub struct Row {
    /// Whether all of it is graded: until then it has no score.
    pub finished: bool,
    pub graded_at: Option<String>,
    pub level: Level,
    pub seed: u64,
    pub grader: Arc<str>,
    pub standing: Standing,
    /// One a lab of the class, in their order.
    pub labs: Vec<LabRow>,
}

#[derive(Debug, Clone)]
pub struct LabRow {
    pub totals: Totals,
    /// Why there is no program.
    pub problem: Option<Arc<str>>,
    /// One a step, in the rubric's order.
    pub steps: Vec<StepCell>,
}

#[derive(Debug, Clone)]
pub struct StepCell {
    /// As `Verdict::name` has it.
    pub verdict: &'static str,
    pub earned: Points,
    pub took: Duration,
    pub cause: Option<Arc<str>>,
    pub replays: Option<Replays>,
}

impl Row {
    /// `labs` are the class's.
    pub fn of(record: &Record, labs: &[&Lab], causes: &Causes) -> Row {
        let card: Scorecard = record.card("".as_ref(), labs);
        let lab_row = |lab: &crate::score::LabScore| LabRow {
            totals: lab.totals(),
            problem: record.lab(&lab.lab.id).and_then(of_problem).map(|text| causes.keep(text)),
            steps: lab
                .steps
                .iter()
                .map(|step| StepCell {
                    verdict: step.outcome.verdict.name(),
                    earned: step.earned,
                    took: step.outcome.took,
                    cause: of_verdict(&step.outcome.verdict).map(|text| causes.keep(text)),
                    replays: step.outcome.replays,
                })
                .collect(),
        };
        Row {
            finished: record.finished,
            graded_at: record.graded_at.clone(),
            level: record.level,
            seed: record.seed,
            grader: causes.keep(record.grader.clone()),
            standing: card.standing(),
            labs: card.labs.iter().map(lab_row).collect(),
        }
    }

    pub fn totals(&self) -> Totals {
        self.labs.iter().fold(Totals::default(), |sum, lab| sum.and(lab.totals))
    }

    /// What a gradebook may take over: nothing of it is open, and nothing is our fault.
    pub fn is_final(&self) -> bool {
        self.finished && self.standing != Standing::Faulted
    }

    pub fn is_flaky(&self) -> bool {
        self.labs.iter().flat_map(|lab| &lab.steps).any(|step| step.replays.is_some_and(Replays::is_flaky))
    }
}
