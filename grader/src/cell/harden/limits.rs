//! What one program may use up: rlimits, and the memory that init watches.

use libc::{c_ulong, rlimit};
use nix::errno::Errno;

/// Bytes that all processes of a program may have in memory, files and their own code aside. There is no rlimit for
/// this: init looks, and ends those that have more.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Descriptors of one process: as on most machines, so that a leak shows here as it would there.
const DESCRIPTORS: c_ulong = 1024;
/// Processes and threads together: a hundred threads are a lesson, thousands are a bomb.
pub const PROCESS_LIMIT: u64 = 512;
/// Bytes of one file.
const FILE: c_ulong = 64 << 20;
/// Seconds of processor time of one process.
const PROCESSOR: c_ulong = 120;

/// For this process and all that it becomes. Limits that are lower already stay.
///
/// The kernel counts the processes of a *user*. Where that is the grader's own (not `alone`), his browser counts too, and
/// init has to count instead.
pub(super) fn set(alone: bool) -> Result<(), Errno> {
    // One byte of core: a limit of 0 would not keep a handler behind a pipe from being started.
    lower(libc::RLIMIT_CORE, 1)?;
    lower(libc::RLIMIT_NOFILE, DESCRIPTORS)?;
    if alone {
        lower(libc::RLIMIT_NPROC, PROCESS_LIMIT)?;
    }
    lower(libc::RLIMIT_FSIZE, FILE)?;
    lower(libc::RLIMIT_CPU, PROCESSOR)?;
    lower(libc::RLIMIT_MEMLOCK, 64 << 10)?;
    lower(libc::RLIMIT_MSGQUEUE, 0)?;
    lower(libc::RLIMIT_RTPRIO, 0)?;
    lower(libc::RLIMIT_NICE, 0)
}

fn lower(what: libc::__rlimit_resource_t, to: c_ulong) -> Result<(), Errno> {
    let mut limit = rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the structure is ours and outlives the call.
    Errno::result(unsafe { libc::getrlimit(what, &mut limit) })?;
    limit.rlim_max = limit.rlim_max.min(to);
    limit.rlim_cur = limit.rlim_cur.min(to);
    // SAFETY: as above.
    Errno::result(unsafe { libc::setrlimit(what, &limit) }).map(drop)
}
