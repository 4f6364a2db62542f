//! One submission: what there is to do, its programs, its steps, and what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::captures::Captures;
use super::entry::Entry;
use super::key::{hash, key};
use super::plan::Plan;
use super::record::{LabRecord, Record};
use super::run::Class;
use super::store::StoreTrouble;
use crate::engine::{Frames, Outcome, Part, Program, Settings, play};
use crate::result_file::Draft;
use crate::rubric::Lab;
use crate::score::{LabScore, Problem};
use crate::submission::{BuildTrouble, Cache, OpenTrouble, Submission};

/// A submission with what it takes to play its steps.
pub struct Job<'c> {
    pub at: usize,
    record: Record,
    tasks: Vec<Task<'c>>,
    /// What building took.
    spent: Duration,
}

struct Task<'c> {
    lab: &'c Lab,
    key: String,
    /// All steps when empty.
    only: Vec<String>,
    built: Built,
}

enum Built {
    Program(Program),
    Broken(Problem),
    OwnFault(String),
}

impl<'c> Job<'c> {
    /// Opens and builds the submission at this place; nothing if all of it is known.
    pub fn prepare(class: &'c Class, at: usize, cache: &Cache) -> Option<Job<'c>> {
        let began = Instant::now();
        let entry = &class.entries[at];
        let known = class.store.record(&entry.id);
        let opened = catch_unwind(AssertUnwindSafe(|| Opened::of(entry)))
            .unwrap_or_else(|_| Opened::Own("the grader panicked when it opened the submission".to_owned()));
        let digest = opened.digest();
        let mut tasks = Vec::new();
        for (lab, lab_hash) in &class.labs {
            let key = key(&digest, lab_hash, class.level, class.seed);
            let only = match class.wanted.plan(lab, &key, known.as_ref().and_then(|known| known.lab(&lab.id))) {
                Plan::Keep => continue,
                Plan::Whole => Vec::new(),
                Plan::Steps(steps) => steps,
            };
            let built = catch_unwind(AssertUnwindSafe(|| opened.program(lab, class, cache)))
                .unwrap_or_else(|_| Built::OwnFault("the grader panicked when it built the program".to_owned()));
            tasks.push(Task { lab, key, only, built });
        }
        if tasks.is_empty() && known.as_ref().is_some_and(|known| known.finished) {
            return None;
        }
        let mut record = Record::new(class.level, class.level_why.clone(), class.seed);
        record.labs = known.map(|known| known.labs).unwrap_or_default();
        Some(Job { at, record, tasks, spent: began.elapsed() })
    }

    /// Plays what is to be played, and gives back all that is known now.
    pub fn play(mut self, class: &Class, settings: &Settings) -> (Record, Result<Vec<Draft>, StoreTrouble>) {
        let began = Instant::now();
        let captures = Captures::of(&class.store, &class.entries[self.at].id);
        for task in std::mem::take(&mut self.tasks) {
            let score = task.play(&self.record, settings, &captures);
            self.record.put(LabRecord::of(&score, task.key));
        }
        self.record.finish(self.spent + began.elapsed());
        (self.record, captures.drafts())
    }
}

impl Task<'_> {
    fn play(&self, record: &Record, settings: &Settings, captures: &Captures) -> LabScore {
        let program = match &self.built {
            Built::Program(program) => program,
            Built::Broken(problem) => return LabScore::unbuilt(self.lab, &[], problem.clone()),
            Built::OwnFault(what) => return LabScore::faulted(self.lab, &[], what),
        };
        let known = record.lab(&self.lab.id).filter(|_| !self.only.is_empty());
        let outcomes = known.map(|known| known.outcomes.clone()).unwrap_or_default();
        let mut score = LabScore::new(self.lab, &[], outcomes);
        let keep = |outcome: &Outcome, frames: Option<&Frames>| {
            if let Some(frames) = frames {
                captures.draft(self.lab, outcome, frames, settings.seed);
            }
        };
        let played = catch_unwind(AssertUnwindSafe(|| {
            play(&[Part { lab: self.lab, only: &self.only, program }], settings, &keep)
        }));
        match played {
            Ok(outcomes) => outcomes.into_iter().flatten().for_each(|outcome| score.take(outcome)),
            Err(_) => return LabScore::faulted(self.lab, &[], "the grader panicked"),
        }
        score
    }
}

/// What became of looking into a submission.
enum Opened {
    Submission(Submission, String),
    /// Nothing that could be built from.
    Broken(Problem),
    Own(String),
}

impl Opened {
    fn of(entry: &Entry) -> Opened {
        let submission = match Submission::open(&entry.path) {
            Ok(submission) => submission,
            Err(OpenTrouble::Mistake(mistake)) => {
                let output = format!("hint: {}\n", mistake.hint());
                return Opened::Broken(Problem { what: mistake.to_string(), output });
            }
            Err(OpenTrouble::Own(what)) => return Opened::Own(what),
        };
        match submission.digest() {
            Ok(digest) => Opened::Submission(submission, digest),
            Err(error) => Opened::Own(format!("cannot read the submission: {error}")),
        }
    }

    fn digest(&self) -> String {
        match self {
            Opened::Submission(_, digest) => digest.clone(),
            Opened::Broken(problem) => hash(&["broken", &problem.what]),
            Opened::Own(what) => hash(&["own", what]),
        }
    }

    fn program(&self, lab: &Lab, class: &Class, cache: &Cache) -> Built {
        let submission = match self {
            Opened::Submission(submission, _) => submission,
            Opened::Broken(problem) => return Built::Broken(problem.clone()),
            Opened::Own(what) => return Built::OwnFault(what.clone()),
        };
        match submission.program_beside(&lab.program, &lab.programs_beside(&[]), class.level, cache) {
            Ok(program) => Built::Program(program),
            Err(trouble) if trouble.is_own() => Built::OwnFault(trouble.to_string()),
            Err(trouble @ BuildTrouble::NoProgram { .. }) => {
                let what = format!("the submission has no program `{}`", lab.program);
                Built::Broken(Problem { what, output: format!("{trouble}\n") })
            }
            Err(trouble) => Built::Broken(Problem { what: trouble.to_string(), output: trouble.output() }),
        }
    }
}
