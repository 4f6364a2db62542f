//! What is wrong with a submission before anything is built, and its words.

use std::fmt;
use std::path::PathBuf;

use super::flaw::{Damage, EntryFlaw};
use super::shown::{shown, shown_path};
use super::unreadable::Unreadable;

/// The submission as it was named, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmissionMistake {
    pub path: PathBuf,
    pub flaw: Flaw,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    Missing,
    /// Neither a folder nor an archive.
    Neither,
    /// An archive of a format that is not unpacked.
    Foreign {
        format: &'static str,
    },
    /// Compressed, and no tar archive inside.
    NoTar,
    Unreadable(Unreadable),
    Empty,
    /// More bytes than are taken.
    TooLarge,
    /// More files and folders than are taken.
    TooMany,
    Damaged(Damage),
    /// One file or folder in it that is not taken; its name may be any bytes.
    Entry {
        name: Vec<u8>,
        flaw: EntryFlaw,
    },
}

impl Flaw {
    pub fn entry(name: impl Into<Vec<u8>>, flaw: EntryFlaw) -> Flaw {
        Flaw::Entry { name: name.into(), flaw }
    }

    /// When it is the machine that cannot read it.
    pub fn own_fault(&self) -> Option<&Unreadable> {
        match self {
            Flaw::Unreadable(why) | Flaw::Entry { flaw: EntryFlaw::Unreadable(why), .. } if why.is_own => Some(why),
            _ => None,
        }
    }

    pub fn of(self, path: impl Into<PathBuf>) -> SubmissionMistake {
        SubmissionMistake { path: path.into(), flaw: self }
    }
}

impl SubmissionMistake {
    /// What the reader can do about it.
    pub fn hint(&self) -> &'static str {
        match &self.flaw {
            Flaw::Missing => "give the folder or the archive that holds the submission",
            Flaw::Neither | Flaw::Foreign { .. } | Flaw::NoTar => "give a folder, a .zip, a .tar.gz or a .tar",
            Flaw::Unreadable(_) => "look at its permissions",
            Flaw::Empty => "`grader new DIR` writes the starter into a new folder",
            Flaw::TooLarge | Flaw::TooMany => "remove what is not source code from it",
            Flaw::Damaged(_) => "make the archive again, and unpack it once to see that it is whole",
            Flaw::Entry { flaw, .. } => flaw.hint(),
        }
    }
}

impl fmt::Display for SubmissionMistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let path = shown_path(&self.path);
        match &self.flaw {
            Flaw::Missing => write!(f, "there is no submission {path}"),
            Flaw::Neither => write!(f, "the submission {path} is neither a folder nor an archive"),
            Flaw::Foreign { format } => {
                write!(f, "the submission {path} is packed with {format}, which is not unpacked here")
            }
            Flaw::NoTar => write!(f, "the submission {path} is compressed, but there is no tar archive in it"),
            Flaw::Unreadable(why) => write!(f, "cannot read the submission {path}: {why}"),
            Flaw::Empty => write!(f, "the submission {path} is empty"),
            Flaw::TooLarge => write!(f, "the submission {path} is larger than 64 MiB"),
            Flaw::TooMany => write!(f, "the submission {path} has more than 10 000 files and folders"),
            Flaw::Damaged(damage) => write!(f, "the archive {path} is damaged: {damage}"),
            Flaw::Entry { name, flaw } => write!(f, "cannot take {} of the submission {path}: {flaw}", shown(name)),
        }
    }
}

impl std::error::Error for SubmissionMistake {}
