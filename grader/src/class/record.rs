//! What the store keeps of a submission: enough to write every report again without grading.

use std::ffi::OsStr;
use std::time::Duration;

use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

use super::key::GRADER;
use crate::cell::Level;
use crate::engine::{Outcome, Trace, Verdict};
use crate::rubric::Lab;
use crate::score::{LabScore, Problem, Scorecard};

/// Names the format; a record of another one is graded anew.
const SCHEMA: &str = "grader/record/v1";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    schema: String,
    /// The grader that wrote it.
    pub grader: String,
    pub level: Level,
    pub level_why: Option<String>,
    pub seed: u64,
    /// What grading took, builds included.
    pub took: Duration,
    /// In UTC; nothing before it was graded.
    pub graded_at: Option<String>,
    /// Whether every lab that was asked for has been graded.
    pub finished: bool,
    pub labs: Vec<LabRecord>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabRecord {
    pub id: String,
    /// What the result depends on.
    pub key: String,
    pub problem: Option<Problem>,
    pub outcomes: Vec<Outcome>,
}

impl Record {
    /// Of a submission that nobody has looked at yet.
    pub fn new(level: Level, level_why: Option<String>, seed: u64) -> Record {
        let (schema, grader) = (SCHEMA.to_owned(), GRADER.to_owned());
        let (took, labs) = (Duration::ZERO, Vec::new());
        Record { schema, grader, level, level_why, seed, took, graded_at: None, finished: false, labs }
    }

    /// Nothing when it is no record, or one of another time.
    pub fn read(bytes: &[u8]) -> Option<Record> {
        serde_json::from_slice(bytes).ok().filter(|record: &Record| record.schema == SCHEMA)
    }

    pub fn write(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec(self).expect("strings and numbers can be written");
        bytes.push(b'\n');
        bytes
    }

    pub fn lab(&self, id: &str) -> Option<&LabRecord> {
        self.labs.iter().find(|lab| lab.id == id)
    }

    /// In place of what there was of the lab.
    pub fn put(&mut self, lab: LabRecord) {
        self.labs.retain(|other| other.id != lab.id);
        self.labs.push(lab);
        self.labs.sort_by(|one, other| one.id.cmp(&other.id));
    }

    pub fn finish(&mut self, took: Duration) {
        let now = Timestamp::now();
        self.graded_at = Some(now.round(Unit::Second).unwrap_or(now).to_string());
        self.took = took;
        self.finished = true;
    }

    /// The scorecard for these labs; what is not known yet of one is something that the grader owes.
    pub fn card(&self, submission: &OsStr, labs: &[&Lab]) -> Scorecard {
        let labs: Vec<LabScore> = labs.iter().map(|lab| self.lab_score(lab)).collect();
        Scorecard {
            submission: submission.to_owned(),
            level: self.level,
            level_why: self.level_why.clone(),
            seed: self.seed,
            took: self.took,
            finished: self.finished,
            labs,
        }
    }

    fn lab_score(&self, lab: &Lab) -> LabScore {
        match self.lab(&lab.id) {
            Some(LabRecord { problem: Some(problem), .. }) => LabScore::unbuilt(lab, &[], problem.clone()),
            Some(known) => LabScore::new(lab, &[], known.outcomes.clone()),
            None => LabScore::new(lab, &[], Vec::new()),
        }
    }
}

impl LabRecord {
    pub fn of(score: &LabScore, key: String) -> LabRecord {
        let outcomes = match &score.problem {
            Some(_) => Vec::new(),
            None => score.steps.iter().map(|step| kept(&step.outcome)).collect(),
        };
        LabRecord { id: score.lab.id.clone(), key, problem: score.problem.clone(), outcomes }
    }
}

/// What went well is told nowhere, and would be most of the file.
fn kept(outcome: &Outcome) -> Outcome {
    match outcome.verdict {
        Verdict::Passed => Outcome { trace: Trace::default(), ..outcome.clone() },
        _ => outcome.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{json, look};
    use crate::score::specimen::{card, failed, outcome};

    #[test]
    fn a_record_gives_back_the_whole_scorecard() {
        let before = card(vec![outcome("listens", Verdict::Passed), outcome("echoes", failed())]);
        let mut record = Record::new(before.level, before.level_why.clone(), before.seed);
        before.labs.iter().for_each(|lab| record.put(LabRecord::of(lab, "key".to_owned())));
        record.finish(before.took);
        let record = Record::read(&record.write()).expect("it is one");
        let labs: Vec<&Lab> = before.labs.iter().map(|lab| &lab.lab).collect();
        let after = record.card(&before.submission, &labs);
        let text = |card: &Scorecard| String::from_utf8(json(card, &look())).expect("it is text");
        assert_eq!(text(&after), text(&before));
    }

    #[test]
    fn what_is_no_record_is_none() {
        assert!(Record::read(b"").is_none());
        let other = Record::new(Level::Cell, None, 1).write();
        let other = String::from_utf8(other).expect("it is text").replace("record/v1", "record/v0");
        assert!(Record::read(other.as_bytes()).is_none());
    }
}
