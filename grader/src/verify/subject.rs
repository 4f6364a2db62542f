//! What a rubric is tried on.

use std::collections::BTreeSet;

use crate::engine::{Outcome, Verdict};
use crate::rubric::{Lab, Mutant};

/// A program whose verdicts are known beforehand.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Passes every step.
    Reference,
    /// Passes none.
    Starter,
    /// Fails exactly its steps.
    Mutant(Mutant),
}

impl Subject {
    pub fn name(&self) -> &str {
        match self {
            Subject::Reference => "reference",
            Subject::Starter => "starter",
            Subject::Mutant(mutant) => &mutant.id,
        }
    }

    /// In what one playing differs from what is known, a sentence each. Steps that this machine cannot check are left
    /// out; blocked ones have failed for the starter, and follow from the failed ones for a mutant.
    pub fn differences(&self, lab: &Lab, outcomes: &[Outcome]) -> Vec<String> {
        let having = |is: fn(&Verdict) -> bool| -> BTreeSet<&str> {
            let matching = outcomes.iter().filter(|outcome| is(&outcome.verdict));
            matching.map(|outcome| outcome.step.as_str()).collect()
        };
        let failed = having(|verdict| matches!(verdict, Verdict::Failed(_)));
        let passed = having(|verdict| matches!(verdict, Verdict::Passed));
        let unavailable = having(|verdict| matches!(verdict, Verdict::Unavailable { .. }));
        let why = |id: &str| {
            let failure = outcomes.iter().filter(|outcome| outcome.step == id).find_map(|outcome| {
                let Verdict::Failed(failure) = &outcome.verdict else { return None };
                Some(format!(": {}", failure.miss))
            });
            failure.unwrap_or_default()
        };
        let mut differences: Vec<String> = outcomes
            .iter()
            .filter_map(|outcome| match &outcome.verdict {
                Verdict::Faulted { what } => Some(format!("the grader had trouble with `{}`: {what}", outcome.step)),
                _ => None,
            })
            .collect();
        match self {
            Subject::Reference => {
                let lost = lab.steps.iter().map(|step| step.id.as_str());
                let lost = lost.filter(|id| !passed.contains(id) && !unavailable.contains(id));
                differences.extend(lost.map(|id| format!("`{id}` has to pass and did not{}", why(id))));
            }
            Subject::Starter => differences.extend(passed.iter().map(|id| format!("`{id}` passed without any work"))),
            Subject::Mutant(mutant) => {
                let wanted: BTreeSet<&str> = mutant.fails.iter().map(String::as_str).collect();
                let missed = wanted.iter().filter(|id| !failed.contains(*id) && !unavailable.contains(*id));
                differences.extend(missed.map(|id| {
                    let instead = if passed.contains(id) { "passed" } else { "was not reached" };
                    format!("`{id}` has to fail and {instead}")
                }));
                differences.extend(failed.difference(&wanted).map(|id| format!("`{id}` failed too{}", why(id))));
            }
        }
        differences
    }
}
