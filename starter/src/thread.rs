//! A thread for each client.
//!
//! ```text
//!   main thread   accept ── create ── accept ── create ── …
//!                             │
//!   thread                    └─ talk with the client ── close(client) ── end
//! ```
//!
//! Threads are all in one process. They share its memory, so there is one counter and everybody's hits are on it; they
//! share its descriptors, so nothing has to be closed twice, and what one forgets to close stays open for all.
//!
//! See `pthreads(7)`, `pthread_create(3)`, which `std::thread` stands on.

use std::convert::Infallible;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex};

use nix::Result;

use crate::commands::Counter;

/// Room for so many threads and no more: what is called a semaphore.
pub struct Room {
    free: Mutex<usize>,
    /// Rung when somebody has left.
    left: Condvar,
}

impl Room {
    /// For `max` at a time.
    pub fn new(max: usize) -> Room {
        Room { free: Mutex::new(max), left: Condvar::new() }
    }

    /// Step 11 (extra credit): waits until there is room, and takes it.
    ///
    /// When `wait` returns, is there room for certain?
    pub fn enter(&self) {
        todo!("step 11: enter")
    }

    /// Step 12 (extra credit): gives the room back, and wakes one who waits for it.
    pub fn leave(&self) {
        todo!("step 12: leave")
    }
}

/// Step 13: all that the thread does with its client. Who closes the connection?
pub fn serve_in_thread(client: OwnedFd, counter: &Counter) {
    todo!("step 13: serve_in_thread")
}

/// Step 14: starts a thread that serves the client, and returns at once: `thread::Builder::spawn`, which tells when there is
/// no room for another thread.
///
/// What becomes of the thread when it has ended, and nobody waits for it? With a `room`, who leaves it, and when?
pub fn start_thread(client: OwnedFd, counter: Arc<Counter>, room: Option<Arc<Room>>) -> io::Result<()> {
    todo!("step 14: start_thread")
}

/// Step 15: a thread for each client, for good, and with a `max` at most so many at a time.
///
/// There is one counter for all of them: `Arc` lets several threads own it.
pub fn serve(listener: &OwnedFd, max: Option<usize>) -> Result<Infallible> {
    todo!("step 15: serve")
}
