//! What is said at the end of a run.

use std::path::Path;

use super::status::Status;
use crate::class::{Class, Row, Statistics};
use crate::engine::count;
use crate::report::cut;
use crate::score::Standing;

/// Causes that are named; the page has all.
const CAUSES: usize = 5;

pub fn ended(class: &Class, rows: &[Row], status: &Status, out: &Path, interrupted: bool) -> String {
    let mut text = format!(
        "{}: {} graded, {} unchanged\n",
        count(rows.len() as u64, "submission"),
        status.graded,
        rows.len() - status.graded - open(rows)
    );
    let standing = |standing: Standing| rows.iter().filter(|row| row.finished && row.standing == standing).count();
    let kinds = [
        ("full marks", standing(Standing::FullMarks)),
        ("lost points", standing(Standing::PointsLost)),
        ("without a program that builds", standing(Standing::NothingGraded)),
        ("with a fault of the grader's", standing(Standing::Faulted)),
        ("not graded yet", open(rows)),
    ];
    for (what, number) in kinds.iter().filter(|(_, number)| *number > 0) {
        text.push_str(&format!("{number:6}  {what}\n"));
    }
    let statistics = Statistics::of(class, rows);
    let (mean, median) = (statistics.mean * 100.0, statistics.median * 100.0);
    text.push_str(&format!("\nmean {mean:.1} %, median {median:.1} %\n"));
    if !statistics.clusters.is_empty() {
        text.push_str("\nthe most frequent causes:\n");
        for cluster in statistics.clusters.iter().take(CAUSES) {
            text.push_str(&format!("{:6}  {}\n", cluster.who.len(), cut(&cluster.cause, 100)));
        }
    }
    text.push_str(&format!("\n{}\n", out.join("index.html").display()));
    if interrupted {
        text.push_str("stopped before the end: the same command goes on\n");
    }
    text
}

fn open(rows: &[Row]) -> usize {
    rows.iter().filter(|row| !row.finished).count()
}
