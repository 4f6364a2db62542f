//! What is wrong with a submission before anything is built, and its words.

use std::fmt;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionMistake {
    Missing {
        path: PathBuf,
    },
    NotAFolder {
        path: PathBuf,
    },
    Unreadable {
        path: PathBuf,
        why: String,
    },
    Empty {
        path: PathBuf,
    },
    /// More than the grader copies.
    TooLarge {
        path: PathBuf,
        limit: &'static str,
    },
}

impl SubmissionMistake {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            SubmissionMistake::Missing { .. } => "give the folder that holds the submission",
            SubmissionMistake::NotAFolder { .. } => "unpack it first, and give the folder",
            SubmissionMistake::Unreadable { .. } => "look at the folder's permissions",
            SubmissionMistake::Empty { .. } => "`grader new DIR` writes the starter into a new folder",
            SubmissionMistake::TooLarge { .. } => "remove what is not source code from it",
        }
    }
}

impl fmt::Display for SubmissionMistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        // Names may hold anything; `{:?}` of a path escapes what does not print.
        let shown = |path: &PathBuf| format!("`{}`", format!("{path:?}").trim_matches('"'));
        match self {
            SubmissionMistake::Missing { path } => write!(f, "there is no submission {}", shown(path)),
            SubmissionMistake::NotAFolder { path } => write!(f, "the submission {} is not a folder", shown(path)),
            SubmissionMistake::Unreadable { path, why } => write!(f, "cannot read {}: {why}", shown(path)),
            SubmissionMistake::Empty { path } => write!(f, "the submission {} is empty", shown(path)),
            SubmissionMistake::TooLarge { path, limit } => {
                write!(f, "the submission {} is larger than {limit}", shown(path))
            }
        }
    }
}

impl std::error::Error for SubmissionMistake {}
