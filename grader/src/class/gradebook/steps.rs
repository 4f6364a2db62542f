//! `gradebook.csv`: a line for every step of every student, for statistics.

use super::cell::{csv, lines, text};
use crate::class::run::Class;
use crate::class::summary::Row;

const HEADER: [&str; 14] = [
    "student_id",
    "submission_id",
    "section",
    "step_id",
    "step_name",
    "outcome",
    "points",
    "max_points",
    "extra_credit",
    "cause",
    "duration_ms",
    "graded_at",
    "grader_version",
    "seed",
];

/// Students in the order of their submissions, steps in that of the rubric. Who handed in nothing has no line.
pub fn steps(class: &Class, rows: &[Row]) -> Vec<u8> {
    let header = HEADER.map(str::to_owned).to_vec();
    let lines = lines(class, rows);
    let of_lines = lines.iter().flat_map(|line| {
        line.handed_in.into_iter().flat_map(move |(entry, row)| {
            let of_labs = class.labs.iter().zip(&row.labs);
            of_labs.flat_map(move |((lab, _), scores)| {
                lab.steps.iter().zip(&scores.steps).map(move |(step, cell)| {
                    let cause = cell.cause.as_deref().or(scores.problem.as_deref()).unwrap_or_default();
                    vec![
                        line.id(),
                        entry.id.clone(),
                        text(line.section()).into_owned(),
                        format!("{}/{}", lab.id, step.id),
                        text(&step.title).into_owned(),
                        if scores.problem.is_some() { "not-built".to_owned() } else { cell.verdict.to_owned() },
                        cell.earned.to_string(),
                        step.points.to_string(),
                        step.bonus.to_string(),
                        text(cause).into_owned(),
                        cell.took.as_millis().to_string(),
                        row.graded_at.clone().unwrap_or_default(),
                        row.grader.to_string(),
                        row.seed.to_string(),
                    ]
                })
            })
        })
    });
    csv(std::iter::once(header).chain(of_lines))
}
