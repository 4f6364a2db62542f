//! A rubric's own tests: `labs/NAME/mutants.yaml`.

use super::lab::{Lab, Step};
use super::place::Place;

/// One mistake that students make: an edit of the reference, and the steps that must notice it.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// Unique in its lab: `no-listen`.
    pub id: String,
    /// What the student did, in a sentence.
    pub mistake: String,
    /// The file that is edited, `src/server.rs`.
    pub file: String,
    /// Text that stands in the file exactly once, and what takes its place.
    pub replace: String,
    pub with: String,
    /// The steps that fail: exactly these (steps blocked by them come on top by themselves).
    pub fails: Vec<String>,
    pub place: Place,
}

/// The steps that no mutant fails: nobody knows that they work.
pub fn untested_steps<'l>(lab: &'l Lab, mutants: &[Mutant]) -> Vec<&'l Step> {
    let tested = |step: &Step| mutants.iter().any(|mutant| mutant.fails.contains(&step.id));
    lab.steps.iter().filter(|step| !tested(step)).collect()
}
