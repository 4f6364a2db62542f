//! Why there is no program, and the words for it.

use std::fmt;
use std::io;
use std::time::Duration;

use super::shown::reason;
use crate::cell::{CellError, SpawnError, Status};
use crate::engine::plain;

#[derive(Debug)]
pub enum BuildTrouble {
    /// The submission has no such program; `found` are those it has.
    NoProgram {
        found: Vec<String>,
    },
    /// The file is there but is not executable.
    NotExecutable {
        name: String,
    },
    /// The build tool said no: what was run, and its words.
    Failed {
        what: String,
        output: String,
    },
    /// It needs a crate, or a version of one, that is not among the lab's.
    Crate {
        named: String,
        output: String,
    },
    TimedOut {
        what: String,
        after: Duration,
    },
    /// It used more than a build may.
    Overdrawn {
        what: String,
        status: Status,
    },
    /// It built, and made no such program.
    NotMade {
        what: String,
        name: String,
    },
    /// What it made is larger than any program of a lab.
    Huge {
        name: String,
    },
    /// The build tool is not on this machine.
    NoTool {
        tool: &'static str,
    },
    /// The grader's own trouble.
    Own(String),
}

impl BuildTrouble {
    /// Whether it is the grader's or the machine's trouble, not the student's.
    pub fn is_own(&self) -> bool {
        matches!(self, BuildTrouble::NoTool { .. } | BuildTrouble::Own(_))
    }

    /// More to read: the build tool's words, or what to do.
    pub fn output(self) -> String {
        match self {
            BuildTrouble::Failed { output, .. } => output,
            BuildTrouble::Crate { output, .. } => {
                format!(
                    "hint: builds have no network; a lab's crates are those of the starter's `Cargo.lock`\n{output}"
                )
            }
            BuildTrouble::NotExecutable { name } => format!("hint: chmod +x {name}\n"),
            _ => String::new(),
        }
    }

    pub fn own(what: &str, error: impl fmt::Display) -> BuildTrouble {
        BuildTrouble::Own(format!("cannot {what}: {error}"))
    }
}

impl fmt::Display for BuildTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            BuildTrouble::NoProgram { found } if found.is_empty() => f.write_str("there is no program in it"),
            BuildTrouble::NoProgram { found } => {
                write!(f, "there is no such program, only `{}`", plain(&found.join("`, `")))
            }
            BuildTrouble::NotExecutable { name } => write!(f, "the file `{name}` is not executable"),
            BuildTrouble::Failed { what, .. } => write!(f, "`{what}` failed"),
            BuildTrouble::Crate { named, .. } => {
                write!(f, "it needs the crate `{named}`, which this lab does not have")
            }
            BuildTrouble::TimedOut { what, after } => {
                write!(f, "`{what}` had not ended after {} s", after.as_secs_f64())
            }
            BuildTrouble::Overdrawn { what, status: Status::TooMuchMemory } => {
                write!(f, "`{what}` used more memory than a build may have, and was ended")
            }
            BuildTrouble::Overdrawn { what, .. } => write!(f, "`{what}` ran too many processes, and was ended"),
            BuildTrouble::NotMade { what, name } => write!(f, "`{what}` succeeded but made no program `{name}`"),
            BuildTrouble::Huge { name } => {
                write!(f, "the program `{name}` that it made is larger than any can be here")
            }
            BuildTrouble::NoTool { tool } => write!(f, "`{tool}` is needed to build it and is not installed here"),
            BuildTrouble::Own(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for BuildTrouble {}

impl From<io::Error> for BuildTrouble {
    fn from(error: io::Error) -> Self {
        BuildTrouble::own("build", reason(&error))
    }
}

impl From<CellError> for BuildTrouble {
    fn from(error: CellError) -> Self {
        BuildTrouble::own("make a cell for the build", error)
    }
}

impl From<SpawnError> for BuildTrouble {
    fn from(error: SpawnError) -> Self {
        BuildTrouble::own("start the build", error)
    }
}
