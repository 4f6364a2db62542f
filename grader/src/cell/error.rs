//! What can go wrong with a cell, and the words for it.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use nix::errno::Errno;

use super::wire::{Refusal, Trouble};

/// The grader's own trouble with a cell: never the student's mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellError {
    /// The executable that serves as helper does not start.
    Helper { program: PathBuf, errno: Errno },
    /// A step of making or using the cell failed. `step` completes "cannot …".
    Step { step: String, errno: Errno },
    /// The program was there when it was built.
    Vanished { program: String },
    /// Init ended, or did not understand us.
    Ended,
    /// Init has not answered in all the time that it had.
    Silent,
}

/// Why a program was not started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpawnError {
    /// The student's: the file cannot be executed.
    Program {
        why: String,
    },
    Cell(CellError),
}

impl From<Trouble> for CellError {
    fn from(trouble: Trouble) -> CellError {
        CellError::Step { step: trouble.step, errno: Errno::from_raw(trouble.errno) }
    }
}

impl From<CellError> for SpawnError {
    fn from(error: CellError) -> SpawnError {
        SpawnError::Cell(error)
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            CellError::Helper { program, errno } => {
                write!(f, "cannot start `{}` as the cell's helper: {errno}", program.display())
            }
            CellError::Step { step, errno } => write!(f, "cannot {step}: {errno}"),
            CellError::Vanished { program } => write!(f, "`{program}` was built, and has vanished since"),
            CellError::Ended => write!(f, "the cell has ended by itself"),
            CellError::Silent => write!(f, "the cell does not answer"),
        }
    }
}

impl fmt::Display for SpawnError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            SpawnError::Program { why } => f.write_str(why),
            SpawnError::Cell(error) => error.fmt(f),
        }
    }
}

impl Error for CellError {}
impl Error for SpawnError {}

/// What `execve` meant by its error. Some errors are ours.
pub(super) fn why_not_executed(program: &str, refusal: &Refusal) -> Result<String, CellError> {
    let errno = Errno::from_raw(refusal.errno);
    let interpreter = match &refusal.interpreter {
        Some(name) => format!("its interpreter `{name}`"),
        None => "the interpreter that it names".to_owned(),
    };
    let because = match errno {
        Errno::ENOENT | Errno::ENOTDIR if refusal.exists => format!("{interpreter} does not exist here"),
        Errno::ENOENT | Errno::ENOTDIR => return Err(CellError::Vanished { program: program.to_owned() }),
        Errno::EACCES if !refusal.exists => "one of its folders may not be entered".into(),
        Errno::EACCES if !refusal.executable => "its mode does not allow it (`chmod +x`)".into(),
        Errno::EACCES => format!("it or {interpreter} may not be read or executed by everybody"),
        Errno::ENOEXEC => {
            "it is neither a program for this machine nor a script that begins with `#!` and its interpreter".into()
        }
        Errno::E2BIG | Errno::ELOOP | Errno::EISDIR | Errno::ELIBBAD | Errno::EINVAL => errno.to_string(),
        _ => return Err(CellError::Step { step: format!("execute `{program}`"), errno }),
    };
    Ok(format!("`{program}` cannot be executed: {because}"))
}
