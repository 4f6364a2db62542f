//! What the clients of lab 03 say, and what they are answered: the same in every mode of the server.
//!
//! | line | answer |
//! | --- | --- |
//! | `ECHO text` | `text` |
//! | `HIT` | the counter, after one was added to it |
//! | `CRASH` | none: whoever serves this client ends abnormally |
//! | `BYE` | `bye`, and the end of the connection |
//! | a line longer than 4096 bytes | `ERR line too long`, and the end of the connection |
//! | anything else | `ERR unknown command` |

use std::os::fd::OwnedFd;

use nix::Result;

/// The most bytes that a line may have, its newline not counted.
const LONGEST: usize = 4096;

/// How often `HIT` was said.
///
/// Adding one takes three steps: read the number, add, write it back. When two threads take them at the same time, both
/// read 7 and both write 8, and a hit is lost. It happens rarely, and never while you watch.
#[derive(Default)]
pub struct Counter {
    // What does a counter need that several threads change? See `std::sync`. It has to have a `Default`: 0.
}

impl Counter {
    /// Step 1: adds one, and tells the new value. Safe to be called by several threads at the same time.
    pub fn hit(&self) -> u64 {
        todo!("step 1: hit")
    }
}

/// What to do about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Send this line, without its newline yet, and go on.
    Say(Vec<u8>),
    /// Send this line, and close the connection.
    SayAndClose(Vec<u8>),
    /// End abnormally.
    Crash,
}

/// Step 2: what a line is answered.
pub fn answer(line: &[u8], counter: &Counter) -> Answer {
    todo!("step 2: answer")
}

/// Step 3: talks with one client until it has no more to say, or is not to say any more.
///
/// Lines come from a `LineReader` (`lines.rs`). Each answer goes out with its newline, in one write: `rio::writen`. To end
/// abnormally there is `std::process::abort`. The connection stays open; closing it is the caller's.
pub fn converse(client: &OwnedFd, counter: &Counter) -> Result<()> {
    todo!("step 3: converse")
}
