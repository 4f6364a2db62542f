//! The end of all that runs in the cell, whatever it does against that.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{ForkResult, Pid, Uid, fork, setresuid};

use super::family::family;
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
    for process in family() {
        hit |= kill(Pid::from_raw(process.pid), Signal::SIGKILL).is_ok() && process.child;
    }
    hit
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
