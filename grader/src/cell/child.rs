//! A program that was started in a cell.

use std::fmt;
use std::os::fd::OwnedFd;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Exited(i32),
    Signaled(i32),
    /// It was ended for having more in memory than [`MEMORY_LIMIT`](super::MEMORY_LIMIT).
    TooMuchMemory,
    /// It was ended for having more processes than [`PROCESS_LIMIT`](super::PROCESS_LIMIT), where the kernel cannot keep
    /// it from making them.
    TooManyProcesses,
}

/// A program that was started in a cell. Dropping it closes the harness's ends of its pipes, and does nothing else.
#[derive(Debug)]
pub struct Child {
    /// As [`Cell::proc`](super::Cell::proc) shows it.
    pub pid: i32,
    /// The streams are to be taken, as those of [`std::process::Child`].
    pub stdin: Option<OwnedFd>,
    pub stdout: Option<OwnedFd>,
    pub stderr: Option<OwnedFd>,
    /// Readable once the program has ended; absent before Linux 5.3.
    pub pidfd: Option<OwnedFd>,
    pub(super) serial: u32,
    pub(super) status: Ending,
}

/// Filled in once, by the thread that hears from init.
pub(super) type Ending = Arc<OnceLock<Status>>;

impl Child {
    /// Nothing, as long as it runs.
    pub fn status(&self) -> Option<Status> {
        self.status.get().copied()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Status::Exited(code) => write!(f, "exited with {code}"),
            Status::TooMuchMemory => write!(f, "ended for using more than {} MiB of memory", super::MEMORY_LIMIT >> 20),
            Status::TooManyProcesses => write!(f, "ended for running more than {} processes", super::PROCESS_LIMIT),
            Status::Signaled(signal) => match nix::sys::signal::Signal::try_from(*signal) {
                Ok(name) => write!(f, "killed by {name}"),
                Err(_) => write!(f, "killed by signal {signal}"),
            },
        }
    }
}
