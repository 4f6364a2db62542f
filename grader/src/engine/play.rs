//! Plays the steps of a lab against one program: in parallel, each in a cell of its own, in the order of `needs`.

use std::path::PathBuf;

use super::verdict::Outcome;
use crate::cell::Level;
use crate::rubric::Lab;

/// The program under test, built.
#[derive(Debug, Clone)]
pub struct Program {
    /// A folder that anybody may read, with the executable (and what a script needs beside it).
    pub folder: PathBuf,
    /// The executable's file name in it, `server`.
    pub name: String,
}

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub level: Level,
    pub seed: u64,
    /// Steps played at the same time.
    pub jobs: usize,
}

/// Plays `only` (all steps when empty; the steps they need are played too, but not returned), in the rubric's order.
/// `on_outcome` hears of each step as it ends, from any thread.
pub fn play(
    _lab: &Lab,
    _only: &[String],
    _program: &Program,
    _settings: &Settings,
    _on_outcome: &(dyn Fn(&Outcome) + Sync),
) -> Vec<Outcome> {
    todo!("the engine is being written")
}
