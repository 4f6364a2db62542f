//! Where the student's files are: the program, and a folder to write to.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use crate::cell::wire::{Setup, Step, Trouble};
use crate::scratch::Scratch;

/// Who the student is in the cell.
pub(in crate::cell) struct Ids {
    pub(in crate::cell) user: u32,
    pub(in crate::cell) group: u32,
}

/// Where things are, as the student sees them.
pub(super) struct Place {
    /// With the program in it.
    pub(super) folder: PathBuf,
    /// The working directory, which can be written to.
    pub(super) scratch: PathBuf,
    /// The procfs in force is the cell's own.
    pub(super) own_proc: bool,
    /// What has to be removed at the end.
    pub(super) outside: Option<Scratch>,
}

/// Without namespaces: a temporary folder, removed at the end. With a `user` of its own, the program is copied there,
/// since the folders above it may be closed to that user.
pub(super) fn borrow(setup: &Setup, user: Option<u32>) -> Result<Place, Trouble> {
    let outside = Scratch::new_in(&setup.temporary);
    let outside = outside.step(format!("make a folder in {}", setup.temporary.display()))?;
    let (folder, scratch) = furnish(setup, user, outside.path())?;
    Ok(Place { folder, scratch, own_proc: false, outside: Some(outside) })
}

fn furnish(setup: &Setup, user: Option<u32>, outside: &Path) -> Result<(PathBuf, PathBuf), Trouble> {
    let scratch = outside.join("scratch");
    DirBuilder::new().mode(0o700).create(&scratch).step("make the scratch folder")?;
    let Some(user) = user else { return Ok((setup.program.clone(), scratch)) };
    fs::set_permissions(outside, PermissionsExt::from_mode(0o711)).step("open the cell's folder")?;
    chown(&scratch, Some(user), Some(user)).step("give the scratch folder to the student")?;
    let folder = outside.join("lab");
    copy(&setup.program, &folder)?;
    Ok((folder, scratch))
}

/// Files and folders, with their modes, and the files' times, by which cargo tells what is new. A link is followed: the
/// folder is the grader's own.
pub(super) fn copy(from: &Path, to: &Path) -> Result<(), Trouble> {
    DirBuilder::new().mode(0o755).recursive(true).create(to).step(format!("make {}", to.display()))?;
    for entry in fs::read_dir(from).step(format!("read {}", from.display()))?.flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let found = from.metadata().step(format!("look at {}", from.display()))?;
        if found.is_dir() {
            copy(&from, &to)?;
            continue;
        }
        fs::copy(&from, &to).step(format!("copy {}", from.display()))?;
        let timed = found.modified().and_then(|time| File::open(&to)?.set_modified(time));
        timed.step(format!("set the time of {}", to.display()))?;
    }
    Ok(())
}

impl Place {
    /// Removes what was written there.
    pub(super) fn remove(&mut self) {
        drop(self.outside.take());
    }
}
