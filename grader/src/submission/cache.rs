//! Where built programs are kept: `CACHE/programs/HASH/NAME`, `CACHE/crates/HASH`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::scratch::{self, Scratch};

/// Programs that nobody asked for so long are removed.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

const LONGEST_BUILD: Duration = Duration::from_secs(120);

/// A folder of finished builds, shared by all runs of the grader.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// A build that takes longer does not end.
    pub longest_build: Duration,
    /// Keeps a temporary cache alive.
    _temporary: Option<Scratch>,
}

impl Cache {
    /// `GRADER_CACHE`, else a folder of the user's caches, else one that is gone with this run.
    pub fn open() -> io::Result<Cache> {
        if let Some(folder) = std::env::var_os("GRADER_CACHE") {
            return Cache::at(Path::new(&folder));
        }
        let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
        let user = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or(home);
        if let Some(cache) = user.and_then(|user| Cache::at(&user.join("socket-labs")).ok()) {
            return Ok(cache);
        }
        let temporary = Scratch::new()?;
        let cache = Cache::at(temporary.path())?;
        Ok(Cache { _temporary: Some(temporary), ..cache })
    }

    pub fn at(folder: &Path) -> io::Result<Cache> {
        for part in ["programs", "crates", "empty"] {
            fs::create_dir_all(folder.join(part))?;
        }
        // A folder that is there may still be somebody else's.
        tempfile::tempfile_in(folder)?;
        let cache = Cache { folder: folder.canonicalize()?, longest_build: LONGEST_BUILD, _temporary: None };
        cache.sweep();
        Ok(cache)
    }

    pub fn crates(&self) -> PathBuf {
        self.folder.join("crates")
    }

    /// A folder with nothing in it.
    pub fn empty(&self) -> PathBuf {
        self.folder.join("empty")
    }

    /// Where the program with this hash is, if it was built before.
    pub fn find(&self, hash: &str, name: &str) -> Option<PathBuf> {
        let folder = self.program_folder(hash);
        if !folder.join(name).is_file() {
            return None;
        }
        // It is of use, so that no grader takes it for old. Where this fails, somebody else wrote there.
        let _ = fs::File::open(&folder).and_then(|folder| folder.set_modified(SystemTime::now()));
        Some(folder)
    }

    fn program_folder(&self, hash: &str) -> PathBuf {
        self.folder.join("programs").join(hash)
    }

    /// A new folder beside the programs, to be filled and then kept with [`Cache::keep`].
    pub fn prepare(&self) -> io::Result<Scratch> {
        Scratch::new_in(&self.folder.join("programs"))
    }

    /// Makes the filled folder the program's, whole or not at all. Another grader may have been quicker: then its
    /// build is as good as ours.
    pub fn keep(&self, filled: Scratch, hash: &str, name: &str) -> io::Result<PathBuf> {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(filled.path(), fs::Permissions::from_mode(0o755))?;
        let to = self.program_folder(hash);
        match fs::rename(filled.path(), &to) {
            Ok(()) => drop(filled.keep()),
            Err(_) if self.find(hash, name).is_some() => {}
            Err(error) => return Err(error),
        }
        Ok(to)
    }

    /// Removes what is old, and what others have left.
    fn sweep(&self) {
        scratch::sweep(&self.folder.join("programs"));
        scratch::remove_old(&self.folder.join("programs"), KEPT);
    }
}
