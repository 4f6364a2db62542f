//! What is still to be written to a socket or to stdin.

use std::io::{self, Write};

/// Bytes on their way to the student, written as far as the kernel takes them.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    written: usize,
    /// Bytes handed to the kernel since the stream was opened.
    total: u64,
}

impl Outbox {
    pub fn push(&mut self, bytes: &[u8]) {
        if self.written == self.bytes.len() {
            self.bytes.clear();
            self.written = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    pub fn is_empty(&self) -> bool {
        self.written == self.bytes.len()
    }

    pub fn left(&self) -> u64 {
        (self.bytes.len() - self.written) as u64
    }

    /// Bytes handed to the kernel since the stream was opened.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The last of what was handed to the kernel, which has just been.
    pub fn last(&self, count: usize) -> &[u8] {
        &self.bytes[self.written - count..self.written]
    }

    /// Nobody will read it any more.
    pub fn discard(&mut self) {
        self.written = self.bytes.len();
    }

    /// Writes until the kernel takes no more; gives back whether anything went out.
    pub fn flush(&mut self, to: &mut impl Write) -> io::Result<bool> {
        let mut moved = false;
        while !self.is_empty() {
            match to.write(&self.bytes[self.written..]) {
                Ok(0) => break,
                Ok(count) => {
                    self.written += count;
                    self.total += count as u64;
                    moved = true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(moved)
    }
}
