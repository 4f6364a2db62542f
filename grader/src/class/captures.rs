//! The captures of one submission in a store: `captures/LAB.STEP.pcapng` beside its reports, those of steps that students
//! are not shown in a folder of their own.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::record::Record;
use super::store::{Store, StoreTrouble, of, own};
use crate::engine::{Frames, Outcome};
use crate::report::{capture_name, capture_path, hidden_captures, pcapng};
use crate::result_file::{Draft, ResultFile, sweep};
use crate::rubric::{Lab, Visibility};

/// In a submission's folder.
pub const CAPTURES: &str = "captures";

/// Those of a run. They take their places together with the reports that name them.
pub struct Captures<'s> {
    store: &'s Store,
    id: &'s str,
    drafts: Mutex<Result<Vec<Draft>, StoreTrouble>>,
}

impl<'s> Captures<'s> {
    pub fn of(store: &'s Store, id: &'s str) -> Captures<'s> {
        Captures { store, id, drafts: Mutex::new(Ok(Vec::new())) }
    }

    /// On disk at once: those of a whole submission are too much for memory.
    pub fn draft(&self, lab: &Lab, outcome: &Outcome, frames: &Frames, seed: u64) {
        let path = self.store.of(self.id).join(capture_path(CAPTURES, lab, &outcome.step));
        let drafted = draft(&path, &pcapng(outcome, frames, seed));
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        match (&mut *drafts, drafted) {
            (Ok(drafts), Ok(draft)) => drafts.push(draft),
            (Ok(_), Err(trouble)) => *drafts = Err(trouble),
            (Err(_), _) => {}
        }
    }

    pub fn drafts(self) -> Result<Vec<Draft>, StoreTrouble> {
        self.drafts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The captures that another store has of a submission.
pub fn copies(store: &Store, id: &str, from: &Path) -> Result<Vec<Draft>, StoreTrouble> {
    let mut drafts = Vec::new();
    for folder in folders() {
        for entry in fs::read_dir(of(from, id).join(&folder)).into_iter().flatten().flatten() {
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                let bytes = fs::read(entry.path()).map_err(own("read", &entry.path()))?;
                drafts.push(draft(&store.of(id).join(&folder).join(entry.file_name()), &bytes)?);
            }
        }
    }
    Ok(drafts)
}

/// Removes what the record does not have: of steps that have been played again since, and what a grader that was killed has
/// left. What cannot be removed is no loss.
pub fn tidy(submission: &Path, record: &Record, labs: &[&Lab]) {
    // Of each, whether students are shown its step; of labs that are not there, nobody knows.
    let mut known: HashMap<String, Option<bool>> = HashMap::new();
    for of in &record.labs {
        let lab = labs.iter().find(|lab| lab.id == of.id);
        for outcome in of.outcomes.iter().filter(|outcome| outcome.captured.is_some()) {
            let step = lab.and_then(|lab| lab.step(&outcome.step));
            let shown = step.map(|step| step.visibility == Visibility::Visible);
            known.insert(capture_name(&of.id, &outcome.step), shown);
        }
    }
    for folder in folders() {
        let (shown, path) = (folder == CAPTURES, submission.join(&folder));
        sweep(&path);
        let entries = fs::read_dir(&path).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b".")) {
            let of = entry.file_name().to_str().and_then(|name| known.get(name)).copied();
            if of.is_none_or(|of| of.is_some_and(|of| of != shown)) {
                let _ = fs::remove_file(entry.path());
            }
        }
        // Only when it is empty.
        let _ = fs::remove_dir(&path);
    }
}

fn folders() -> [String; 2] {
    [CAPTURES.to_owned(), hidden_captures(CAPTURES)]
}

fn draft(path: &Path, bytes: &[u8]) -> Result<Draft, StoreTrouble> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(own("make", folder))?;
    ResultFile::at(path).draft(bytes).map_err(own("write", path))
}
