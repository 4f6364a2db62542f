//! Why a command could not do its work, by whose mistake it is.

use std::fmt::Display;
use std::io;
use std::path::Path;

use super::exit::Exit;
use crate::result_file::ResultFile;
use crate::rubric::{Mistake, Mistakes};
pub use crate::submission::reason;

/// In what was handed in: it is missing, empty, has no program of that name.
#[derive(Debug, Clone)]
pub struct StudentMistake {
    pub what: String,
    pub hint: Option<String>,
}

/// Of those who grade: on the command line or in a rubric.
#[derive(Debug, Clone)]
pub enum TaMistake {
    Usage { what: String, hint: Option<String> },
    Rubric(Mistakes),
}

/// The grader's own, or its machine's.
#[derive(Debug, Clone)]
pub struct OwnFault {
    pub what: String,
    pub hint: Option<String>,
}

#[derive(Debug, Clone)]
pub enum Trouble {
    Student(StudentMistake),
    Ta(TaMistake),
    Own(OwnFault),
    /// Whoever read our output has had enough: `grader labs | head -1`.
    PipeClosed,
}

impl TaMistake {
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> TaMistake {
        TaMistake::Usage { what: what.into(), hint: Some(hint.into()) }
    }

    /// Found out before any work: the file that `--OPTION` was given.
    pub fn unwritable(file: &ResultFile, error: &io::Error, option: &str) -> TaMistake {
        TaMistake::usage(cannot_write(file, error), format!("give `--{option}` a file that can be written"))
    }
}

impl OwnFault {
    pub fn new(what: impl Into<String>) -> OwnFault {
        OwnFault { what: what.into(), hint: None }
    }

    /// It could be written to before, and now no more.
    pub fn unwritten(file: &ResultFile, error: &io::Error) -> OwnFault {
        OwnFault::new(cannot_write(file, error))
    }
}

impl Trouble {
    pub fn exit(&self) -> Exit {
        match self {
            Trouble::Student(_) | Trouble::Ta(_) => Exit::Mistake,
            Trouble::Own(_) => Exit::OwnFault,
            Trouble::PipeClosed => Exit::Done,
        }
    }

    /// For stderr: `error: …` and `hint: …`; nothing when there is nobody to tell.
    pub fn render(&self, colour: bool) -> Option<String> {
        let (what, hint) = match self {
            Trouble::Student(StudentMistake { what, hint }) => (what, hint),
            Trouble::Ta(TaMistake::Usage { what, hint }) => (what, hint),
            Trouble::Ta(TaMistake::Rubric(mistakes)) => return Some(mistakes.render(colour)),
            Trouble::Own(OwnFault { what, hint }) => (what, hint),
            Trouble::PipeClosed => return None,
        };
        let (error, cyan) = if colour { (crate::report::BAD, crate::report::LABEL) } else { Default::default() };
        let mut text = format!("{error}error{error:#}: {what}");
        if let Some(hint) = hint {
            text.push_str(&format!("\n{cyan}hint{cyan:#}: {hint}"));
        }
        Some(text)
    }
}

/// ``cannot make `results`: permission denied``
pub fn cannot(what: &str, path: &Path, why: impl Display) -> String {
    format!("cannot {what} `{}`: {why}", path.display())
}

/// ``cannot write `results.json`: no space left on device``
fn cannot_write(file: &ResultFile, error: &io::Error) -> String {
    format!("cannot write `{}`: {}", file.name(), reason(error))
}

impl From<StudentMistake> for Trouble {
    fn from(mistake: StudentMistake) -> Trouble {
        Trouble::Student(mistake)
    }
}

impl From<TaMistake> for Trouble {
    fn from(mistake: TaMistake) -> Trouble {
        Trouble::Ta(mistake)
    }
}

impl From<OwnFault> for Trouble {
    fn from(fault: OwnFault) -> Trouble {
        Trouble::Own(fault)
    }
}

impl From<Mistakes> for Trouble {
    fn from(mistakes: Mistakes) -> Trouble {
        Trouble::Ta(TaMistake::Rubric(mistakes))
    }
}

impl From<Mistake> for Trouble {
    fn from(mistake: Mistake) -> Trouble {
        Mistakes::from(mistake).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, OwnFault, StudentMistake, TaMistake, Trouble};

    #[test]
    fn each_kind_has_its_exit_status() {
        let student = StudentMistake { what: "`answer` is empty".to_owned(), hint: None };
        assert_eq!(Trouble::from(student).exit(), Exit::Mistake);
        assert_eq!(Trouble::from(TaMistake::usage("a", "b")).exit(), Exit::Mistake);
        assert_eq!(Trouble::from(OwnFault::new("out of memory")).exit(), Exit::OwnFault);
        assert_eq!(Trouble::PipeClosed.exit(), Exit::Done);
    }

    #[test]
    fn a_mistake_is_shown_with_its_hint() {
        let shown = Trouble::from(TaMistake::usage("no lab is called `3`", "`grader labs` lists them"));
        assert_eq!(shown.render(false).as_deref(), Some("error: no lab is called `3`\nhint: `grader labs` lists them"));
        assert!(shown.render(true).is_some_and(|text| text.starts_with("\u{1b}[")));
        assert_eq!(Trouble::PipeClosed.render(true), None);
    }
}
