//! What a symbolic link in a folder leads to, without ever leaving the folder.

use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::fstat;

use super::folder::{READ, kind, special};
use crate::submission::flaw::EntryFlaw;

/// Opens the regular file behind the link at `path` below `top`. The kernel itself sees to it that no part of the way
/// leads out, so that it does not matter who changes what meanwhile.
pub fn follow(top: impl AsFd, path: &Path) -> Result<File, EntryFlaw> {
    let open = |flags: OFlag| -> Result<OwnedFd, EntryFlaw> {
        let resolve = ResolveFlag::RESOLVE_BENEATH | ResolveFlag::RESOLVE_NO_MAGICLINKS;
        let how = OpenHow::new().flags(flags | OFlag::O_CLOEXEC).resolve(resolve);
        openat2(top.as_fd(), path, how).map_err(|error| match error {
            Errno::EXDEV => EntryFlaw::LinkOut,
            Errno::ENOENT | Errno::ENOTDIR | Errno::ELOOP => EntryFlaw::LinkToNothing,
            Errno::EAGAIN => EntryFlaw::Changed,
            error => EntryFlaw::Unreadable(error.into()),
        })
    };
    // Looking first: opening a FIFO to read may wait forever, and opening a device may do something.
    check(&open(OFlag::O_PATH)?)?;
    let file = open(READ)?;
    check(&file)?;
    Ok(file.into())
}

fn check(file: &OwnedFd) -> Result<(), EntryFlaw> {
    let stat = fstat(file).map_err(|error| EntryFlaw::Unreadable(error.into()))?;
    match kind(&stat) {
        libc::S_IFREG => Ok(()),
        libc::S_IFDIR => Err(EntryFlaw::LinkToFolder),
        other => Err(special(other)),
    }
}
