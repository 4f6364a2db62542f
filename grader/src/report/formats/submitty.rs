//! Submitty's `validation_results.json` of a custom validator (submitty.org, validation).

use serde_json::{Value, json};

use super::row::{Told, visible};
use crate::report::json::pretty;
use crate::score::{Scorecard, Standing};

pub fn submitty(card: &Scorecard) -> Vec<u8> {
    let report = if card.standing() == Standing::Faulted {
        // For the staff: no student is charged for it.
        json!({ "status": "failure", "message": "the grader had trouble of its own" })
    } else {
        let messages: Vec<Value> = visible(card)
            .into_iter()
            .map(|row| {
                let message = if row.message.is_empty() { "passed" } else { &row.message };
                let status = match row.told {
                    Told::Passed => "success",
                    Told::Unavailable => "information",
                    Told::Failed | Told::Blocked | Told::Faulted => "failure",
                };
                json!({ "message": format!("{}: {message}", row.title), "status": status })
            })
            .collect();
        json!({ "status": "success", "data": { "score": card.totals().share(), "message": messages } })
    };
    pretty(&report)
}
