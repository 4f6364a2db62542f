//! Classroom 50's `result.json` (foundation50/classroom50, `classroom50/result/v1`). Its scores are whole numbers, so all
//! points are taken times 10, 100 or 1000 where a rubric has fractions. It has no word for a step that nobody could
//! grade: with a fault of the grader's own, the exit status has to say that the result is none.

use serde::Serialize;

use super::row::{Row, Told, visible};
use crate::report::instant::utc;
use crate::report::json::pretty;
use crate::rubric::Points;
use crate::score::Scorecard;

/// Where a submission was handed in, and when: what the platform's runner knows of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignment {
    pub classroom: String,
    pub assignment: String,
    /// `individual`, `group` or `team`.
    pub kind: String,
    pub owner: String,
    /// `submit/…`
    pub tag: String,
    pub commit: String,
    pub release: String,
    pub review: String,
    /// In seconds since 1970; the same whenever it is graded again.
    pub handed_in: u64,
}

#[derive(Serialize)]
struct Results<'a> {
    schema: &'static str,
    classroom: &'a str,
    assignment: &'a str,
    assignment_type: &'a str,
    owner: &'a str,
    submission: &'a str,
    commit: &'a str,
    release: &'a str,
    review: &'a str,
    datetime: String,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    #[serde(rename = "test-name")]
    name: String,
    passed: bool,
    score: u64,
    #[serde(rename = "max-score")]
    max_score: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    message: String,
}

pub fn classroom50(card: &Scorecard, to: &Assignment) -> Vec<u8> {
    let (totals, scale) = (card.totals(), scale(card));
    // Less than the rubric's only by what this machine cannot check, which costs nobody anything. What the grader still owes
    // is in it: there is no word for that here, and a grader that was killed must not leave full marks.
    let max_score = scaled(Points(totals.worth.0 - totals.unavailable.0), scale);
    pretty(&Results {
        schema: "classroom50/result/v1",
        classroom: &to.classroom,
        assignment: &to.assignment,
        assignment_type: &to.kind,
        owner: &to.owner,
        submission: &to.tag,
        commit: &to.commit,
        release: &to.release,
        review: &to.review,
        datetime: utc(to.handed_in),
        // More than all is refused: extra credit makes up for what was lost, and no more.
        score: scaled(totals.with_bonus(), scale).min(max_score),
        max_score,
        tests: visible(card).into_iter().map(|row| test(row, scale)).collect(),
    })
}

fn test(row: Row, scale: u64) -> Test {
    Test {
        name: format!("{}: {}", row.lab, row.title),
        passed: matches!(row.told, Told::Passed | Told::Unavailable),
        score: scaled(row.earned, scale),
        max_score: scaled(row.worth, scale),
        message: row.details,
    }
}

/// The smallest power of ten that makes a whole number of every step's points: of all that the labs have, so that it is
/// the same for all students, whatever they earned.
fn scale(card: &Scorecard) -> u64 {
    let steps = card.labs.iter().flat_map(|lab| &lab.lab.steps);
    steps.map(|step| needed(step.points)).max().unwrap_or(1)
}

fn needed(points: Points) -> u64 {
    [1, 10, 100].into_iter().find(|scale| (points.0 * scale).is_multiple_of(1000)).unwrap_or(1000)
}

fn scaled(points: Points, scale: u64) -> u64 {
    points.0 * scale / 1000
}
