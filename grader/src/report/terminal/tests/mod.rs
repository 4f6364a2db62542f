//! Whole reports as readers get them.

mod failures;
mod hostile;
mod looks;
mod verdicts;

use super::terminal;
use crate::engine::{Failure, Outcome, Verdict};
use crate::report::look::{Look, look};
use crate::score::Scorecard;
use crate::score::specimen::{card, outcome};

/// The report as it looks by default, with a newline before it.
fn report(card: &Scorecard) -> String {
    report_with(card, &look())
}

fn report_with(card: &Scorecard, look: &Look) -> String {
    format!("\n{}", terminal(card, look))
}

/// All steps pass but the one.
fn only_failing(step: &str, failure: Failure) -> Scorecard {
    let failing = outcome(step, Verdict::Failed(Box::new(failure)));
    with(failing)
}

fn with(other: Outcome) -> Scorecard {
    let passed = |step| if step == other.step { other.clone() } else { outcome(step, Verdict::Passed) };
    card(["listens", "echoes", "closes", "extra"].map(passed).into())
}
