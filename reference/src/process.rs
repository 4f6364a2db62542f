//! A child process for each client.
//!
//! ```text
//!   parent   accept ── fork ── close(client) ── accept ── fork ── …
//!                        │
//!   child                └─ close(listener) ── talk with the client ── exit
//!                                                                        │
//!   parent                                        … SIGCHLD ── waitpid ──┘
//! ```
//!
//! `fork(2)` makes a second process that is a copy of the first: the same program at the same place, the same memory (each
//! its own from now on), and *the same descriptors*. That is how the child comes by the connection, and also where the
//! trouble comes from: each process has to close what it does not need, because a connection ends, and a port is free,
//! only when the last copy of the descriptor is closed.
//!
//! What children share is what the kernel keeps. What they don't is memory: `HIT` is counted in each child's own copy of
//! the counter, and every client starts at 1. In return a child that crashes takes nobody along.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

use nix::Result;
use nix::errno::Errno;
use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, sigaction, sigprocmask};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{ForkResult, fork};

use crate::commands::{Counter, converse};
use crate::server::{accept_client, close, say};

/// Children that have been started and not collected. The handler changes it at any moment, hence the atomic.
static CHILDREN: AtomicUsize = AtomicUsize::new(0);

/// Step 5: asks to be told when a child has ended.
///
/// `sigaction(2)`, SIGCHLD in `signal(7)`. A child that has ended stays behind as a *zombie*, a line in the table of
/// processes, until its parent has asked how it ended. Each costs little, but the table is full one day.
pub fn collect_children() -> Result<()> {
    // SA_RESTART: a call like `accept` that the signal interrupts goes on by itself instead of failing with EINTR.
    // (`accept_client` copes with EINTR all the same; the flag does not reach every call.)
    // SA_NOCLDSTOP: not when a child is merely stopped (Ctrl-Z).
    let flags = SaFlags::SA_RESTART | SaFlags::SA_NOCLDSTOP;
    let action = SigAction::new(SigHandler::Handler(on_child_end), flags, SigSet::empty());
    // SAFETY: the handler does only what `signal-safety(7)` allows: it takes no lock and allocates nothing.
    unsafe { sigaction(Signal::SIGCHLD, &action) }.map(drop)
}

/// Step 6: collects every child that has ended.
///
/// `waitpid(2)`. Called by the kernel, between any two instructions of the program.
extern "C" fn on_child_end(_signal: c_int) {
    // The program may be about to look at the errno of its last call, which `waitpid` overwrites.
    let errno = Errno::last();
    // In a loop: a pending signal is only a mark. Ten children that end while we don't get to run leave one SIGCHLD.
    // WNOHANG: the others are still busy, and we must not wait for them here.
    while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
        match status.pid() {
            Some(_) => CHILDREN.fetch_sub(1, Ordering::SeqCst),
            // There are children, and none of them has ended.
            None => break,
        };
    }
    errno.set();
}

/// Step 7 (extra credit): waits until there are fewer than `max` children.
///
/// `sigsuspend(2)`. Not `while … { pause() }`: a child that ends after we have looked and before `pause` begins would have
/// sent its signal in vain, and we would sleep until the next one ends.
pub fn wait_for_room(max: usize) -> Result<()> {
    let mut child_ended = SigSet::empty();
    child_ended.add(Signal::SIGCHLD);
    // From here on a SIGCHLD is kept for later…
    let mut before = SigSet::empty();
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&child_ended), Some(&mut before))?;
    while CHILDREN.load(Ordering::SeqCst) >= max {
        // …until we sleep: letting it in and falling asleep are one step. The handler has run when this returns.
        before.suspend()?;
    }
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&before), None)
}

/// Step 8: starts a child that serves the client. In the parent this returns at once; in the child it never does.
///
/// `fork(2)`, which returns twice.
pub fn start_child(listener: &OwnedFd, client: OwnedFd) -> Result<()> {
    // Before there is a child, which may have ended before `fork` returns.
    CHILDREN.fetch_add(1, Ordering::SeqCst);
    // SAFETY: this process has a single thread, so no lock can be held by one that the child does not have.
    match unsafe { fork() } {
        Ok(ForkResult::Child) => serve_in_child(listener, client),
        // The child has a copy of its own. If we kept ours the client would wait for the end of its connection long after
        // the child has gone, and we would run out of descriptors.
        Ok(ForkResult::Parent { .. }) => close(client),
        Err(errno) => {
            CHILDREN.fetch_sub(1, Ordering::SeqCst);
            Err(errno)
        }
    }
}

/// Step 9: all that the child does.
fn serve_in_child(listener: &OwnedFd, client: OwnedFd) -> ! {
    // The door is the parent's. With a copy in here the port would stay open when the parent is gone: clients would be
    // let into a queue that nobody looks after, and a new server would be told that the port is in use.
    close_copy(listener);
    if let Err(errno) = converse(&client, &Counter::default()) {
        say(&format!("lost a client: {}", errno.desc()));
    }
    // Closes the connection too, as it closes every descriptor. Forgetting it would be the classic mistake: the child
    // would return into the parent's loop and accept clients of its own.
    process::exit(0)
}

/// Closes this process's copy of a descriptor that somebody further up still owns.
fn close_copy(descriptor: &OwnedFd) {
    use std::os::fd::{AsRawFd, FromRawFd};
    // SAFETY: the child never returns to the owner, so that nobody uses or closes the number again.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor.as_raw_fd()) });
}

/// Step 10: a child for each client, at most `max` at a time, for good.
pub fn serve(listener: &OwnedFd, max: Option<usize>) -> Result<Infallible> {
    collect_children()?;
    loop {
        // Who finds no room waits in the kernel's queue: connected, and not accepted.
        if let Some(max) = max {
            wait_for_room(max)?;
        }
        let (client, address) = accept_client(listener)?;
        // EAGAIN: the machine has no room for another process. This client is out of luck, and the server goes on.
        if let Err(errno) = start_child(listener, client) {
            say(&format!("no child for {address}: {}", errno.desc()));
        }
    }
}
