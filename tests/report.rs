//! The grader's report, as a program reads it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// What `grader grade FOLDER ARGS --json -` said. Its exit status agrees with its points.
pub struct Report(pub Value);

pub struct Step<'a>(&'a Value);

pub fn grade(folder: &Path, args: &[&str]) -> Report {
    // Where it shares the machine's ports, two of it at a time would be in each other's way.
    static PORT_8080: Mutex<()> = Mutex::new(());
    let _alone = folder.ends_with("server-port-8080").then(|| PORT_8080.lock().unwrap_or_else(PoisonError::into_inner));
    let output = super::grader().arg("grade").arg(folder).args(["--json", "-"]).args(args).output();
    let output = output.expect("the grader runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout);
    let report = Report(report.unwrap_or_else(|error| panic!("no report ({error}), but this: {stderr}")));
    let expected = match report.with("faulted").is_empty() {
        true => i32::from(report.lost() > 0),
        false => 70,
    };
    assert_eq!(output.status.code(), Some(expected), "{stderr}{:#}", report.0);
    report
}

impl Report {
    pub fn steps(&self) -> Vec<Step<'_>> {
        let labs = self.0["labs"].as_array().expect("a report has labs");
        labs.iter().flat_map(|lab| lab["steps"].as_array().expect("a lab has steps")).map(Step).collect()
    }

    pub fn step(&self, id: &str) -> Step<'_> {
        let found = self.steps().into_iter().find(|step| step.id() == id);
        found.unwrap_or_else(|| panic!("no step {id} in {:#}", self.0))
    }

    /// Ids of the steps with this verdict.
    pub fn with(&self, verdict: &str) -> Vec<&str> {
        self.steps().into_iter().filter(|step| step.verdict() == verdict).map(|step| step.id()).collect()
    }

    pub fn lost(&self) -> u64 {
        self.0["points"]["lost"].as_u64().expect("a report has points")
    }

    pub fn earned(&self) -> u64 {
        self.0["points"]["earned"].as_u64().expect("a report has points")
    }
}

impl<'a> Step<'a> {
    /// Without its lab: `listens`.
    pub fn id(&self) -> &'a str {
        let id = self.0["id"].as_str().expect("a step has an id");
        id.split_once('/').map_or(id, |(_, step)| step)
    }

    pub fn verdict(&self) -> &'a str {
        self.0["verdict"].as_str().expect("a step has a verdict")
    }

    /// Why a step was not checked, or what the grader's own trouble was.
    pub fn why(&self) -> &'a str {
        self.0["why"].as_str().unwrap_or_default()
    }

    pub fn failure(&self, field: &str) -> &'a str {
        self.0["failure"][field].as_str().unwrap_or_default()
    }

    pub fn trace(&self) -> &'a [Value] {
        self.0["trace"].as_array().expect("a step has a trace")
    }

    /// `event`, `provably-stuck` or `deadline`.
    pub fn waited_until(&self) -> &'a str {
        self.0["failure"]["waited"]["until"].as_str().unwrap_or_default()
    }

    pub fn seconds(&self) -> f64 {
        self.0["seconds"].as_f64().expect("a step takes its time")
    }
}
