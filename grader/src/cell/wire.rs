//! What the harness and a cell's init say to each other: one datagram each, descriptors beside it.

use std::ffi::OsString;
use std::path::PathBuf;

use nix::errno::Errno;
use serde::{Deserialize, Serialize};

use super::{Build, Level, Status};

/// Said by the harness.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// The first message, and only the first.
    Begin(Setup),
    Spawn(Spawn),
    Socket {
        domain: i32,
        kind: i32,
        protocol: i32,
    },
    Signal {
        serial: u32,
        signal: i32,
        whom: Whom,
    },
    KillAll,
    /// The program's threads to the first two processors, in turn.
    Pin,
    /// Nothing but an answer.
    Ping,
    /// A file in the scratch folder, for reading, found without following links.
    Open {
        path: PathBuf,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Setup {
    pub level: Level,
    /// Whom the student's processes belong to, where they share ids with the machine and init is root.
    pub user: Option<u32>,
    pub program: PathBuf,
    pub files: Option<PathBuf>,
    /// Where temporary folders go, outside.
    pub temporary: PathBuf,
    pub receive_buffer: Option<u64>,
    pub send_buffer: Option<u64>,
    pub build: Option<Build>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Spawn {
    /// The harness's name for this job: process ids come round again, serials don't.
    pub serial: u32,
    pub program: String,
    pub args: Vec<OsString>,
    pub env: Vec<(String, String)>,
    pub piped: bool,
}

/// Who gets a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whom {
    /// The process that was spawned.
    Main,
    /// Its process group: what it forked too, unless that left the group.
    Group,
}

/// Said by the helper and by init.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// From the helper, first of all: it runs.
    Alive,
    /// From the helper: init exists, and this is its process id outside.
    Born {
        pid: i32,
    },
    /// The cell can be used. With it: a sock_diag socket, a socket for the names, and the directory of a procfs unless
    /// the kernel does not let us mount one.
    Ready {
        own_proc: bool,
        /// The folder that can be written to, as the student sees it.
        scratch: PathBuf,
    },
    /// With it: the harness's ends of stdout, of stderr, of stdin when piped, and a pidfd where the kernel has them.
    Spawned {
        pid: i32,
        pidfd: bool,
    },
    /// The program could not be executed.
    Refused(Refusal),
    /// With it: the socket, when one was asked for.
    Done,
    Failed(Trouble),
    /// Not an answer, but news.
    Exited {
        serial: u32,
        status: Status,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Refusal {
    pub errno: i32,
    pub interpreter: Option<String>,
    /// The file is there.
    pub exists: bool,
    /// It is a file, and its mode says that somebody may execute it.
    pub executable: bool,
}

/// A step that failed inside of the cell.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Trouble {
    /// Completes "cannot …".
    pub step: String,
    pub errno: i32,
}

/// Names the step that an error comes from.
pub(super) trait Step<T> {
    fn step(self, step: impl Into<String>) -> Result<T, Trouble>;
}

impl<T> Step<T> for nix::Result<T> {
    fn step(self, step: impl Into<String>) -> Result<T, Trouble> {
        self.map_err(|errno| Trouble { step: step.into(), errno: errno as i32 })
    }
}

impl<T> Step<T> for std::io::Result<T> {
    fn step(self, step: impl Into<String>) -> Result<T, Trouble> {
        self.map_err(|error| Trouble {
            step: step.into(),
            errno: error.raw_os_error().unwrap_or(Errno::UnknownErrno as i32),
        })
    }
}
