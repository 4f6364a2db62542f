//! Target folders that hold the compiled dependencies, one for each build that runs at the same time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A target folder nobody else uses while this is alive: cargo would make a second build in it wait.
#[derive(Debug)]
pub struct Slot {
    folder: PathBuf,
    _lock: File,
}

impl Slot {
    /// The first free one; a new one when all are taken, by this grader or another.
    pub fn take(slots: &Path) -> io::Result<Slot> {
        for number in 0.. {
            let folder = slots.join(number.to_string());
            fs::create_dir_all(&folder)?;
            let lock = File::create(folder.join("lock"))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Slot { folder, _lock: lock }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        unreachable!("numbers do not end")
    }

    pub fn target(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Removes what was built of the submission's own crates (and not of their dependencies): every other submission
    /// has crates of its own, and thousands of them would fill the disk.
    pub fn sweep(&self, crates: &[String]) {
        let debug = self.target().join("debug");
        for part in ["deps", ".fingerprint"] {
            for entry in fs::read_dir(debug.join(part)).into_iter().flatten().flatten() {
                let name = entry.file_name().to_string_lossy().replace('-', "_");
                let own = crates
                    .iter()
                    .map(|own| own.replace('-', "_"))
                    .any(|own| name.starts_with(&format!("{own}_")) || name.starts_with(&format!("lib{own}_")));
                if own {
                    // Litter that stays costs room, nothing else.
                    let path = entry.path();
                    let _litter = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                }
            }
        }
        crates.iter().for_each(|own| drop(fs::remove_file(debug.join(own))));
    }

    /// Where the sources with this hash are put for the build. The path has the hash in it: cargo tells builds apart
    /// by path and time, so one path for all would let it take one student's program for another's.
    pub fn sources(&self, hash: &str) -> PathBuf {
        self.folder.join("sources").join(hash)
    }
}
