//! A thread for each client.
//!
//! ```text
//!   main thread   accept ── create ── accept ── create ── …
//!                             │
//!   thread                    └─ talk with the client ── close(client) ── end
//! ```
//!
//! Threads are all in one process. They share its memory, so there is one counter and everybody's hits are on it; they
//! share its descriptors, so nothing has to be closed twice, and what one forgets to close stays open for all. And they share
//! its fate: one that crashes ends the process, and every conversation with it.
//!
//! See `pthreads(7)`, `pthread_create(3)`, which `std::thread` stands on.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::{io, thread};

use nix::Result;

use crate::commands::{Counter, converse};
use crate::server::{accept_client, close, say};

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
    pub fn enter(&self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // A loop, not an `if`: between the bell and our waking somebody else may have taken the place, and a wait may end
        // without any bell. `wait` gives the lock away while it sleeps, and has it again when it returns.
        while *free == 0 {
            free = self.left.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
    }

    /// Step 12 (extra credit): gives the room back, and wakes one who waits for it.
    pub fn leave(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.left.notify_one();
    }
}

/// Step 13: all that the thread does.
pub fn serve_in_thread(client: OwnedFd, counter: &Counter) {
    if let Err(errno) = converse(&client, counter) {
        say(&format!("lost a client: {}", errno.desc()));
    }
    // Here it must be said. A process gives everything back when it ends, a thread nothing.
    if let Err(errno) = close(client) {
        say(&format!("closing a client: {}", errno.desc()));
    }
}

/// Step 14: starts a thread that serves the client, and returns at once.
///
/// `pthread_create(3)`, `pthread_detach(3)`.
pub fn start_thread(client: OwnedFd, counter: Arc<Counter>, room: Option<Arc<Room>>) -> io::Result<()> {
    // The thread owns the descriptor: `client` is moved into it. (In C the usual mistake is to hand it the *address* of the
    // variable that the next `accept` overwrites.)
    let started = thread::Builder::new().spawn({
        let room = room.clone();
        move || {
            serve_in_thread(client, &counter);
            if let Some(room) = room {
                room.leave();
            }
        }
    });
    match started {
        Ok(thread) => {
            // Nobody will wait for it. Dropping the handle detaches the thread: its stack goes when it ends. A thread that
            // is neither joined nor detached leaves its stack behind, 2 to 8 MiB for each client that ever came.
            drop(thread);
            Ok(())
        }
        // EAGAIN: no room for another thread. The closure is dropped, and the connection closed with it.
        Err(error) => {
            if let Some(room) = room {
                room.leave();
            }
            Err(error)
        }
    }
}

/// Step 15: a thread for each client, at most `max` at a time, for good.
pub fn serve(listener: &OwnedFd, max: Option<usize>) -> Result<Infallible> {
    // One for all of them. `Arc` keeps it alive for as long as any thread has a use for it.
    let counter = Arc::new(Counter::default());
    let room = max.map(|max| Arc::new(Room::new(max)));
    loop {
        // Who finds no room waits in the kernel's queue: connected, and not accepted.
        if let Some(room) = &room {
            room.enter();
        }
        let (client, address) = accept_client(listener)?;
        if let Err(error) = start_thread(client, Arc::clone(&counter), room.clone()) {
            say(&format!("no thread for {address}: {error}"));
        }
    }
}
