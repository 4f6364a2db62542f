//! What Moodle's VPL reads of a program's output: comments between marks, and the grade as the last line.

use super::row::{Told, visible};
use crate::score::Scorecard;

pub fn vpl(card: &Scorecard) -> String {
    let mut text = String::from("<|--\n");
    for row in visible(card) {
        let result = match row.told {
            Told::Passed => "passed",
            Told::Failed => "failed",
            Told::Blocked => "blocked",
            Told::Unavailable => "not checked",
            Told::Faulted => "the grader's fault",
        };
        text.push_str(&format!("- {} ({result})\n", row.title));
        // Marked, so that no line of the student's is read as a grade, or as the end of the comments.
        row.details.lines().for_each(|line| text.push_str(&format!("> {line}\n")));
    }
    text.push_str(&format!("--|>\nGrade :=>> {}\n", card.totals().with_bonus()));
    text
}
