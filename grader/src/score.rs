//! Outcomes and rubric to scorecard: the only place where points are added up.

#[cfg(test)]
pub mod specimen;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cell::Level;
use crate::engine::{Outcome, Trace, Verdict};
use crate::rubric::{Lab, Points, Step, Visibility};

/// What a step needs that nobody could play because the program was not built.
pub const BUILD: &str = "build";
/// Said of a step without an outcome: of all of them, in a result that was written before the grader was done.
pub const UNFINISHED: &str = "the grader did not finish";

/// What one submission earned: all a report needs.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The submission as the user named it.
    pub submission: OsString,
    pub level: Level,
    /// Why the level is no better, if it could be.
    pub level_why: Option<String>,
    /// Every random byte of the run comes from it; `--seed` replays it.
    pub seed: u64,
    pub took: Duration,
    /// Whether every step that was asked for has its outcome.
    pub finished: bool,
    pub labs: Vec<LabScore>,
}

#[derive(Debug, Clone)]
pub struct LabScore {
    pub lab: Lab,
    /// Why nothing of the lab could be played: its program does not build.
    pub problem: Option<Problem>,
    /// One a step that was asked for, in the rubric's order.
    pub steps: Vec<StepScore>,
}

/// A mistake of the student's that comes before any step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// In a sentence: `cargo build` failed.
    pub what: String,
    /// The builder's own words, capped.
    pub output: String,
}

#[derive(Debug, Clone)]
pub struct StepScore {
    pub outcome: Outcome,
    pub title: String,
    pub earned: Points,
    pub worth: Points,
    pub bonus: bool,
}

/// Sums over steps. What no step could show is part of `worth`, and said apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    pub earned: Points,
    pub worth: Points,
    /// Not checkable on this machine; costs nothing.
    pub unavailable: Points,
    /// Not graded because of the grader's own trouble; costs nothing.
    pub faulted: Points,
    pub bonus_earned: Points,
    pub bonus_worth: Points,
}

/// How a run ended, for an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    FullMarks,
    PointsLost,
    /// There was no program to grade: none was handed in, or it does not build.
    NothingGraded,
    /// Some step could not be graded through the grader's own fault.
    Faulted,
}

impl Scorecard {
    pub fn totals(&self) -> Totals {
        self.labs.iter().fold(Totals::default(), |sum, lab| sum.and(lab.totals()))
    }

    /// Of the steps that students may not see, for platforms that need them as one figure.
    pub fn hidden_totals(&self) -> Totals {
        let hidden = |lab: &LabScore, score: &StepScore| {
            lab.step(score).is_some_and(|step| step.visibility != Visibility::Visible)
        };
        let steps = self.labs.iter().flat_map(|lab| lab.steps.iter().filter(move |score| hidden(lab, score)));
        steps.fold(Totals::default(), |sum, step| sum.and(step.totals()))
    }

    pub fn standing(&self) -> Standing {
        // Extra credit counts when nothing else was asked for.
        let ordinary = self.steps().any(|step| !step.bonus);
        let counted = self.steps().filter(|step| !(ordinary && step.bonus));
        let worst = counted.map(StepScore::standing).max().unwrap_or(Standing::FullMarks);
        let faulted = self.steps().any(|step| step.standing() == Standing::Faulted);
        let nothing = !self.labs.is_empty() && self.labs.iter().all(|lab| lab.problem.is_some());
        match (faulted, nothing) {
            (true, _) => Standing::Faulted,
            (false, true) => Standing::NothingGraded,
            (false, false) => worst,
        }
    }

    fn steps(&self) -> impl Iterator<Item = &StepScore> {
        self.labs.iter().flat_map(|lab| &lab.steps)
    }
}

impl LabScore {
    /// The steps in `only` (all when empty). A step without an outcome is one that the grader owes.
    pub fn new(lab: &Lab, only: &[String], outcomes: Vec<Outcome>) -> LabScore {
        let mut score = LabScore::of(lab, only, || Verdict::Faulted { what: UNFINISHED.to_owned() });
        outcomes.into_iter().for_each(|outcome| score.take(outcome));
        score
    }

