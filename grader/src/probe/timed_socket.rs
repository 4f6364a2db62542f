//! Whether a socket of a student's process has SO_RCVTIMEO or SO_SNDTIMEO set.
//!
//! The kernel shows these options to holders of the socket only, so we take a copy of the descriptor, by
//! pidfd_getfd.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};

use super::files::Reader;
use super::pidfd;

/// Any error means that the socket must be taken for a timed one.
pub(super) fn is_timed(reader: &mut Reader, pid: i32, descriptor: i32, inode: u64) -> io::Result<bool> {
    let socket = pidfd::copy(&pidfd::open(reader, pid)?, descriptor)?;
    if inode_of(&socket)? != inode {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(has_timeout(&socket, libc::SO_RCVTIMEO)? || has_timeout(&socket, libc::SO_SNDTIMEO)?)
}

fn inode_of(socket: &OwnedFd) -> io::Result<u64> {
    // SAFETY: all zeros is a `stat`.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: the structure is ours and of the right type.
    if unsafe { libc::fstat(socket.as_raw_fd(), &mut stat) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(stat.st_ino)
}

fn has_timeout(socket: &OwnedFd, option: i32) -> io::Result<bool> {
    let mut time = libc::timeval { tv_sec: 0, tv_usec: 0 };
    let mut length = size_of::<libc::timeval>() as libc::socklen_t;
    // SAFETY: the structure is ours, of the option's type and as long as we say.
    let result =
        unsafe { libc::getsockopt(socket.as_raw_fd(), libc::SOL_SOCKET, option, (&raw mut time).cast(), &mut length) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(time.tv_sec != 0 || time.tv_usec != 0)
}
