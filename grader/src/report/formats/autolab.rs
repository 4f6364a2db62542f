//! Autolab's last two lines (docs.autolabproject.com, formatted feedback), with lines for people before them.

use serde_json::{Map, Value, json};

use super::row::{Row, Told, visible};
use crate::report::number::points;
use crate::score::Scorecard;

/// A problem of the assessment for each lab, by the lab's id. The scores hold every step; the lines only those that a
/// student may see. Nothing may be printed after them.
pub fn autolab(card: &Scorecard) -> String {
    let mut text = String::new();
    let rows = visible(card);
    for row in &rows {
        text.push_str(&format!("[{}] {}\n", result(row.told), row.id));
        row.details.lines().for_each(|line| text.push_str(&format!("| {line}\n")));
    }
    let mut feedback = Map::from_iter([
        ("_presentation".to_owned(), "semantic".into()),
        ("stages".to_owned(), Value::Array(Vec::new())),
    ]);
    for lab in &card.labs {
        let name = quiet(&lab.lab.id);
        let tests = rows.iter().filter(|row| row.lab == lab.lab.id).map(|row| (quiet(&row.title), test(row)));
        let tests: Map<String, Value> = tests.collect();
        // A stage without a test has nothing to show.
        if let (false, Some(stages)) = (tests.is_empty(), feedback["stages"].as_array_mut()) {
            stages.push(name.clone().into());
            feedback.insert(name, Value::Object(tests));
        }
    }
    let score = |lab: &crate::score::LabScore| (quiet(&lab.lab.id), points(lab.totals().with_bonus()).into());
    let scores: Map<String, Value> = card.labs.iter().map(score).collect();
    text.push_str(&format!("{}\n{}\n", Value::Object(feedback), json!({ "scores": scores })));
    text
}

fn test(row: &Row) -> Value {
    match row.told {
        Told::Passed => json!({ "passed": true }),
        _ => json!({ "passed": false, "hint": quiet(&row.message) }),
    }
}

fn result(told: Told) -> &'static str {
    match told {
        Told::Passed => "passed",
        Told::Failed => "FAILED",
        Told::Blocked => "blocked",
        Told::Unavailable => "not checked",
        Told::Faulted => "grader's fault",
    }
}

/// Autolab takes a colon behind a letter or a digit for the end of a key, even inside of a text.
fn quiet(text: &str) -> String {
    text.replace(':', "\u{2236}")
}
