//! PrairieLearn's external grader results (its documentation, External Grading). Nothing of its keeps a step from students:
//! hidden ones are part of the score, and of nothing else.

use serde::Serialize;
use serde_json::Number;

use super::row::{Told, visible};
use crate::report::json::pretty;
use crate::report::number::points;
use crate::score::{Scorecard, Standing};

#[derive(Serialize)]
struct Results {
    gradable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    format_errors: Vec<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    points: Number,
    max_points: Number,
    message: String,
    output: String,
}

pub fn prairielearn(card: &Scorecard) -> Vec<u8> {
    // An attempt is not charged for what does not build, nor for what is the grader's own fault.
    let gradable = !matches!(card.standing(), Standing::NothingGraded | Standing::Faulted);
    let mut errors: Vec<String> =
        card.labs.iter().filter_map(|lab| Some(super::row::problem(lab.problem.as_ref()?))).collect();
    if !gradable && errors.is_empty() {
        errors.push("the grader had trouble of its own; this attempt does not count".to_owned());
    }
    let rows = visible(card);
    let passed = rows.iter().filter(|row| row.told == Told::Passed).count();
    let results = Results {
        gradable,
        score: gradable.then(|| card.totals().share()),
        message: format!("{passed} of {} steps passed", rows.len()),
        format_errors: if gradable { Vec::new() } else { errors },
        tests: rows
            .into_iter()
            .map(|row| Test {
                name: format!("{}: {}", row.lab, row.title),
                points: points(row.earned),
                max_points: points(if row.bonus { Default::default() } else { row.worth }),
                message: row.message,
                output: row.details,
            })
            .collect(),
    };
    pretty(&results)
}
