//! The processes of the cell, as /proc has them.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;

pub(super) struct Process {
    pub pid: i32,
    parent: i32,
    pub threads: u64,
    /// Whether it is a child of init's own.
    pub child: bool,
}

/// All processes below this one. Parents go first: a shell would see what became of its children, and say so with an exit
/// status of its own.
pub(super) fn family() -> Vec<Process> {
    // Where the procfs is the machine's, we have another number there than in here.
    let link = fs::read_link("/proc/self").ok();
    let Some(init) = link.and_then(|link| link.to_str()?.parse::<i32>().ok()) else { return Vec::new() };
    let mut children: HashMap<i32, Vec<Process>> = HashMap::new();
    for process in everybody() {
        children.entry(process.parent).or_default().push(process);
    }
    let mut parents = VecDeque::from([init]);
    let mut seen = HashSet::from([init]);
    let mut found = Vec::new();
    while let Some(parent) = parents.pop_front() {
        for mut process in children.remove(&parent).unwrap_or_default() {
            // The look was not taken at one moment, so that a number may have been two processes.
            if seen.insert(process.pid) {
                parents.push_back(process.pid);
                process.child = parent == init;
                found.push(process);
            }
        }
    }
    found
}

fn everybody() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter_map(look).collect()
}

fn look(pid: i32) -> Option<Process> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    // `PID (NAME) STATE PARENT …`, where a name can have anything in it. Of proc_pid_stat(5)'s fields, the parent is the
    // 4th and the number of threads the 20th.
    let after = stat.iter().rposition(|&byte| byte == b')')? + 1;
    let fields: Vec<&str> = str::from_utf8(&stat[after..]).ok()?.split_ascii_whitespace().collect();
    Some(Process { pid, parent: fields.get(1)?.parse().ok()?, threads: fields.get(17)?.parse().ok()?, child: false })
}
