//! Lines out of a stream, which has none: a buffer between what `read` returns and what a protocol talks about.
//!
//! A line that the peer sent with one `write` may come in three reads, and one read may bring two lines and a half.
//! So what has come is kept until a newline is among it, and what stands behind that newline is kept for the next time.
//!
//! A line must have a greatest length. Without one, a client that never sends a newline makes the server keep all it
//! sends, until there is no memory left for anybody.

use std::os::fd::AsFd;

use nix::Result;

/// What comes next in a stream of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A whole line, without its newline. Bytes: whether they are text is not known yet.
    Whole(Vec<u8>),
    /// More bytes than a line may have, and no newline among them. Where the next line begins is anybody's guess.
    TooLong,
    /// The peer has no more to say. A line that it began and did not end is none.
    End,
}

/// Reads lines from a descriptor.
///
/// There must be one reader for a connection, from its beginning to its end: what it has read ahead is in its buffer
/// and nowhere else. (The same goes for C's `FILE`: two of them on one descriptor steal each other's bytes.)
pub struct LineReader<F> {
    fd: F,
    /// What has been read and not yet handed out.
    buffer: Vec<u8>,
    /// The most bytes that a line may have, its newline not counted.
    longest: usize,
}

impl<F: AsFd> LineReader<F> {
    /// A reader of `fd`, a descriptor or a borrowed one, with an empty buffer.
    pub fn new(fd: F, longest: usize) -> LineReader<F> {
        LineReader { fd, buffer: Vec::new(), longest }
    }

    /// The next line, if enough has been read to know it. Never waits.
    ///
    /// What does it say when there is no newline yet, and when it can already be seen that the line gets too long?
    pub fn take_line(&mut self) -> Option<Line> {
        todo!("lines::take_line")
    }

    /// The next line. Waits for it, if it has to: `read(2)`, here `rio::read_some`.
    ///
    /// When must it not read, because all it needs has come already?
    pub fn next_line(&mut self) -> Result<Line> {
        todo!("lines::next_line")
    }
}
