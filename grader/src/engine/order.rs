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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::rubric::load_file;

    #[test]
    fn a_step_counts_the_waits_of_those_that_need_it() {
        let step = |id: &str, needs: &str, exchange: &str| {
            format!("  - {{ id: {id}, title: T, points: 25, {needs}hint: H, why: W, exchange: [{exchange}] }}\n")
        };
        let text = [
            "title: T\nprogram: server\nstart: [\"{port}\"]\nsteps:\n".to_owned(),
            step("first", "", "student: { wait: 100ms }"),
            step("short", "needs: [first], ", "student: { observe: { listening: true } }"),
            step("long", "needs: [first], ", "{ times: 3, exchange: [student: { wait: 200ms, at_most: 1s }] }"),
            step("alone", "", "student: { wait: 300ms }"),
        ];
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rubric.yaml"), text.concat()).unwrap();
        let lab = load_file(folder.path()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let steps: Vec<&Step> = lab.steps.iter().collect();
        assert_eq!(waits_ahead(&steps), [700, 0, 600, 300].map(Duration::from_millis));
    }
}
