//! Copying a folder that may be changed, by whomever, while it is copied.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{FileStat, Mode, fstat, fstatat};

use super::link::follow;
use super::litter::is_litter;
use super::tree::{MOST_ENTRIES, Tree, What};
use super::trouble::Trouble;
use crate::submission::flaw::EntryFlaw;
use crate::submission::mistake::Flaw;

/// Without waiting for anybody: what was a file a moment before may be a FIFO by now.
pub const READ: OFlag = OFlag::O_RDONLY.union(OFlag::O_NONBLOCK).union(OFlag::O_CLOEXEC);
const READ_FOLDER: OFlag = READ.union(OFlag::O_DIRECTORY);

pub fn copy(folder: File, tree: &mut Tree) -> Result<(), Trouble> {
    let unreadable = |error: Errno| Flaw::Unreadable(error.into());
    let dir = Dir::from_fd(folder.into()).map_err(unreadable)?;
    let top = dir.as_fd().try_clone_to_owned().map_err(Trouble::Own)?;
    Walk { top: top.as_fd(), tree }.folder(dir, Path::new(""))
}

struct Walk<'w> {
    top: BorrowedFd<'w>,
    tree: &'w mut Tree,
}

impl Walk<'_> {
    /// Its depth has an end because the tree takes no path that is too deep.
    fn folder(&mut self, mut dir: Dir, below: &Path) -> Result<(), Trouble> {
        for name in names(&mut dir, below)? {
            let path = below.join(OsStr::from_bytes(&name));
            let flaw = |flaw| Trouble::from(Flaw::entry(path.as_os_str().as_bytes(), flaw));
            let no_link = AtFlags::AT_SYMLINK_NOFOLLOW;
            let stat = fstatat(&dir, OsStr::from_bytes(&name), no_link).map_err(|error| flaw(gone(error)))?;
            if is_litter(&name, kind(&stat) == libc::S_IFREG) {
                continue;
            }
            let what = match kind(&stat) {
                libc::S_IFREG | libc::S_IFLNK => What::File,
                libc::S_IFDIR => What::Folder,
                other => What::Refused(special(other)),
            };
            let place = self.tree.place(path.as_os_str().as_bytes(), what)?;
            let same = |flags| {
                let opened = openat(&dir, OsStr::from_bytes(&name), flags | OFlag::O_NOFOLLOW, Mode::empty());
                opened.map_err(|error| flaw(gone(error)))
            };
            let Some(place) = place else {
                let dir = Dir::from_fd(same(READ_FOLDER)?).map_err(|error| flaw(gone(error)))?;
                self.folder(dir, &path)?;
                continue;
            };
            let mut file = match kind(&stat) {
                libc::S_IFLNK => follow(self.top, &path).map_err(flaw)?,
                _ => File::from(same(READ)?),
            };
            let opened = fstat(&file).map_err(|error| flaw(gone(error)))?;
            if kind(&opened) != libc::S_IFREG {
                return Err(flaw(EntryFlaw::Changed));
            }
            let unreadable =
                |error: io::Error| Flaw::entry(path.as_os_str().as_bytes(), EntryFlaw::Unreadable(error.into()));
            self.tree.fill(place, opened.st_mode & 0o111 != 0, &mut file, &unreadable)?;
        }
        Ok(())
    }
}

/// In an order of their own, so that of two mistakes it is always the same one that is told.
fn names(dir: &mut Dir, below: &Path) -> Result<Vec<Vec<u8>>, Trouble> {
    let mut names = Vec::new();
    for entry in dir.iter() {
        let entry = entry.map_err(|error| match below.as_os_str().as_bytes() {
            b"" => Flaw::Unreadable(error.into()),
            below => Flaw::entry(below, gone(error)),
        })?;
        let name = entry.file_name().to_bytes();
        let litter = is_litter(name, true);
        if name != b"." && name != b".." && !litter {
            names.push(name.to_owned());
        }
        // Twice as many, for the litter that cannot be told yet.
        if names.len() > 2 * MOST_ENTRIES {
            return Err(Flaw::TooMany.into());
        }
    }
    names.sort();
    Ok(names)
}

/// What it means that a name of the folder cannot be opened as what it just was.
fn gone(error: Errno) -> EntryFlaw {
    match error {
        Errno::ENOENT | Errno::ELOOP | Errno::ENOTDIR | Errno::ENXIO => EntryFlaw::Changed,
        error => EntryFlaw::Unreadable(error.into()),
    }
}

/// Of `S_IFMT`.
pub fn kind(stat: &FileStat) -> u32 {
    stat.st_mode & libc::S_IFMT
}

/// Of what is neither a file nor a folder nor a link.
pub fn special(kind: u32) -> EntryFlaw {
    EntryFlaw::Special(match kind {
        libc::S_IFIFO => "a FIFO",
        libc::S_IFSOCK => "a socket",
        libc::S_IFCHR | libc::S_IFBLK => "a device",
        _ => "neither a file nor a folder",
    })
}
