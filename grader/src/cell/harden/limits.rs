//! What one program may use up: rlimits, and the memory that init watches.

use std::fs;
use std::os::unix::fs::MetadataExt;

use libc::{c_ulong, rlimit};
use nix::errno::Errno;
use nix::unistd::geteuid;

/// Bytes that all processes of a student's program may have in memory, files and their own code aside. There is no rlimit
/// for this: init looks, and ends those that have more.
pub const MEMORY_LIMIT: u64 = 1 << 30;
/// Processes and threads together: a hundred threads are a lesson, thousands are a bomb.
pub const PROCESS_LIMIT: u64 = 512;

/// What differs between a student's program and a compiler.
#[derive(Debug, Clone, Copy)]
pub(in crate::cell) struct Limits {
    pub memory: u64,
    pub processes: u64,
    /// Bytes of one file.
    file: c_ulong,
    /// Seconds of processor time of one process.
    processor: c_ulong,
}

impl Limits {
    pub(in crate::cell) const STEP: Limits =
        Limits { memory: MEMORY_LIMIT, processes: PROCESS_LIMIT, file: 64 << 20, processor: 120 };
    pub(in crate::cell) const BUILD: Limits =
        Limits { memory: 3 << 30, file: 256 << 20, processor: 300, ..Limits::STEP };
}

/// Descriptors of one process: as on most machines, so that a leak shows here as it would there.
const DESCRIPTORS: c_ulong = 1024;

/// For this process and all that it becomes. Limits that are lower already stay.
///
/// `processes` is what [`processes`] says.
pub(super) fn set(limits: &Limits, processes: c_ulong) -> Result<(), Errno> {
    // One byte of core: a limit of 0 would not keep a handler behind a pipe from being started.
    lower(libc::RLIMIT_CORE, 1)?;
    lower(libc::RLIMIT_NOFILE, DESCRIPTORS)?;
    lower(libc::RLIMIT_NPROC, processes)?;
    lower(libc::RLIMIT_FSIZE, limits.file)?;
    lower(libc::RLIMIT_CPU, limits.processor)?;
    lower(libc::RLIMIT_MEMLOCK, 64 << 10)?;
    lower(libc::RLIMIT_MSGQUEUE, 0)?;
    lower(libc::RLIMIT_RTPRIO, 0)?;
    lower(libc::RLIMIT_NICE, 0)
}

/// How many processes and threads the program's user may have.
///
/// The kernel counts those of a *user*. Where that is the grader's own (not `alone`), his browser counts too: init counts the
/// program's instead, and this is only for a bomb that is quicker than init.
pub(super) fn processes(limits: &Limits, alone: bool) -> c_ulong {
    if alone { limits.processes } else { threads_of(geteuid().as_raw()) + 4 * limits.processes }
}

fn threads_of(user: u32) -> u64 {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let of_user = processes.filter(|process| process.metadata().is_ok_and(|process| process.uid() == user));
    // One link for each thread, and two for the folder itself.
    let threads =
        |process: fs::DirEntry| Some(fs::metadata(process.path().join("task")).ok()?.nlink().saturating_sub(2));
    of_user.filter_map(threads).sum()
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
