//! One submission among others: what it is called, and the programs that can be had from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::cell::Level;
use crate::engine::{Beside, Program, plain};
use crate::submission::{Cache, OpenTrouble, Submission};

/// The folder with the complete programs, as all of the project's labs have it.
pub const REFERENCE: &str = "reference";

#[derive(Debug)]
pub struct Subject {
    /// Fit for a terminal, and nobody else's.
    pub name: String,
    /// Why there is nothing to build from.
    opened: Result<Submission, OpenTrouble>,
    programs: BTreeMap<String, Beside>,
}

impl Subject {
    /// Each under the last part of its path, or under all of it where two have the same.
    pub fn open_all<P: AsRef<Path>>(paths: &[P]) -> Vec<Subject> {
        let last = |path: &Path| path.file_name().unwrap_or(path.as_os_str()).to_owned();
        let same = |path: &Path| paths.iter().filter(|other| last(other.as_ref()) == last(path)).count() > 1;
        let subject = |path: &Path| {
            let name = if same(path) { path.as_os_str().to_owned() } else { last(path) };
            let name = plain(&name.to_string_lossy());
            Subject { name, opened: Submission::open(path), programs: BTreeMap::new() }
        };
        paths.iter().map(|path| subject(path.as_ref())).collect()
    }

    /// Each of these programs, built once.
    pub fn build(&mut self, names: &BTreeSet<&str>, level: Level, cache: &Cache) {
        let build = |name: &str| match &self.opened {
            Ok(submission) => submission.beside(name, level, cache),
            Err(OpenTrouble::Mistake(mistake)) => Beside::Lacking(mistake.to_string()),
            Err(OpenTrouble::Own(what)) => Beside::OwnFault(what.clone()),
        };
        self.programs = names.iter().map(|name| ((*name).to_owned(), build(name))).collect();
    }

    pub fn program(&self, name: &str) -> Beside {
        let built = self.programs.get(name).cloned();
        built.unwrap_or_else(|| Beside::OwnFault(format!("nobody has built `{name}`")))
    }

    /// Its program with the other's beside it; or what there is in place of the program.
    pub fn before(&self, program: &str, other: &Subject) -> Result<Program, Beside> {
        match self.program(program) {
            Beside::Built(folder) => Ok(Program { beside: other.programs.clone(), ..Program::new(folder, program) }),
            lacking => Err(lacking),
        }
    }
}
