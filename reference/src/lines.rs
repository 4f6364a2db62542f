//! Lines out of a stream, which has none: a buffer between what `read` returns and what a protocol talks about.
//!
//! A line that the peer sent with one `write` may come in three reads, and one read may bring two lines and a half.
//! So what has come is kept until a newline is among it, and what stands behind that newline is kept for the next time.
//!
//! A line must have a greatest length. Without one, a client that never sends a newline makes the server keep all it
//! sends, until there is no memory left for anybody.

use std::os::fd::AsFd;

use nix::Result;

use crate::rio;

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
    pub fn take_line(&mut self) -> Option<Line> {
        // The newline of a line that is just as long as it may be stands one byte behind that.
        let window = &self.buffer[..self.buffer.len().min(self.longest + 1)];
        match window.iter().position(|byte| *byte == b'\n') {
            Some(end) => {
                // Takes the line and its newline out; the rest moves to the front and waits for the next call.
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                Some(Line::Whole(line))
            }
            None if window.len() > self.longest => Some(Line::TooLong),
            None => None,
        }
    }

    /// The next line. Waits for it, if it has to.
    ///
    /// An error loses nothing: with a non-blocking descriptor, call again after `EAGAIN`, when there is more to read.
    pub fn next_line(&mut self) -> Result<Line> {
        let mut chunk = [0; 4096];
        loop {
            // First what we have: the peer may have sent several lines at once and be waiting for all the answers.
            // Reading now could be waiting for ever.
            if let Some(line) = self.take_line() {
                return Ok(line);
            }
            // `read(2)` returns what has come: a byte, half a line, five lines.
            match rio::read_some(&self.fd, &mut chunk)? {
                0 => return Ok(Line::End),
                count => self.buffer.extend_from_slice(&chunk[..count]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;

    use nix::errno::Errno;
    use nix::sys::socket::{AddressFamily, SockFlag, SockType, socketpair};

    use super::*;

    fn pair(flags: SockFlag) -> (OwnedFd, OwnedFd) {
        socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::SOCK_CLOEXEC | flags).unwrap()
    }

    /// What a reader makes of these bytes, up to the end or to a line that is too long.
    fn lines_of(bytes: &[u8], longest: usize) -> Vec<Line> {
        let (near, far) = pair(SockFlag::empty());
        rio::writen(&near, bytes).unwrap();
        drop(near);
        let mut reader = LineReader::new(&far, longest);
        let mut lines = Vec::new();
        while !matches!(lines.last(), Some(Line::End | Line::TooLong)) {
            lines.push(reader.next_line().unwrap());
        }
        lines
    }

    fn whole(text: &[u8]) -> Line {
        Line::Whole(text.to_vec())
    }

    #[test]
    fn several_lines_in_one_read_are_handed_out_one_by_one() {
        assert_eq!(lines_of(b"a\n\nbc\n", 10), [whole(b"a"), whole(b""), whole(b"bc"), Line::End]);
    }

    #[test]
    fn a_line_in_several_reads_is_put_together() {
        let (near, far) = pair(SockFlag::SOCK_NONBLOCK);
        let mut reader = LineReader::new(&far, 10);
        for part in [b"he".as_slice(), b"l"] {
            rio::writen(&near, part).unwrap();
            assert_eq!(reader.next_line(), Err(Errno::EAGAIN));
        }
        rio::writen(&near, b"lo\nwo").unwrap();
        assert_eq!(reader.next_line(), Ok(whole(b"hello")));
        assert_eq!(reader.next_line(), Err(Errno::EAGAIN));
    }

    #[test]
    fn a_line_may_be_as_long_as_it_may_be_and_not_a_byte_longer() {
        assert_eq!(lines_of(b"1234\nx\n", 4), [whole(b"1234"), whole(b"x"), Line::End]);
        assert_eq!(lines_of(b"12345\nx\n", 4), [Line::TooLong]);
    }

    #[test]
    fn a_line_is_too_long_before_its_newline_has_come() {
        let (near, far) = pair(SockFlag::SOCK_NONBLOCK);
        let mut reader = LineReader::new(&far, 4);
        rio::writen(&near, b"ok\n1234").unwrap();
        assert_eq!(reader.next_line(), Ok(whole(b"ok")));
        assert_eq!(reader.next_line(), Err(Errno::EAGAIN));
        rio::writen(&near, b"5").unwrap();
        assert_eq!(reader.next_line(), Ok(Line::TooLong));
    }

    #[test]
    fn a_line_that_the_peer_did_not_end_is_none() {
        assert_eq!(lines_of(b"a\nHI", 10), [whole(b"a"), Line::End]);
    }

    #[test]
    fn bytes_that_are_no_text_come_through() {
        assert_eq!(lines_of(b"\0\xff\r\n", 10), [whole(b"\0\xff\r"), Line::End]);
    }
}
