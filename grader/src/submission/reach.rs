//! Folders of the grader's user, for a build that runs as another user: root's own are closed to everybody else.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use crate::cell::{Level, is_another_user};
use crate::scratch::{self, Scratch};

/// Folders that everybody can look into, and nobody can take anything away from anybody in.
const PLACES: [&str; 2] = ["/var/tmp", "/tmp"];
const FOLDER: &str = "grader-shared";

/// Copies that nobody needed for so long are removed.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Of a toolchain, its manuals.
const NOT_NEEDED: &str = "share";

/// The folder itself, or a copy that the student's user can get to. It is made once.
pub fn for_the_student(path: &Path, level: Level) -> io::Result<PathBuf> {
    if !is_another_user(level) || is_open(path) {
        return Ok(path.to_owned());
    }
    let shared = scratch::own_folder(&PLACES, FOLDER, 0o755)?;
    scratch::sweep(&shared);
    let changed = fs::metadata(path)?.mtime();
    let digest = Sha256::digest(format!("{} {changed}", path.display()));
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let copy = shared.join(name);
    if !copy.exists() {
        let new = Scratch::new_in(&shared)?;
        mirror(path, &new.path().join("all"))?;
        match fs::rename(new.path().join("all"), &copy) {
            // Another grader has made the same.
            Err(_) if copy.exists() => {}
            result => result?,
        }
    }
    // Its time says when it was last of use.
    File::open(&copy)?.set_modified(SystemTime::now())?;
    scratch::remove_old(&shared, KEPT);
    Ok(copy)
}

fn is_open(path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    path.ancestors().all(|folder| fs::metadata(folder).is_ok_and(|found| found.mode() & 0o001 != 0))
}

/// The same files under other names, where that is possible, and else copies.
fn mirror(from: &Path, to: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o755).create(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
        match kind {
            _ if kind.is_dir() && entry.file_name() == NOT_NEEDED => {}
            _ if kind.is_dir() => mirror(&from, &to)?,
            _ if kind.is_symlink() => symlink(fs::read_link(&from)?, &to)?,
            _ if fs::hard_link(&from, &to).is_ok() => {}
            _ => drop(fs::copy(&from, &to)?),
        }
    }
    Ok(())
}
