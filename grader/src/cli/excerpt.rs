//! A step as it stands in its rubric.

use crate::rubric::{Lab, Step};

/// Shown by `show` in other words, or by `hint` on demand.
const ELSEWHERE: [&str; 7] = ["title", "points", "needs", "hint", "why", "try", "bonus"];

/// The step's lines without those that are shown elsewhere, moved to the left edge.
pub fn excerpt<'l>(lab: &'l Lab, step: &Step) -> Vec<&'l str> {
    let begin = |step: &Step| step.place.line.saturating_sub(1);
    let first = begin(step);
    let last = lab.steps.iter().map(begin).filter(|line| *line > first).min().unwrap_or(usize::MAX);
    let mut lines = lab.source.text.lines().skip(first).take(last.saturating_sub(first)).peekable();
    let depth = lines.peek().map_or(0, |line| indent(line));
    let mut left_out = false;
    let wanted = lines.filter(|line| {
        // A comment between two steps belongs to the next one.
        if line.trim().is_empty() || line.trim_start().starts_with('#') && indent(line) <= depth {
            return false;
        }
        if indent(line) <= depth + 2 {
            let word = line.trim_start().split(':').next().unwrap_or_default();
            left_out = ELSEWHERE.contains(&word);
        }
        !left_out
    });
    wanted.map(|line| line.get(depth..).unwrap_or(line)).collect()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::excerpt;
    use crate::rubric::{Place, Source};
    use crate::score::specimen::lab;

    #[test]
    fn a_step_is_shown_without_its_hint() {
        let mut lab = lab();
        let text = "steps:\n  - id: listens\n    title: Listens\n    exchange:\n      # why\n      - client: { connect: student }\n    \
                    hint: >-\n      Think.\n      Again.\n    times: 2\n\n  # next\n  - id: echoes\n    exchange: []\n";
        lab.source = Arc::new(Source { name: "rubric.yaml".to_owned(), text: text.to_owned() });
        for (step, line) in lab.steps.iter_mut().zip([2, 13, 14, 15]) {
            step.place = Place { line, column: 5, length: 1 };
        }
        let shown = ["- id: listens", "  exchange:", "    # why", "    - client: { connect: student }", "  times: 2"];
        assert_eq!(excerpt(&lab, &lab.steps[0]), shown);
        assert_eq!(excerpt(&lab, &lab.steps[3]), Vec::<&str>::new());
    }
}
