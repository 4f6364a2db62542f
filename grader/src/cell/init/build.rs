//! What a build sees beside the machine's own tools, and how what it made is fetched.

use std::fs::{self, File};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open, openat};
use nix::mount::{MsFlags, mount};
use nix::sys::stat::{Mode, fstat};

use super::{files, mounts};
use crate::cell::wire::{Step, Trouble};
use crate::cell::{Build, Target};

/// Takes hold of the folders. To be called in the cell's own mounts (only from there can they be mounted), but before init
/// becomes the student's user, who may not be allowed to look into the folders above them.
pub(in crate::cell) fn grab(build: Option<&Build>) -> Result<Vec<OwnedFd>, Trouble> {
    let folders = build.map(|build| build.folders.as_slice()).unwrap_or_default();
    let target =
        build.and_then(|build| build.target.as_ref()).map(|(Target::Over(folder) | Target::Kept(folder))| folder);
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let grab = |path: &Path| open(path, flags, Mode::empty()).step(format!("enter `{}`", path.display()));
    folders.iter().map(|folder| &folder.outside).chain(target).map(|path| grab(path)).collect()
}

/// What was built before, to be laid under what the build writes.
const BUILT: &str = "run/built";

/// Shows what is only to be read, below the root that is being made.
pub(super) fn show(build: &Build, grabbed: &[OwnedFd], root: &Path) -> Result<(), Trouble> {
    let places = build.folders.iter().map(|folder| folder.inside.strip_prefix("/").unwrap_or(&folder.inside));
    let built = matches!(build.target, Some(Target::Over(_))).then_some(Path::new(BUILT));
    for (place, folder) in places.chain(built).zip(grabbed) {
        make(&root.join(place))?;
        mounts::show(&name_of(folder), &root.join(place))?;
    }
    Ok(())
}

/// Makes the target folder, in the scratch folder that is there by now.
pub(super) fn lay_target(build: &Build, grabbed: &[OwnedFd], root: &Path) -> Result<(), Trouble> {
    let (Some(target), Some(kept)) = (&build.target, grabbed.last()) else { return Ok(()) };
    let (built, scratch) = (root.join(BUILT), root.join("tmp"));
    make(&scratch.join("target"))?;
    match target {
        Target::Kept(_) => mounts::bind(&name_of(kept), &scratch.join("target"), MsFlags::empty()),
        Target::Over(_) => overlay(&built, &scratch).or_else(|_| files::copy(&built, &scratch.join("target"))),
    }
}

fn name_of(folder: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd()))
}

/// Lays what the build writes over what was built before: that takes no time, where a copy takes dozens of milliseconds.
fn overlay(built: &Path, scratch: &Path) -> Result<(), Trouble> {
    let (upper, work) = (scratch.join(".target/upper"), scratch.join(".target/work"));
    make(&upper)?;
    make(&work)?;
    // `userxattr`: its marks have to be such as may be made without being root of the machine.
    let options =
        format!("lowerdir={},upperdir={},workdir={},userxattr", built.display(), upper.display(), work.display());
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("overlay"), &scratch.join("target"), Some("overlay"), flags, Some(options.as_str()))
        .step("mount an overlay in the cell")
}

fn make(folder: &Path) -> Result<(), Trouble> {
    fs::create_dir_all(folder).step(format!("make {} in the cell", folder.display()))
}

/// A file in the scratch folder. A link on the way means that there is no such file, and so does a file of anybody but
/// the `user` whose folder it is: where nothing keeps links from being made to it, it could be another name of root's own.
pub(super) fn open_for_reading(scratch: &Path, path: &Path, user: Option<u32>) -> Result<OwnedFd, Trouble> {
    // Not by openat2, which is newer than some kernels, and than some containers' filters.
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let mut found = OwnedFd::from(File::open(scratch).step("open the scratch folder")?);
    for part in path.components() {
        let Component::Normal(name) = part else {
            return Err(Trouble { step: format!("open {}", path.display()), errno: libc::EINVAL });
        };
        found = openat(&found, name, flags, Mode::empty()).step(format!("open {}", path.display()))?;
    }
    let owner = fstat(&found).step(format!("look at {}", path.display()))?.st_uid;
    match user {
        Some(user) if user != owner => Err(Errno::EACCES).step(format!("open {}", path.display())),
        _ => Ok(found),
    }
}
