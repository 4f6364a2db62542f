//! From what was handed in, whatever it is, to a private copy.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::scratch::Scratch;

use super::format::{Format, TELLING};
use super::project::project;
use super::tree::Tree;
use super::trouble::Trouble;
use super::{folder, tar, zip};
use crate::submission::mistake::Flaw;

/// Files and folders, nothing else, that nobody but us can change. Of modes it keeps who is executable.
#[derive(Debug)]
pub struct Copy {
    pub project: PathBuf,
    /// Keeps the folder alive.
    _folder: Scratch,
}

pub fn take_in(path: &Path) -> Result<Copy, Trouble> {
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Flaw::Missing,
        _ => Flaw::Unreadable(error.into()),
    };
    // Looking first: opening a device may do something.
    let kind = fs::metadata(path).map_err(unreadable)?.file_type();
    if !kind.is_dir() && !kind.is_file() {
        return Err(Flaw::Neither.into());
    }
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(unreadable)?;
    let kind = file.metadata().map_err(unreadable)?.file_type();
    let mut tree = Tree::new().map_err(Trouble::Own)?;
    match (kind.is_dir(), kind.is_file()) {
        (true, _) => folder::copy(file, &mut tree)?,
        (_, true) => unpack(file, &mut tree)?,
        _ => return Err(Flaw::Neither.into()),
    }
    let folder = tree.finish()?;
    Ok(Copy { project: project(folder.path()), _folder: folder })
}

fn unpack(mut archive: File, tree: &mut Tree) -> Result<(), Trouble> {
    let unreadable = |error: io::Error| Flaw::Unreadable(error.into());
    let mut head = Vec::new();
    archive.by_ref().take(TELLING as u64).read_to_end(&mut head).map_err(unreadable)?;
    archive.rewind().map_err(unreadable)?;
    match Format::of(&head) {
        Some(Format::Zip) => zip::unpack(archive, tree),
        Some(Format::Gzip) => tar::unpack_gzip(archive, tree),
        Some(Format::Tar) => tar::unpack(archive, tree),
        Some(Format::Foreign(format)) => Err(Flaw::Foreign { format }.into()),
        None => Err(Flaw::Neither.into()),
    }
}
