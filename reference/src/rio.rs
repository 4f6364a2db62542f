//! Robust input and output: all of it, although a socket gives and takes what it likes.
//!
//! Two things make a bare `read` or `write` wrong on a socket, and both show up only under load:
//!
//! - **Short counts.** TCP is a stream of bytes without marks. `read` returns what has arrived, be it one byte;
//!   `write` returns what fitted into the send buffer, if it was interrupted before the rest did.
//! - **`EINTR`.** A signal can end a call that had not begun to transfer. That is no failure: call again.
//!
//! See `read(2)`, `write(2)`, and `signal(7)` under "Interruption of system calls".

use std::os::fd::AsFd;

use nix::Result;
use nix::errno::Errno;
use nix::unistd::{read, write};

/// Writes all of `bytes`.
///
/// An error says that *not all* was written, not how much was: on a connection there is nothing to do then but close.
pub fn writen(fd: impl AsFd, bytes: &[u8]) -> Result<()> {
    let mut left = bytes;
    while !left.is_empty() {
        match write(&fd, left) {
            // A short count is normal: go on behind what was taken.
            Ok(taken) => left = &left[taken..],
            // A signal came before the first byte went out: nothing is lost, say it again.
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Reads until `buffer` is full or the stream ends; returns the number of bytes read.
///
/// Fewer than `buffer.len()` means end of file: the peer has closed its direction.
pub fn readn(fd: impl AsFd, buffer: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match read_some(&fd, &mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

/// Reads once: returns as soon as there is anything at all, `0` at end of file.
///
/// This is what a program wants that hands on what it gets. `readn` would sit on the first bytes until enough more
/// have come, and in a conversation they may be just what the other side waits to have answered.
pub fn read_some(fd: impl AsFd, buffer: &mut [u8]) -> Result<usize> {
    loop {
        match read(&fd, buffer) {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use nix::sys::socket::{AddressFamily, SockFlag, SockType, socketpair};

    use super::*;

    /// A stream between two descriptors, like a connection.
    fn pair() -> (std::os::fd::OwnedFd, std::os::fd::OwnedFd) {
        socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::SOCK_CLOEXEC).unwrap()
    }

    #[test]
    fn writen_writes_more_than_the_kernel_takes_at_once() {
        let (near, far) = pair();
        let sent = vec![7; 4_000_000];
        let mut got = vec![0; sent.len() + 1];
        let count = thread::scope(|scope| {
            scope.spawn(|| {
                writen(&near, &sent).unwrap();
                drop(near);
            });
            readn(&far, &mut got).unwrap()
        });
        assert_eq!(&got[..count], sent);
    }

    #[test]
    fn readn_reads_on_after_a_short_count_and_stops_at_end_of_file() {
        let (near, far) = pair();
        thread::scope(|scope| {
            scope.spawn(|| {
                for byte in b"abc" {
                    writen(&near, &[*byte]).unwrap();
                    thread::yield_now();
                }
                drop(near);
            });
            let mut buffer = [0; 8];
            assert_eq!(readn(&far, &mut buffer), Ok(3));
            assert_eq!(&buffer[..3], b"abc");
        });
    }

    #[test]
    fn read_some_does_not_wait_for_a_full_buffer() {
        let (near, far) = pair();
        writen(&near, b"hi").unwrap();
        assert_eq!(read_some(&far, &mut [0; 8]), Ok(2));
    }
}
