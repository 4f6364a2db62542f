//! What the graders of the old GitHub Classroom hand to its reporter (classroom-resources/autograding-grading-reporter):
//! in Actions, the step's output `result` is this, in base64.

use serde::Serialize;
use serde_json::Number;

use super::row::{Row, Told, lost, visible};
use crate::report::json::pretty;
use crate::report::number::points;
use crate::score::{Scorecard, Standing, Totals};

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    max_score: Number,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    score: Number,
    message: String,
    test_code: String,
    /// There is none: a step is about what a program does.
    filename: &'static str,
    /// Without a number the reporter writes `undefined`.
    line_no: u32,
    duration: u64,
}

pub fn classroom(card: &Scorecard) -> Vec<u8> {
    let rows = visible(card);
    let status = match card.standing() {
        Standing::Faulted => "error",
        _ if lost(&rows) => "fail",
        _ => "pass",
    };
    let mut tests: Vec<Test> = rows.into_iter().map(test).collect();
    // Without a test the reporter fails.
    if tests.is_empty() || card.hidden_totals() != Totals::default() {
        tests.push(hidden(card));
    }
    pretty(&Results { version: 1, status, max_score: points(card.totals().graded()), tests })
}

fn test(row: Row) -> Test {
    Test {
        name: format!("{}: {}", row.lab, row.title),
        status: match row.told {
            Told::Passed | Told::Unavailable => "pass",
            Told::Failed | Told::Blocked => "fail",
            Told::Faulted => "error",
        },
        score: points(row.earned),
        message: row.details,
        test_code: row.id,
        filename: "",
        line_no: 0,
        duration: u64::try_from(row.took.as_millis()).unwrap_or(u64::MAX),
    }
}

/// The points of record are the sum of the tests': those of hidden steps come in one figure, and without a verdict.
fn hidden(card: &Scorecard) -> Test {
    Test {
        name: "points for what is not shown".to_owned(),
        status: "pass",
        score: points(card.hidden_totals().with_bonus()),
        message: String::new(),
        test_code: String::new(),
        filename: "",
        line_no: 0,
        duration: 0,
    }
}
