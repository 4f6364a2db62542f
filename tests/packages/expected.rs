//! What a submission earns, as the grader itself says it on this machine: a platform has to come to the same.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use conformance::grader;
use serde_json::Value;

use super::handed_in::handed_in;
use super::packaged::LAB;

pub struct Expected(pub Value);

pub struct Step<'a> {
    /// `02-server/listens`
    pub id: &'a str,
    pub title: &'a str,
    pub verdict: &'a str,
    pub earned: f64,
    pub worth: f64,
}

impl Expected {
    /// Of one of [`handed_in`], graded once for all tests.
    pub fn of(name: &str, level: &str) -> Expected {
        static KNOWN: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let report = known.entry(format!("{name} {level}")).or_insert_with(|| grade(handed_in(name).path(), level));
        Expected(report.clone())
    }

    pub fn steps(&self) -> Vec<Step<'_>> {
        let steps = self.0["labs"][0]["steps"].as_array().expect("a lab has steps");
        steps
            .iter()
            .map(|step| Step {
                id: step["id"].as_str().expect("an id"),
                title: step["title"].as_str().expect("a title"),
                verdict: step["verdict"].as_str().expect("a verdict"),
                earned: step["earned"].as_f64().expect("points"),
                worth: step["worth"].as_f64().expect("points"),
            })
            .collect()
    }

    /// With extra credit.
    pub fn total(&self) -> f64 {
        self.steps().iter().map(|step| step.earned).sum()
    }

    pub fn result(&self) -> &str {
        self.0["result"].as_str().expect("a result")
    }
}

fn grade(submission: &Path, level: &str) -> Value {
    let output = grader().arg("grade").arg(submission).args(["--lab", LAB, "--level", level, "--json", "-"]).output();
    let output = output.expect("it runs");
    let report = serde_json::from_slice(&output.stdout);
    report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}
