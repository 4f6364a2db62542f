//! Exercism's test runner results, version 3 (exercism/docs, test runner interface).

use serde::Serialize;

use super::row::{Told, lost, visible};
use crate::report::json::pretty;
use crate::score::{Scorecard, Standing};

/// Characters of a step's output that are taken.
const OUTPUT: usize = 500;

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    message: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    test_code: String,
}

pub fn exercism(card: &Scorecard) -> Vec<u8> {
    let rows = visible(card);
    let problem = card.labs.iter().find_map(|lab| Some(super::row::problem(lab.problem.as_ref()?)));
    let test = |row: super::row::Row| Test {
        name: format!("{}: {}", row.lab, row.title),
        status: match row.told {
            Told::Passed | Told::Unavailable => "pass",
            Told::Failed | Told::Blocked => "fail",
            Told::Faulted => "error",
        },
        message: (row.told != Told::Passed).then_some(row.message),
        output: (!row.details.is_empty()).then(|| cut(&row.details)),
        test_code: row.id,
    };
    let (status, message) = match card.standing() {
        // There are no points here, so the result is about what is shown.
        Standing::FullMarks | Standing::PointsLost => (if lost(&rows) { "fail" } else { "pass" }, None),
        Standing::NothingGraded => ("error", problem),
        Standing::Faulted => ("error", Some("the grader had trouble of its own: try again".to_owned())),
    };
    let tests = if status == "error" { Vec::new() } else { rows.into_iter().map(test).collect() };
    pretty(&Results { version: 3, status, message, tests })
}

/// With a note that it was cut.
fn cut(text: &str) -> String {
    const NOTE: &str = "\n[cut]";
    if text.chars().count() <= OUTPUT {
        return text.to_owned();
    }
    text.chars().take(OUTPUT - NOTE.len()).chain(NOTE.chars()).collect()
}
