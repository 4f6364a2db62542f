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
use std::process;
use std::sync::{Mutex, PoisonError};

use nix::Result;

use crate::lines::{Line, LineReader};
use crate::rio;

/// The most bytes that a line may have, its newline not counted.
const LONGEST: usize = 4096;

/// How often `HIT` was said.
///
/// Adding one takes three steps: read the number, add, write it back. When two threads take them at the same time, both
/// read 7 and both write 8, and a hit is lost. It happens rarely, and never while you watch.
#[derive(Default)]
pub struct Counter {
    /// A mutex lets one thread at a time have what is inside, from `lock` until the guard it returns is gone.
    hits: Mutex<u64>,
}

impl Counter {
    /// Step 1: adds one, and tells the new value. Safe to be called by several threads at the same time.
    pub fn hit(&self) -> u64 {
        // One lock around all of it, reading and writing. With one lock for the reading and another for the writing each
        // access would be safe, and the sum still wrong: between them another thread can get in.
        //
        // Poisoned: a thread has panicked with the lock in its hand. The number is as good as before.
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        *hits += 1;
        *hits
        // Here the guard goes, and with it the lock: long before anybody writes the answer to a client. Whoever wrote it
        // with the lock in hand would make all clients wait for the one that does not read.
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
    match line {
        b"HIT" => Answer::Say(counter.hit().to_string().into_bytes()),
        b"CRASH" => Answer::Crash,
        b"BYE" => Answer::SayAndClose(b"bye".to_vec()),
        _ => match line.strip_prefix(b"ECHO ") {
            Some(text) => Answer::Say(text.to_vec()),
            None => Answer::Say(b"ERR unknown command".to_vec()),
        },
    }
}

/// Step 3: talks with one client until it has no more to say, or is not to say any more.
///
/// This is all that a client sees of the server. Whether others are served at the same time is nothing that this
/// function could tell: it runs once for each client, in turn, in processes or in threads.
pub fn converse(client: &OwnedFd, counter: &Counter) -> Result<()> {
    let mut lines = LineReader::new(client, LONGEST);
    loop {
        let answer = match lines.next_line()? {
            Line::Whole(line) => answer(&line, counter),
            // Where the next command would begin is not known any more, so this is the end. Closing with some of the
            // line unread sends RST instead of FIN: nobody is cut off who kept to the rules.
            Line::TooLong => Answer::SayAndClose(b"ERR line too long".to_vec()),
            Line::End => return Ok(()),
        };
        match answer {
            Answer::Say(text) => say(client, text)?,
            Answer::SayAndClose(text) => return say(client, text),
            // abort(3) raises SIGABRT, whose default action ends the *process*, with all of its threads.
            Answer::Crash => process::abort(),
        }
    }
}

/// Sends a line: text and newline in one write, so that they leave in one segment.
fn say(client: &OwnedFd, mut text: Vec<u8>) -> Result<()> {
    text.push(b'\n');
    rio::writen(client, &text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &[u8]) -> Answer {
        answer(line, &Counter::default())
    }

    #[test]
    fn echo_gives_back_all_behind_one_space() {
        assert_eq!(said(b"ECHO a  b "), Answer::Say(b"a  b ".to_vec()));
        assert_eq!(said(b"ECHO "), Answer::Say(Vec::new()));
    }

    #[test]
    fn what_only_looks_like_a_command_is_none() {
        for line in [b"".as_slice(), b"ECHOES", b"echo x", b"HITS", b" HIT"] {
            assert_eq!(said(line), Answer::Say(b"ERR unknown command".to_vec()));
        }
    }

    #[test]
    fn no_hit_of_any_thread_is_lost() {
        let counter = Counter::default();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| (0..10_000).for_each(|_| assert!(counter.hit() > 0)));
            }
        });
        assert_eq!(counter.hit(), 20_001);
    }
}
