//! `grades.csv`: a line a student, with the points of each lab.

use super::cell::{Line, csv, lines, text};
use crate::class::run::Class;
use crate::class::summary::Row;
use crate::score::Standing;

/// Everybody: by submission, then those who handed in nothing.
pub fn students(class: &Class, rows: &[Row]) -> Vec<u8> {
    let before = ["student_id", "name", "section", "submission_id", "state", "points", "max_points"];
    let labs = class.labs.iter().map(|(lab, _)| lab.id.clone());
    let header = before.map(str::to_owned).into_iter().chain(labs).collect();
    let lines = lines(class, rows);
    csv(std::iter::once(header).chain(lines.iter().map(|line| cells(class, line))))
}

fn cells(class: &Class, line: &Line) -> Vec<String> {
    let worth = class.labs.iter().map(|(lab, _)| lab.points()).sum::<crate::rubric::Points>();
    let points = match line.handed_in {
        Some((_, row)) => row.totals().with_bonus().to_string(),
        None => "0".to_owned(),
    };
    let mut cells = vec![
        line.id(),
        text(&line.name()).into_owned(),
        text(line.section()).into_owned(),
        line.handed_in.map(|(entry, _)| entry.id.clone()).unwrap_or_default(),
        state(line).to_owned(),
        points,
        worth.to_string(),
    ];
    cells.extend((0..class.labs.len()).map(|lab| match line.handed_in {
        Some((_, row)) => row.labs[lab].totals.with_bonus().to_string(),
        None => "0".to_owned(),
    }));
    cells
}

/// Whether the points may be taken for a grade, in a word.
fn state(line: &Line) -> &'static str {
    match line.handed_in {
        None => "nothing-handed-in",
        Some((_, row)) if !row.finished => "not-graded-yet",
        Some((_, row)) => match row.standing {
            Standing::FullMarks | Standing::PointsLost => "graded",
            Standing::NothingGraded => "does-not-build",
            Standing::Faulted => "grader-fault",
        },
    }
}
