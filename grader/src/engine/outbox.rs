//! What is still to be written to a socket or to stdin.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::ops::Range;

use super::fill::Bytes;

/// Bytes on their way to the student, written as far as the kernel takes them.
#[derive(Debug, Default)]
pub struct Outbox {
    parts: VecDeque<(Bytes, Range<usize>)>,
    /// Bytes handed to the kernel since the stream was opened.
    total: u64,
}

impl Outbox {
    /// `part` of `bytes` comes after what is there.
    pub fn push(&mut self, bytes: &Bytes, part: Range<usize>) {
        if !part.is_empty() {
            self.parts.push_back((bytes.clone(), part));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub fn left(&self) -> u64 {
        self.parts.iter().map(|(_, part)| part.len() as u64).sum()
    }

    /// Bytes handed to the kernel since the stream was opened.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Nobody will read it any more.
    pub fn discard(&mut self) {
        self.parts.clear();
    }

    /// Writes until the kernel takes no more, and tells what it took; gives back whether anything went out.
    pub fn flush(&mut self, to: &mut impl Write, mut taken: impl FnMut(&[u8])) -> io::Result<bool> {
        let mut moved = false;
        while let Some((bytes, part)) = self.parts.front_mut() {
            match to.write(&bytes[part.clone()]) {
                Ok(0) => break,
                Ok(count) => {
                    taken(&bytes[part.start..part.start + count]);
                    part.start += count;
                    self.total += count as u64;
                    moved = true;
                    if part.start == part.end {
                        self.parts.pop_front();
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(moved)
    }
}
