//! Finding a submission.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::build::{self, BuildTrouble};
use super::cache::Cache;
use super::kind::Kind;
use super::mistake::SubmissionMistake;
use crate::engine::Program;

/// A folder with a student's work, in any language.
#[derive(Debug, Clone)]
pub struct Submission {
    folder: PathBuf,
    kind: Kind,
}

impl Submission {
    pub fn open(path: &Path) -> Result<Submission, SubmissionMistake> {
        let unreadable = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => SubmissionMistake::Missing { path: path.to_owned() },
            _ => SubmissionMistake::Unreadable { path: path.to_owned(), why: error.to_string() },
        };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            return Err(SubmissionMistake::NotAFolder { path: path.to_owned() });
        }
        let folder = path.canonicalize().map_err(unreadable)?;
        if fs::read_dir(&folder).map_err(unreadable)?.next().is_none() {
            return Err(SubmissionMistake::Empty { path: path.to_owned() });
        }
        let kind = Kind::of(&folder);
        Ok(Submission { folder, kind })
    }

    /// Programs that can be had from it, as far as can be told without building.
    pub fn programs(&self) -> Vec<String> {
        self.kind.programs(&self.folder)
    }

    /// Whether it may hold the program. A Makefile's targets can be made in many ways: there, only building tells.
    pub fn may_hold(&self, program: &str) -> bool {
        self.kind == Kind::Make || self.programs().iter().any(|name| name == program)
    }

    /// The program, built; at once when the same sources were built before.
    pub fn program(&self, name: &str, cache: &Cache) -> Result<Program, BuildTrouble> {
        build::program(&self.folder, self.kind, name, cache)
    }
}
