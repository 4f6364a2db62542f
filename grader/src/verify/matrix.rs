//! What came of it: programs down, steps across.

use std::collections::BTreeMap;
use std::time::Duration;

use super::subject::Subject;
use crate::engine::{Outcome, Verdict};
use crate::rubric::{Lab, Mutant, untested_steps};

/// All that `verify` found out about one lab.
#[derive(Debug, Clone)]
pub struct Matrix {
    pub lab: String,
    pub steps: Vec<String>,
    pub times: u32,
    pub rows: Vec<Row>,
    /// Steps that no mutant fails: nobody knows that they work.
    pub untested: Vec<String>,
    /// What the lab's author still has to do: a mutant whose edit does not fit or does not compile.
    pub mistakes: Vec<String>,
}

/// One program.
#[derive(Debug, Clone)]
pub struct Row {
    pub name: String,
    /// One a step.
    pub cells: Vec<Cell>,
    /// What was not as it has to be, and how many times out of all.
    pub differences: BTreeMap<String, u32>,
    pub built: Duration,
    /// Of one playing of all steps, on average.
    pub played: Duration,
}

/// How often a step ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    pub passed: u32,
    pub failed: u32,
    pub blocked: u32,
    pub unavailable: u32,
    pub faulted: u32,
}

impl Matrix {
    pub fn new(lab: &Lab, mutants: &[Mutant], times: u32) -> Matrix {
        Matrix {
            lab: lab.id.clone(),
            steps: lab.steps.iter().map(|step| step.id.clone()).collect(),
            times,
            rows: Vec::new(),
            untested: untested_steps(lab, mutants).iter().map(|step| step.id.clone()).collect(),
            mistakes: Vec::new(),
        }
    }

    pub fn is_equal(&self) -> bool {
        self.untested.is_empty() && self.mistakes.is_empty() && self.rows.iter().all(|row| row.differences.is_empty())
    }
}

impl Row {
    /// One that has not been played yet.
    pub fn new(lab: &Lab, subject: &Subject) -> Row {
        Row {
            name: subject.name().to_owned(),
            cells: vec![Cell::default(); lab.steps.len()],
            differences: BTreeMap::new(),
            built: Duration::ZERO,
            played: Duration::ZERO,
        }
    }

    /// One more playing of all its steps.
    pub fn count(&mut self, lab: &Lab, subject: &Subject, outcomes: &[Outcome]) {
        for difference in subject.differences(lab, outcomes) {
            *self.differences.entry(difference).or_insert(0) += 1;
        }
        for (step, cell) in lab.steps.iter().zip(&mut self.cells) {
            let outcomes = outcomes.iter().filter(|outcome| outcome.step == step.id);
            outcomes.for_each(|outcome| cell.count(&outcome.verdict));
        }
    }
}

impl Cell {
    fn count(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(_) => self.failed += 1,
            Verdict::Blocked { .. } => self.blocked += 1,
            Verdict::Unavailable { .. } => self.unavailable += 1,
            Verdict::Faulted { .. } => self.faulted += 1,
        }
    }

    /// `.` passed, `F` failed, `b` blocked, `u` unavailable, `!` the grader's trouble, `?` now this, now that.
    pub fn mark(&self) -> char {
        match (self.passed, self.failed, self.blocked, self.unavailable, self.faulted) {
            (_, _, _, _, 1..) => '!',
            (1.., 0, 0, 0, 0) => '.',
            (0, 1.., 0, 0, 0) => 'F',
            (0, 0, 1.., 0, 0) => 'b',
            (0, 0, 0, 1.., 0) => 'u',
            (0, 0, 0, 0, 0) => ' ',
            _ => '?',
        }
    }
}
