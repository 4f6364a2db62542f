//! Temporary folders. A grader that is killed leaves its own to the next one, which removes them.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use nix::unistd::geteuid;

const PREFIX: &str = "grader-scratch-";

/// A folder that is removed with this, and otherwise when nobody holds its lock any more. (A process id in its name would
/// not do: a container that shares the parent folder numbers its processes anew.)
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    kept: bool,
    _lock: Option<Flock<File>>,
}

impl Scratch {
    /// Where temporary folders go.
    pub fn new() -> io::Result<Scratch> {
        Scratch::new_in(&std::env::temp_dir())
    }

    pub fn new_in(parent: &Path) -> io::Result<Scratch> {
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?.keep();
            let Ok(opened) = File::open(&folder) else { continue };
            let lock = match Flock::lock(opened, FlockArg::LockExclusiveNonblock) {
                Ok(lock) => Some(lock),
                // Somebody has taken it for a dead one's, in the moment between.
                Err((_, Errno::EWOULDBLOCK)) => continue,
                // Without locks in this file system, nobody will take it for that.
                Err(_) => None,
            };
            if lock.as_ref().is_none_or(|lock| is_there(lock, &folder)) {
                return Ok(Scratch { folder, kept: false, _lock: lock });
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// It stays, where it is now.
    pub fn keep(mut self) -> PathBuf {
        self.kept = true;
        self.folder.clone()
    }
}

fn is_there(opened: &File, path: &Path) -> bool {
    let inode = |found: io::Result<fs::Metadata>| found.map(|found| (found.dev(), found.ino())).ok();
    inode(opened.metadata()) == inode(fs::symlink_metadata(path))
}

/// Removes what those who were killed have left in a folder.
pub fn sweep(parent: &Path) {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    for path in entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes())) {
        let path = path.path();
        let ours = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir() && found.uid() == geteuid().as_raw());
        if !ours {
            continue;
        }
        let Ok(opened) = File::open(&path) else { continue };
        if let Ok(_lock) = Flock::lock(opened, FlockArg::LockExclusiveNonblock) {
            remove(&path);
        }
    }
}

/// Removes what was last changed so long ago.
pub fn remove_old(parent: &Path, age: Duration) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let changed = entry.metadata().and_then(|found| found.modified());
        if changed.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|since| since > age)) {
            // Another grader may be removing it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A folder of this name that is ours and nobody else can change, in the first of `places` (where everybody may make
/// folders, but take away nobody else's) that lets us have one.
pub fn own_folder(places: &[&str], name: &str, mode: u32) -> io::Result<PathBuf> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for folder in places.iter().map(|place| Path::new(place).join(name)) {
        match DirBuilder::new().mode(mode).create(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => last = error,
            _ => {
                // Somebody else may have been here first.
                let found = fs::symlink_metadata(&folder)?;
                if found.is_dir() && found.uid() == geteuid().as_raw() && found.mode() & 0o022 == 0 {
                    fs::set_permissions(&folder, fs::Permissions::from_mode(mode))?;
                    return Ok(folder);
                }
                last = io::Error::other(format!("`{}` is somebody else's", folder.display()));
            }
        }
    }
    Err(last)
}

/// The lock on a file that stands for something, for as long as it is kept; nothing when somebody else has it.
pub fn lock(folder: &Path, name: &str) -> io::Result<Option<Flock<File>>> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true).mode(0o600).custom_flags(libc::O_NOFOLLOW);
    match Flock::lock(options.open(folder.join(name))?, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(lock)),
        Err((_, Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, errno)) => Err(errno.into()),
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.kept {
            remove(&self.folder);
        }
    }
}

/// With what was made hard to remove: a folder that even its owner may not look into.
fn remove(folder: &Path) {
    if fs::remove_dir_all(folder).is_err() {
        open_up(folder);
        // Somebody else may be faster, and who is to be told of what is left?
        let _ = fs::remove_dir_all(folder);
    }
}

fn open_up(folder: &Path) {
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_is_removed_as_well() {
        let parent = tempfile::tempdir().expect("a folder");
        let scratch = Scratch::new_in(parent.path()).expect("a folder");
        fs::create_dir_all(scratch.path().join("a/b/c")).expect("a folder");
        for closed in ["a/b/c", "a/b", "a", "."] {
            fs::set_permissions(scratch.path().join(closed), fs::Permissions::from_mode(0o000))
                .expect("its mode is set");
        }
        drop(scratch);
        assert_eq!(fs::read_dir(parent.path()).expect("it is there").count(), 0);
    }

    #[test]
    fn what_nobody_holds_any_more_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().expect("a folder");
        let held = Scratch::new_in(parent.path()).expect("a folder");
        let left = Scratch::new_in(parent.path()).expect("a folder").keep();
        fs::write(left.join("file"), "x").expect("it is written");
        let other = parent.path().join("somebody-elses");
        fs::create_dir(&other).expect("a folder");
        sweep(parent.path());
        assert!(held.path().exists() && other.exists() && !left.exists());
    }

    #[test]
    fn a_folder_that_others_can_change_is_not_taken_for_our_own() {
        let place = tempfile::tempdir().expect("a folder");
        let places = [place.path().to_str().expect("text")];
        let own = own_folder(&places, "own", 0o700).expect("a folder");
        assert_eq!(own_folder(&places, "own", 0o700).expect("the same"), own);
        fs::set_permissions(&own, fs::Permissions::from_mode(0o777)).expect("its mode is set");
        let error = own_folder(&places, "own", 0o700).expect_err("it is not ours alone");
        assert_eq!(error.to_string(), format!("`{}` is somebody else's", own.display()));
    }

    #[test]
    fn it_is_gone_with_its_owner() {
        let parent = tempfile::tempdir().expect("a folder");
        let path = Scratch::new_in(parent.path()).expect("a folder").path().to_owned();
        assert!(!path.exists());
    }
}
