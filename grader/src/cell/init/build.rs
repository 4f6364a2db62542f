//! What a build sees beside the machine's own tools, and how what it made is fetched.

use std::fs::{self, File};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use nix::fcntl::{OFlag, open, openat};
use nix::sys::stat::Mode;

use super::mounts;
use crate::cell::Build;
use crate::cell::wire::{Step, Trouble};

/// Takes hold of the folders. To be called in the cell's own mounts (only from there can they be mounted), but before init
/// becomes the student's user, who may not be allowed to look into the folders above them.
pub(in crate::cell) fn grab(build: Option<&Build>) -> Result<Vec<OwnedFd>, Trouble> {
    let folders = build.map(|build| build.folders.as_slice()).unwrap_or_default();
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let grab = |path: &Path| open(path, flags, Mode::empty()).step(format!("enter `{}`", path.display()));
    folders.iter().map(|folder| grab(&folder.outside)).collect()
}

/// Shows them below the root that is being made.
pub(super) fn show(build: &Build, grabbed: &[OwnedFd], root: &Path) -> Result<(), Trouble> {
    for (folder, descriptor) in build.folders.iter().zip(grabbed) {
        let at = root.join(folder.inside.strip_prefix("/").unwrap_or(&folder.inside));
        fs::create_dir_all(&at).step(format!("make {} in the cell", folder.inside.display()))?;
        mounts::show(&PathBuf::from(format!("/proc/self/fd/{}", descriptor.as_raw_fd())), &at)?;
    }
    Ok(())
}

/// A file in the scratch folder. A link on the way means that there is no such file.
pub(super) fn open_for_reading(scratch: &Path, path: &Path) -> Result<OwnedFd, Trouble> {
    // Not by openat2, which is newer than some kernels, and than some containers' filters.
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let mut found = OwnedFd::from(File::open(scratch).step("open the scratch folder")?);
    for part in path.components() {
        let Component::Normal(name) = part else {
            return Err(Trouble { step: format!("open {}", path.display()), errno: libc::EINVAL });
        };
        found = openat(&found, name, flags, Mode::empty()).step(format!("open {}", path.display()))?;
    }
    Ok(found)
}
