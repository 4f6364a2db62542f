//! The harness's handle on a cell.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use nix::errno::Errno;

use super::child::{Child, Ending};
use super::error::{CellError, SpawnError, why_not_executed};
use super::harden::{Lease, Sight};
use super::line::Line;
use super::start::{self, InitProcess};
use super::wire::{Answer, Request, Spawn, Trouble, Whom};
use super::{Bell, Job, Level, Plan, Stdin};

/// A place for one student's processes. Dropping it ends all of them.
pub struct Cell {
    level: Level,
    line: Arc<Line>,
    serials: AtomicU32,
    sock_diag: OwnedFd,
    proc: OwnedFd,
    /// The procfs is the cell's: process ids there are those that init sees.
    own_proc: bool,
    scratch: PathBuf,
    files: Option<PathBuf>,
    /// Last, because dropping it waits for the end that dropping the cell brings about.
    init: InitProcess,
    /// Until then, nobody else may have the user id.
    lease: Option<Lease>,
}

impl Cell {
    pub fn create(plan: &Plan, bell: Bell) -> Result<Cell, CellError> {
        let started = start::start(plan)?;
        let line = Line::open(started.control, started.names, bell)?;
        Ok(Cell {
            level: plan.level,
            line,
            serials: AtomicU32::new(0),
            sock_diag: started.sock_diag,
            proc: started.proc,
            own_proc: started.own_proc,
            scratch: started.scratch,
            files: started.files,
            init: started.init,
            lease: started.lease,
        })
    }

    pub fn level(&self) -> Level {
        self.level
    }

    /// The folder that can be written to, as the student sees it: his working directory.
    pub fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// The plan's files, as the student sees them.
    pub fn files(&self) -> Option<&Path> {
        self.files.as_deref()
    }

    /// Opens a file below [`Cell::scratch`] for reading, whatever kind of file it is, without following any link. Nothing
    /// when there is no such file.
    pub fn open(&self, path: &Path) -> Result<Option<File>, CellError> {
        match self.line.ask(&Request::Open { path: path.to_owned() })? {
            (Answer::Done, descriptors) => {
                let first = descriptors.into_iter().next();
                Ok(Some(first.ok_or(CellError::Ended)?.into()))
            }
            (Answer::Failed(trouble @ Trouble { errno: libc::EMFILE | libc::ENFILE | libc::ENOMEM, .. }), _) => {
                Err(trouble.into())
            }
            (Answer::Failed(_), _) => Ok(None),
            _ => Err(CellError::Ended),
        }
    }

    /// Starts a program. Its end is heard of through [`Child::status`], and the bell.
    pub fn spawn(&self, job: &Job) -> Result<Child, SpawnError> {
        let serial = self.serials.fetch_add(1, Ordering::Relaxed);
        let piped = job.stdin == Stdin::Piped;
        let request = Request::Spawn(Spawn {
            serial,
            program: job.program.clone(),
            args: job.args.clone(),
            env: job.env.clone(),
            piped,
        });
        // Before asking: it may have ended by the time that the answer is here.
        let status = Ending::default();
        self.line.expect_ending(serial, &status);
        let result = self.line.ask(&request);
        if !matches!(result, Ok((Answer::Spawned { .. }, _))) {
            self.line.forget_ending(serial);
        }
        let (pid, has_pidfd, descriptors) = match result? {
            (Answer::Spawned { pid, pidfd }, descriptors) => (pid, pidfd, descriptors),
            (Answer::Refused(refusal), _) => {
                let why = why_not_executed(&job.program, &refusal)?;
                return Err(SpawnError::Program { why });
            }
            _ => return Err(CellError::Ended.into()),
        };
        let mut descriptors = descriptors.into_iter();
        let mut next = || descriptors.next().ok_or(CellError::Ended);
        let (stdout, stderr) = (Some(next()?), Some(next()?));
        let stdin = if piped { Some(next()?) } else { None };
        let pidfd = if has_pidfd { Some(next()?) } else { None };
        let pid = if self.own_proc { pid } else { outside(pid, pidfd.as_ref(), self.level)? };
        Ok(Child { pid, stdin, stdout, stderr, pidfd, serial, status })
    }

    /// An unbound IPv4 socket of the cell's network.
    pub fn tcp_socket(&self) -> Result<OwnedFd, CellError> {
        self.socket(libc::AF_INET, libc::SOCK_STREAM, 0)
    }

