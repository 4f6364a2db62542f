//! What the kernel still holds of one of our own sockets.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Bytes that were written to the socket and that the peer's kernel has not acknowledged (`SIOCOUTQ`, tcp(7)).
pub fn unacknowledged(socket: BorrowedFd) -> io::Result<u64> {
    let mut bytes: libc::c_int = 0;
    // SAFETY: the descriptor is open as long as it is borrowed, and SIOCOUTQ (TIOCOUTQ) writes one int.
    match unsafe { libc::ioctl(socket.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) } {
        0 => Ok(u64::try_from(bytes).unwrap_or(0)),
        _ => Err(io::Error::last_os_error()),
    }
}
