//! Robust input and output: all of it, although a socket gives and takes what it likes.
//!
//! Two things make a bare `read` or `write` wrong on a socket, and both show up only under load:
//!
//! - **Short counts.** TCP is a stream of bytes without marks. `read` returns what has arrived, be it one byte;
//!   `write` returns what fitted into the send buffer, if it was interrupted before the rest did.
//! - **`EINTR`.** A signal can end a call that had not begun to transfer. That is no failure: call again.
//!
//! See `read(2)`, `write(2)`, and `signal(7)` under "Interruption of system calls". The calls are `nix::unistd::read` and
//! `nix::unistd::write`, the errors are in `nix::errno::Errno`.

use std::os::fd::AsFd;

use nix::Result;

/// Writes all of `bytes`: goes on after a short count, and calls again after `EINTR`.
///
/// Any other error is returned. It says that *not all* was written, not how much was.
pub fn writen(fd: impl AsFd, bytes: &[u8]) -> Result<()> {
    todo!("rio::writen")
}

/// Reads until `buffer` is full or the stream ends; returns the number of bytes read.
///
/// Fewer than `buffer.len()` means end of file. Goes on after a short count, and calls again after `EINTR`.
pub fn readn(fd: impl AsFd, buffer: &mut [u8]) -> Result<usize> {
    todo!("rio::readn")
}

/// Reads once: returns as soon as there is anything at all, `0` at end of file. Calls again after `EINTR` only.
///
/// Which of the two does a program want that hands on what it gets?
pub fn read_some(fd: impl AsFd, buffer: &mut [u8]) -> Result<usize> {
    todo!("rio::read_some")
}
