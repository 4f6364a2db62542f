//! Gradescope's `results.json` (gradescope-autograders.readthedocs.io, specs).

use serde::Serialize;
use serde_json::{Map, Number, Value};

use super::row::{Row, Told, rows};
use crate::report::json::pretty;
use crate::report::number::{points, seconds};
use crate::rubric::Visibility;
use crate::score::Scorecard;

#[derive(Serialize)]
struct Results {
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    /// What the grader prints is for instructors.
    stdout_visibility: &'static str,
    execution_time: Number,
    tests: Vec<Test>,
    extra_data: Map<String, Value>,
}

#[derive(Serialize)]
struct Test {
    number: String,
    name: String,
    score: Number,
    max_score: Number,
    status: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    output: String,
    visibility: &'static str,
    extra_data: Map<String, Value>,
}

pub fn gradescope(card: &Scorecard) -> Vec<u8> {
    let extra = [
        ("grader", Value::from(env!("CARGO_PKG_VERSION"))),
        ("level", card.level.name().into()),
        ("seed", card.seed.into()),
        ("finished", card.finished.into()),
    ];
    let results = Results {
        output: output(card),
        // The platform's own default here is a kind of HTML.
        output_format: "text",
        test_output_format: "text",
        stdout_visibility: "hidden",
        execution_time: seconds(card.took),
        tests: rows(card).into_iter().enumerate().map(|(number, row)| test(number + 1, row)).collect(),
        extra_data: extra.map(|(name, value)| (name.to_owned(), value)).into_iter().collect(),
    };
    pretty(&results)
}

/// Nothing that depends on how a hidden step went.
fn output(card: &Scorecard) -> String {
    let mut lines = vec![format!("level {}, seed {}", card.level, card.seed)];
    if !card.finished {
        lines.insert(0, crate::score::UNFINISHED.to_owned());
    }
    lines.join("\n")
}

fn test(number: usize, row: Row) -> Test {
    let bonus = if row.bonus { " (extra credit)" } else { "" };
    Test {
        number: number.to_string(),
        name: format!("{}: {}{bonus}", row.lab, row.title),
        score: points(row.earned),
        // Extra credit is on top: its points are not part of what can be reached.
        max_score: if row.bonus { points(Default::default()) } else { points(row.worth) },
        status: if matches!(row.told, Told::Passed | Told::Unavailable) { "passed" } else { "failed" },
        output: row.details,
        visibility: match row.visibility {
            Visibility::Visible => "visible",
            Visibility::Hidden => "hidden",
            Visibility::AfterDueDate => "after_due_date",
        },
        extra_data: [("step".to_owned(), Value::from(row.id))].into_iter().collect(),
    }
}
