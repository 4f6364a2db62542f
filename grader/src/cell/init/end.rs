//! The end of all that runs in the cell, whatever it does against that.

use std::collections::{HashSet, VecDeque};
use std::fs;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{ForkResult, Pid, Uid, fork, setresuid};

use crate::cell::wire::{Step, Trouble};

/// Looks at /proc that find nobody to kill, although there is somebody.
const FRUITLESS: usize = 100;

/// Kills every descendant and reaps until the kernel says that there are no children any more: the child of one that
/// dies becomes ours, so without children there are no descendants.
pub(super) fn kill_all(own: bool, mut reap_one: impl FnMut(WaitPidFlag) -> nix::Result<bool>) {
    let mut fruitless = 0;
    loop {
        // All the dead first: there may be nobody else, which is known sooner than /proc is read, and there may be
        // thousands, which make that slow.
        loop {
            match reap_one(WaitPidFlag::WNOHANG) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return,
            }
        }
        let hit = if own { kill_everybody_else() } else { kill_descendants() };
        if hit {
            // One that was hit is sure to end.
            if reap_one(WaitPidFlag::empty()).is_err() {
                return;
            }
        } else {
            // The look at /proc can miss one that forks meanwhile. But it may be one that is not ours to kill as well
            // (a set-user-id program), and that is not worth to look for ever.
            fruitless += 1;
            if fruitless == FRUITLESS {
                return;
            }
        }
    }
}

/// What PID 1 can do at one blow, which no fork escapes.
fn kill_everybody_else() -> bool {
    kill(Pid::from_raw(-1), Signal::SIGKILL) != Err(Errno::ESRCH)
}

/// Whether a child of our own was hit.
fn kill_descendants() -> bool {
    let mut hit = false;
    for (pid, child) in family() {
        hit |= kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok() && child;
    }
    hit
}

/// All processes below this one, as /proc has them.
pub(super) fn descendants() -> Vec<i32> {
    family().into_iter().map(|(pid, _)| pid).collect()
}

/// The same, and whether each is a child of ours. Parents go first: a shell would see what became of its children, and say
/// so with an exit status of its own.
fn family() -> Vec<(i32, bool)> {
    // Where the procfs is the machine's, we have another number there than in here.
    let link = fs::read_link("/proc/self").ok();
    let Some(init) = link.and_then(|link| link.to_str()?.parse::<i32>().ok()) else { return Vec::new() };
    let parents = parents();
    let children_of = |of: i32| parents.iter().filter(move |(_, parent)| *parent == of).map(|(pid, _)| *pid);
    let mut next: VecDeque<(i32, bool)> = children_of(init).map(|pid| (pid, true)).collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some((pid, child)) = next.pop_front() {
        // The look was not taken at one moment, so that a number may have been two processes.
        if seen.insert(pid) {
            found.push((pid, child));
            next.extend(children_of(pid).map(|pid| (pid, false)));
        }
    }
    found
}

/// Kills every process of a user, from a process of his, which no fork escapes.
pub(super) fn kill_user(user: u32) -> Result<(), Trouble> {
    // SAFETY: this process has one thread only, so that its copy can do all that it can.
    match unsafe { fork() }.step("fork in the cell")? {
        ForkResult::Parent { child } => waitpid(child, None).step("end the student's processes").map(drop),
        ForkResult::Child => {
            let user = Uid::from_raw(user);
            let killed = setresuid(user, user, user).and_then(|()| kill(Pid::from_raw(-1), Signal::SIGKILL));
            // SAFETY: `_exit` runs nothing of what this process has registered.
            unsafe { libc::_exit(i32::from(killed.is_err())) }
        }
    }
}

/// All processes that /proc shows, with their parents.
fn parents() -> Vec<(i32, i32)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    let parent = |pid: i32| {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        // `PID (NAME) STATE PARENT …`, where a name can have anything in it.
        let after = stat.iter().rposition(|&byte| byte == b')')? + 1;
        let rest = std::str::from_utf8(&stat[after..]).ok()?;
        rest.split_ascii_whitespace().nth(1)?.parse().ok()
    };
    pids.filter_map(|pid| Some((pid, parent(pid)?))).collect()
}