    /// The program could not be built: nothing is earned.
    pub fn unbuilt(lab: &Lab, only: &[String], problem: Problem) -> LabScore {
        let score = LabScore::of(lab, only, || Verdict::Blocked { needs: BUILD.to_owned() });
        LabScore { problem: Some(problem), ..score }
    }

    /// The grader failed before it could play a step.
    pub fn faulted(lab: &Lab, only: &[String], what: &str) -> LabScore {
        LabScore::of(lab, only, || Verdict::Faulted { what: what.to_owned() })
    }

    fn of(lab: &Lab, only: &[String], verdict: impl Fn() -> Verdict) -> LabScore {
        let asked = lab.steps.iter().filter(|step| only.is_empty() || only.contains(&step.id));
        let outcome = |step: &Step| Outcome {
            lab: lab.id.clone(),
            step: step.id.clone(),
            verdict: verdict(),
            trace: Trace::default(),
            took: Duration::ZERO,
            replays: None,
            captured: None,
        };
        let steps = asked.map(|step| StepScore::new(step, outcome(step))).collect();
        LabScore { lab: lab.clone(), problem: None, steps }
    }

    /// Puts a step's outcome in its place; one that was not asked for is dropped.
    pub fn take(&mut self, outcome: Outcome) {
        let score = self.steps.iter_mut().find(|score| score.outcome.step == outcome.step);
        if let (Some(score), Some(step)) = (score, self.lab.step(&outcome.step)) {
            *score = StepScore::new(step, outcome);
        }
    }

    pub fn totals(&self) -> Totals {
        self.steps.iter().fold(Totals::default(), |sum, step| sum.and(step.totals()))
    }

    /// The rubric's step behind a score.
    pub fn step(&self, score: &StepScore) -> Option<&Step> {
        self.lab.step(&score.outcome.step)
    }
}

impl StepScore {
    fn new(step: &Step, outcome: Outcome) -> StepScore {
        let earned = if outcome.verdict == Verdict::Passed { step.points } else { Points::ZERO };
        StepScore { outcome, title: step.title.clone(), earned, worth: step.points, bonus: step.bonus }
    }

    fn standing(&self) -> Standing {
        match self.outcome.verdict {
            Verdict::Passed | Verdict::Unavailable { .. } => Standing::FullMarks,
            Verdict::Failed(_) | Verdict::Blocked { .. } => Standing::PointsLost,
            Verdict::Faulted { .. } => Standing::Faulted,
        }
    }

    fn totals(&self) -> Totals {
        let (earned, worth) = (self.earned, self.worth);
        if self.bonus {
            return Totals { bonus_earned: earned, bonus_worth: worth, ..Totals::default() };
        }
        let totals = Totals { earned, worth, ..Totals::default() };
        match self.outcome.verdict {
            Verdict::Unavailable { .. } => Totals { unavailable: worth, ..totals },
            Verdict::Faulted { .. } => Totals { faulted: worth, ..totals },
            _ => totals,
        }
    }
}

impl Totals {
    /// What the steps that were graded are worth: the figure that `earned` is measured by.
    pub fn graded(&self) -> Points {
        Points(self.worth.0 - self.unavailable.0 - self.faulted.0)
    }

    /// From 0 to 1, extra credit on top, for those who take no more than that.
    pub fn share(&self) -> f64 {
        if self.graded().0 == 0 { 0.0 } else { (self.with_bonus().0 as f64 / self.graded().0 as f64).min(1.0) }
    }

    /// For those who have one number for all that was earned.
    pub fn with_bonus(&self) -> Points {
        self.earned + self.bonus_earned
    }

    pub fn lost(&self) -> Points {
        Points(self.graded().0 - self.earned.0)
    }

    pub fn and(self, other: Totals) -> Totals {
        Totals {
            earned: self.earned + other.earned,
            worth: self.worth + other.worth,
            unavailable: self.unavailable + other.unavailable,
            faulted: self.faulted + other.faulted,
            bonus_earned: self.bonus_earned + other.bonus_earned,
            bonus_worth: self.bonus_worth + other.bonus_worth,
        }
    }
}
