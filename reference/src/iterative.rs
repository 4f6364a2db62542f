//! One client after another.
//!
//! ```text
//!   accept ─ talk with client 1 ─ close ─ accept ─ talk with client 2 ─ close ─ …
//!                 │
//!                 └ client 1 goes for a coffee in mid-line: `read` waits, and so does everybody else
//! ```
//!
//! Nothing is wrong with this server as long as every client says what it has to say and goes. One that does not has
//! the server for itself: client 2 is connected (the kernel has shaken hands for us), it has sent its line and the kernel
//! has acknowledged it, but nobody calls `accept`.

use std::convert::Infallible;
use std::os::fd::OwnedFd;

use nix::Result;

use crate::commands::{Counter, converse};
use crate::server::{accept_client, close, say};

/// Step 4: one client after another, for good.
///
/// Returns only when accepting fails for a reason of our own.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    let counter = Counter::default();
    loop {
        let (client, address) = accept_client(listener)?;
        if let Err(errno) = converse(&client, &counter) {
            say(&format!("lost {address}: {}", errno.desc()));
        }
        if let Err(errno) = close(client) {
            say(&format!("closing {address}: {}", errno.desc()));
        }
    }
}
