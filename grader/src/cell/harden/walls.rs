//! All the walls together, in the order in which one does not forbid the next.

use std::os::fd::BorrowedFd;

use landlock::{RulesetCreated, RulesetStatus};
use nix::errno::Errno;
use nix::sys::stat::fstat;
use nix::unistd::{Gid, Uid, fchown, setgroups, setresgid, setresuid};
use seccompiler::BpfProgram;

use super::files::Reach;
use super::limits::Limits;
use super::syscalls::{self, Sockets};
use super::{capabilities, limits};
use crate::cell::Level;
use crate::cell::wire::Trouble;

/// Made before a fork, raised after it.
pub(in crate::cell) struct Walls {
    /// Whom to become: when init is root of the machine.
    user: Option<u32>,
    files: Option<RulesetCreated>,
    calls: BpfProgram,
    limits: Limits,
    processes: u64,
}

impl Walls {
    pub(in crate::cell) fn new(
        level: Level,
        user: Option<u32>,
        reach: &Reach,
        limits: Limits,
        is_build: bool,
    ) -> Result<Walls, Trouble> {
        let sockets = match level {
            Level::Cell => Sockets::All,
            // They would be the machine's, and nothing has to be fetched.
            _ if is_build => Sockets::None,
            Level::Uid | Level::SameUid => Sockets::NoLocal,
            Level::Rlimits => Sockets::All,
        };
        let files = match level {
            Level::Rlimits => None,
            _ => reach.rules().map_err(|error| trouble(format!("make Landlock's rules ({error})")))?,
        };
        let calls = syscalls::filter(sockets).map_err(|error| trouble(format!("make the seccomp filter ({error})")))?;
        let processes = limits::processes(&limits, level == Level::Cell || user.is_some());
        Ok(Walls { user, files, calls, limits, processes })
    }

    /// Lets the program open a stream of its once more, by the name of /dev/stdout. Only a pipe is its own: /dev/null is the
    /// machine's, and would stay the program's when that is long gone.
    pub(in crate::cell) fn give(&self, stream: BorrowedFd) -> Result<(), Errno> {
        let is_pipe = fstat(stream)?.st_mode & libc::S_IFMT == libc::S_IFIFO;
        match self.user.filter(|_| is_pipe) {
            Some(user) => fchown(stream, Some(Uid::from_raw(user)), Some(Gid::from_raw(user))),
            None => Ok(()),
        }
    }

    /// Behind them there is no way back. Fails where the kernel has not all that the level stands for.
    pub(in crate::cell) fn raise(&self, level: Level) -> Result<(), Errno> {
        limits::set(&self.limits, self.processes)?;
        if let Some(user) = self.user {
            setgroups(&[])?;
            setresgid(Gid::from_raw(user), Gid::from_raw(user), Gid::from_raw(user))?;
            setresuid(Uid::from_raw(user), Uid::from_raw(user), Uid::from_raw(user))?;
        }
        capabilities::drop_all()?;
        if let Some(files) = &self.files {
            let status = files.try_clone().ok().and_then(|files| files.restrict_self().ok());
            let enforced = status.is_some_and(|status| status.ruleset != RulesetStatus::NotEnforced);
            // In a cell it is the second wall, elsewhere it is the only one.
            if !enforced && level != Level::Cell {
                return Err(Errno::ENOSYS);
            }
        }
        syscalls::enforce(&self.calls)
    }
}

fn trouble(step: String) -> Trouble {
    Trouble { step, errno: libc::ENOSYS }
}