    /// An unbound IPv6 socket of the cell's network.
    pub fn tcp6_socket(&self) -> Result<OwnedFd, CellError> {
        self.socket(libc::AF_INET6, libc::SOCK_STREAM, 0)
    }

    /// An unbound IPv4 datagram socket of the cell's network.
    pub fn udp_socket(&self) -> Result<OwnedFd, CellError> {
        self.socket(libc::AF_INET, libc::SOCK_DGRAM, 0)
    }

    /// Any socket of the cell's network, as `socket(2)` makes it; it is closed on exec.
    pub fn socket(&self, domain: i32, kind: i32, protocol: i32) -> Result<OwnedFd, CellError> {
        if self.level != Level::Cell {
            return start::socket(domain, kind, protocol);
        }
        match self.line.ask(&Request::Socket { domain, kind, protocol })? {
            (Answer::Done, descriptors) => descriptors.into_iter().next().ok_or(CellError::Ended),
            (Answer::Failed(trouble), _) => Err(trouble.into()),
            _ => Err(CellError::Ended),
        }
    }

    /// A `NETLINK_SOCK_DIAG` socket of the cell's network.
    pub fn sock_diag(&self) -> BorrowedFd<'_> {
        self.sock_diag.as_fd()
    }

    /// The directory of a procfs that shows the student's processes, and the process id there of init: all of its
    /// descendants are the student's (or were started for him).
    pub fn proc(&self) -> (BorrowedFd<'_>, i32) {
        (self.proc.as_fd(), if self.own_proc { 1 } else { self.init.pid })
    }

    /// For as long as it is kept, this thread sees the insides of the student's processes in [`Cell::proc`].
    pub fn sight(&self) -> Sight {
        Sight::of(self.lease.as_ref().map(|lease| lease.user))
    }

    /// Sends a signal. A process that has already ended does not mind.
    pub fn signal(&self, child: &Child, signal: i32, whom: Whom) -> Result<(), CellError> {
        self.command(&Request::Signal { serial: child.serial, signal, whom })
    }

    /// Fails when init is no more. It takes all that runs in the cell along, and its connections, but its own end of the
    /// line to us is closed before any of theirs.
    pub fn check(&self) -> Result<(), CellError> {
        self.command(&Request::Ping)
    }

    /// Kills all that runs in the cell, and returns when it is gone and reaped. The statuses are there by then.
    pub fn kill_all(&self) -> Result<(), CellError> {
        self.command(&Request::KillAll)
    }

    /// Binds each thread that runs in the cell now to one of the first two processors there are, in turn. Where there is only
    /// one, and where the kernel does not let us, they stay where they are.
    pub fn pin(&self) -> Result<(), CellError> {
        self.command(&Request::Pin)
    }

    fn command(&self, request: &Request) -> Result<(), CellError> {
        match self.line.ask(request)? {
            (Answer::Done, _) => Ok(()),
            (Answer::Failed(trouble), _) => Err(trouble.into()),
            _ => Err(CellError::Ended),
        }
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        // Init ends when nobody is at the other side any more; then `InitProcess` waits for that.
        self.line.hang_up();
    }
}

/// What the process `pid` of the cell is called in the procfs of the machine.
fn outside(pid: i32, pidfd: Option<&OwnedFd>, level: Level) -> Result<i32, CellError> {
    if level != Level::Cell {
        return Ok(pid);
    }
    let step = "find the program's process id outside of the cell";
    let failed = |errno| CellError::Step { step: step.into(), errno };
    let pidfd = pidfd.ok_or_else(|| failed(Errno::ENOSYS))?;
    let number = std::os::fd::AsRawFd::as_raw_fd(pidfd);
    let read: io::Result<String> = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}"));
    let text = read.map_err(|error| CellError::from_io(step, &error))?;
    let found = text.lines().find_map(|line| line.strip_prefix("Pid:")?.trim().parse().ok());
    // It is -1 for a process that has been reaped meanwhile: nothing can be seen of it in any case.
    found.ok_or_else(|| failed(Errno::ESRCH))
}

impl CellError {
    pub(super) fn from_io(step: &str, error: &io::Error) -> CellError {
        let errno = error.raw_os_error().unwrap_or(Errno::UnknownErrno as i32);
        Trouble { step: step.into(), errno }.into()
    }
}
