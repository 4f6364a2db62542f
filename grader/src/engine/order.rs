//! How long steps wait, as far as their exchanges say: who waits longest is begun first, beside those who work.

use std::time::Duration;

use crate::rubric::{Action, Line, Step};

/// Of each step, its own waits and those of the longest chain of steps that need it.
pub fn waits_ahead(steps: &[&Step]) -> Vec<Duration> {
    let own: Vec<Duration> = steps.iter().map(|step| waits(&step.exchange) * step.times.max(1)).collect();
    let mut ahead = own.clone();
    // `needs` has no circle, so this ends with the longest chain.
    loop {
        let mut changed = false;
        for (at, step) in steps.iter().enumerate() {
            let after = (0..steps.len()).filter(|other| steps[*other].needs.contains(&step.id));
            let longest = own[at] + after.map(|other| ahead[other]).max().unwrap_or_default();
            changed |= longest != ahead[at];
            ahead[at] = longest;
        }
        if !changed {
            return ahead;
        }
    }
}

fn waits(lines: &[Line]) -> Duration {
    let wait = |line: &Line| match line {
        Line::Block { times, lines, .. } => waits(lines) * *times,
        Line::Act(act) => match act.action {
            Action::Wait { pause, .. } | Action::ExpectSilence(pause) => pause,
            _ => Duration::ZERO,
        },
    };
    lines.iter().map(wait).sum()
}
