//! The files that a program is to find: where they are shown to it, and to nobody else.

use std::fs::{self, Permissions};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;

use super::mounts;
use crate::cell::start::FILES;
use crate::cell::wire::{Step, Trouble};

/// Takes hold of the folder, before init becomes the student's user, who may not look into the folder above it.
pub(in crate::cell) fn grab_files(files: Option<&Path>) -> Result<Option<OwnedFd>, Trouble> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let grab = |path: &Path| open(path, flags, Mode::empty()).step(format!("enter `{}`", path.display()));
    files.map(grab).transpose()
}

/// Shows it in the cell's root, which is made read-only after that.
pub(super) fn show(files: &OwnedFd, root: &Path) -> Result<(), Trouble> {
    let at = root.join(FILES.trim_start_matches('/'));
    fs::create_dir_all(&at).step(format!("make {} in the cell", at.display()))?;
    mounts::show(Path::new(&format!("/proc/self/fd/{}", files.as_raw_fd())), &at)
}

/// Without a root of its own: opens the folder to the student's `user` alone, for reading. It stays root's.
pub(super) fn lend(files: &Path, user: u32) -> Result<(), Trouble> {
    let step = || format!("show `{}` to the student", files.display());
    chown(files, None, Some(user)).step(step())?;
    fs::set_permissions(files, Permissions::from_mode(0o750)).step(step())?;
    // The temporary folder it is in is the grader's own, and has nothing else in it.
    let above = files.parent().unwrap_or(files);
    fs::set_permissions(above, Permissions::from_mode(0o711)).step(step())
}
