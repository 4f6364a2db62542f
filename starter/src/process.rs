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
//! its own from now on), and *the same descriptors*.
//!
//! See `fork(2)`, `waitpid(2)`, `signal(7)`, `sigaction(2)`, `signal-safety(7)`; in `nix` they are in `unistd`, `sys::wait`
//! and `sys::signal`.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::sync::atomic::AtomicUsize;

use nix::Result;
use nix::libc::c_int;

/// Children that have been started and not collected. The handler changes it at any moment, hence the atomic.
static CHILDREN: AtomicUsize = AtomicUsize::new(0);

/// Step 5: asks to be told when a child has ended: `sigaction(2)` for SIGCHLD, with `on_child_end`.
///
/// What becomes of an `accept` that the signal interrupts? SA_RESTART says.
pub fn collect_children() -> Result<()> {
    todo!("step 5: collect_children")
}

/// Step 6: collects every child that has ended: `waitpid(2)`, without waiting for one that has not.
///
/// How many have ended when this is called? And whose `errno` does it overwrite?
extern "C" fn on_child_end(_signal: c_int) {
    todo!("step 6: on_child_end")
}

/// Step 7 (extra credit): waits until there are fewer than `max` children: `sigprocmask(2)`, `sigsuspend(2)`.
///
/// A child may end after you have looked at the number and before you sleep. It is only called when there is a `--max`.
pub fn wait_for_room(max: usize) -> Result<()> {
    todo!("step 7: wait_for_room")
}

/// Step 8: starts a child that serves the client. In the parent this returns at once; in the child it never does: `fork(2)`.
///
/// `nix` marks `fork` unsafe: with several threads the child would have only one of them, and the locks of all. Here there
/// is a single thread. What has the parent to do with its copy of `client`?
pub fn start_child(listener: &OwnedFd, client: OwnedFd) -> Result<()> {
    todo!("step 8: start_child")
}

/// Step 9: all that the child does. It begins with `close_copy`, and it ends with the process.
fn serve_in_child(listener: &OwnedFd, client: OwnedFd) -> ! {
    todo!("step 9: serve_in_child")
}

/// Closes this process's copy of a descriptor that somebody further up still owns.
fn close_copy(descriptor: &OwnedFd) {
    use std::os::fd::{AsRawFd, FromRawFd};
    // SAFETY: the child never returns to the owner, so that nobody uses or closes the number again.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor.as_raw_fd()) });
}

/// Step 10: a child for each client, for good, and with a `max` at most so many at a time.
///
/// A `fork` that fails is this client's bad luck, and not the end of the server.
pub fn serve(listener: &OwnedFd, max: Option<usize>) -> Result<Infallible> {
    todo!("step 10: serve")
}
