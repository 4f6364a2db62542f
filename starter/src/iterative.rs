//! One client after another.
//!
//! ```text
//!   accept ─ talk with client 1 ─ close ─ accept ─ talk with client 2 ─ close ─ …
//!                 │
//!                 └ client 1 goes for a coffee in mid-line: `read` waits, and so does everybody else
//! ```

use std::convert::Infallible;
use std::os::fd::OwnedFd;

use nix::Result;

/// Step 4: one client after another, for good, with one counter for all of them.
///
/// You have written such a loop in `server.rs`; this one calls `converse`. Returns only when accepting fails for a reason of
/// our own.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    todo!("step 4: serve")
}
