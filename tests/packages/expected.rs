//! What a submission earns, as the grader itself says it on this machine: a platform has to come to the same.

use std::path::Path;

use conformance::grader;
use serde_json::Value;

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
    pub fn of(submission: &Path, level: &str) -> Expected {
        let output =
            grader().arg("grade").arg(submission).args(["--lab", LAB, "--level", level, "--json", "-"]).output();
        let output = output.expect("it runs");
        let report = serde_json::from_slice(&output.stdout);
        Expected(report.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
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
