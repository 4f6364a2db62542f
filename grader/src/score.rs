//! Events and rubric to scorecard: the only place where points are added up.

use std::time::Duration;

use crate::cell::Level;
use crate::engine::Outcome;
use crate::rubric::{Lab, Points};

/// What one submission earned: all a report needs.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The submission as the user named it.
    pub submission: String,
    pub level: Level,
    /// Every random byte of the run comes from it; `--seed` replays it.
    pub seed: u64,
    pub took: Duration,
    pub labs: Vec<LabScore>,
}

#[derive(Debug, Clone)]
pub struct LabScore {
    pub lab: Lab,
    /// Why nothing of the lab could be graded: there is no such program, or it does not build.
    pub problem: Option<String>,
    /// One a step that was asked for, in the rubric's order.
    pub steps: Vec<StepScore>,
}

#[derive(Debug, Clone)]
pub struct StepScore {
    pub outcome: Outcome,
    pub title: String,
    pub earned: Points,
    pub worth: Points,
    pub bonus: bool,
}
