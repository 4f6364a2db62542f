//! How much memory the student's processes use: there is no rlimit for what all of them use together.

use std::fs;
use std::time::Duration;

/// How often init looks while a program runs. At a gigabyte a second, this is 20 MB.
pub(super) const EVERY: Duration = Duration::from_millis(20);

/// Whether these processes have more than so many bytes for themselves, without the pages of files, which the kernel can
/// have back.
pub(super) fn exceeds(processes: &[i32], limit: u64) -> bool {
    let sum = |of: fn(i32) -> Option<u64>| processes.iter().filter_map(|process| of(*process)).sum::<u64>();
    // Quick, and with shared pages counted for each process that has them: many children make it look like much.
    sum(resident) > limit && sum(proportional) > limit
}

fn resident(process: i32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    // A zombie has none of these lines.
    Some(bytes(&status, "RssAnon:")? + bytes(&status, "RssShmem:")?)
}

/// A shared page counts for each of those who have it by its part.
fn proportional(process: i32) -> Option<u64> {
    let Ok(rollup) = fs::read_to_string(format!("/proc/{process}/smaps_rollup")) else {
        // In a container, root itself may not see the insides of another user's process.
        return resident(process);
    };
    Some(bytes(&rollup, "Pss_Anon:")? + bytes(&rollup, "Pss_Shmem:")?)
}

/// From a line such as `RssAnon:     1234 kB`.
fn bytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}
