//! CTRF, a JSON report of tests (ctrf.io).

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::row::{Told, visible};
use crate::report::json::pretty;
use crate::report::number::points;
use crate::score::Scorecard;

pub fn ctrf(card: &Scorecard) -> Vec<u8> {
    let rows = visible(card);
    let count = |told: &[Told]| rows.iter().filter(|row| told.contains(&row.told)).count();
    let stop = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    // Of the steps that are told of: how long the others took is not for everybody.
    let took: Duration = rows.iter().map(|row| row.took).sum();
    let tests: Vec<Value> = rows
        .iter()
        .map(|row| {
            let mut test = json!({
                "name": format!("{}: {}", row.lab, row.title),
                "status": status(row.told),
                "duration": row.took.as_millis() as u64,
                "suite": [row.lab],
                "extra": { "step": row.id, "points": points(row.earned), "max_points": points(row.worth), "bonus": row.bonus },
            });
            if row.told != Told::Passed {
                test["message"] = row.message.clone().into();
                test["trace"] = row.details.clone().into();
            }
            test
        })
        .collect();
    let report = json!({
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "results": {
            "tool": { "name": "grader", "version": env!("CARGO_PKG_VERSION") },
            "summary": {
                "tests": rows.len(),
                "passed": count(&[Told::Passed]),
                "failed": count(&[Told::Failed]),
                "skipped": count(&[Told::Blocked, Told::Unavailable]),
                "pending": 0,
                "other": count(&[Told::Faulted]),
                "start": stop.saturating_sub(took.as_millis() as u64),
                "stop": stop,
            },
            "tests": tests,
            "extra": { "level": card.level.name(), "seed": card.seed, "finished": card.finished },
        },
    });
    pretty(&report)
}

fn status(told: Told) -> &'static str {
    match told {
        Told::Passed => "passed",
        Told::Failed => "failed",
        Told::Blocked | Told::Unavailable => "skipped",
        Told::Faulted => "other",
    }
}
