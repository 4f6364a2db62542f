//! Finding a submission.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::Path;

use super::build;
use super::cache::Cache;
use super::copy::Sources;
use super::intake::{Copy, Trouble, take_in};
use super::kind::Kind;
use super::mistake::SubmissionMistake;
use super::shown::reason;
use super::trouble::BuildTrouble;
use crate::cell::Level;
use crate::engine::{Beside, Program};

/// A student's work, in any language: a private copy that is gone with it.
#[derive(Debug)]
pub struct Submission {
    copy: Copy,
    kind: Kind,
}

/// Why there is no submission to build from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenTrouble {
    Mistake(SubmissionMistake),
    /// The grader's own trouble: no room for the copy, or the like.
    Own(String),
}

impl Submission {
    /// From a folder or an archive.
    pub fn open(path: &Path) -> Result<Submission, OpenTrouble> {
        let copy = take_in(path).map_err(|trouble| match trouble {
            Trouble::Flaw(flaw) => OpenTrouble::Mistake(flaw.of(path)),
            Trouble::Own(error) => OpenTrouble::Own(format!("cannot copy the submission: {}", reason(&error))),
        })?;
        let kind = Kind::of(&copy.project);
        Ok(Submission { copy, kind })
    }

    /// Programs that can be had from it, as far as can be told without building.
    pub fn programs(&self) -> Vec<String> {
        self.kind.programs(&self.copy.project)
    }

    /// Whether it may hold the program. A Makefile's targets can be made in many ways: there, only building tells.
    pub fn may_hold(&self, program: &str) -> bool {
        self.kind == Kind::Make || self.programs().iter().any(|name| name == program)
    }

    /// Of all that a build sees: with the same one nothing else can come of it.
    pub fn digest(&self) -> io::Result<String> {
        Ok(Sources::read(&self.copy.project)?.hash(&[]))
    }

    /// The program, built at this level of isolation; at once when the same sources were built before.
    pub fn program(&self, name: &str, level: Level, cache: &Cache) -> Result<Program, BuildTrouble> {
        build::program(&self.copy.project, self.kind, name, level, cache)
    }

    /// The program, for steps in which these others of the submission play beside it.
    pub fn program_beside(
        &self,
        name: &str,
        others: &BTreeSet<&str>,
        level: Level,
        cache: &Cache,
    ) -> Result<Program, BuildTrouble> {
        let program = self.program(name, level, cache)?;
        let beside = others.iter().map(|other| ((*other).to_owned(), self.beside(other, level, cache)));
        Ok(Program { beside: beside.collect(), ..program })
    }

    /// A program that plays beside another one: where there is none, that costs nobody anything.
    pub fn beside(&self, name: &str, level: Level, cache: &Cache) -> Beside {
        match self.program(name, level, cache) {
            Ok(program) => Beside::Built(program.folder),
            Err(BuildTrouble::NoProgram { .. } | BuildTrouble::NotMade { .. }) => {
                Beside::Lacking(format!("the submission has no `{name}`"))
            }
            Err(trouble) if trouble.is_own() => Beside::OwnFault(trouble.to_string()),
            Err(trouble) => Beside::Lacking(format!("the submission's `{name}` cannot be used: {trouble}")),
        }
    }
}

impl fmt::Display for OpenTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            OpenTrouble::Mistake(mistake) => mistake.fmt(f),
            OpenTrouble::Own(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for OpenTrouble {}
