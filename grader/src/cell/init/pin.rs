//! Threads side by side: two that are woken at the same moment would often share a processor, one after the other.

use std::fs;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

use super::family::Process;

/// Binds each thread of these processes to one of the first two processors that we may use ourselves, in turn.
pub(super) fn pin(family: &[Process]) {
    let Ok(ours) = sched_getaffinity(Pid::from_raw(0)) else { return };
    let mut processors = (0..CpuSet::count()).filter(|&number| ours.is_set(number).unwrap_or(false));
    let (Some(first), Some(second)) = (processors.next(), processors.next()) else { return };
    let mut tids: Vec<i32> = family.iter().flat_map(|process| threads(process.pid)).collect();
    // In the order in which they were started, so that two which began one after the other are kept apart.
    tids.sort_unstable();
    for (tid, processor) in tids.into_iter().zip([first, second].into_iter().cycle()) {
        let mut only = CpuSet::new();
        // A thread that has just ended needs no processor, and one that stays where it is does no harm.
        let _ = only.set(processor).and_then(|()| sched_setaffinity(Pid::from_raw(tid), &only));
    }
}

fn threads(pid: i32) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}
