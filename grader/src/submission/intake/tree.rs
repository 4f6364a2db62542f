//! The private folder that a submission is copied into, and what it has room for.

use std::collections::HashMap;
use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::scratch::Scratch;

use super::entry_path::{check_length, entry_path};
use super::litter::lies_in_litter;
use super::trouble::Trouble;
use crate::submission::flaw::EntryFlaw;
use crate::submission::mistake::Flaw;

/// More than any lab needs.
pub const MOST_ENTRIES: usize = 10_000;
pub const MOST_BYTES: u64 = 64 << 20;

/// What an entry says it is.
pub enum What {
    File,
    Folder,
    /// Nothing that is taken, and why.
    Refused(EntryFlaw),
}

/// A file that may be written.
pub struct Place {
    path: PathBuf,
}

/// Holds files and folders only: no link can be followed in it, because none is ever made.
pub struct Tree {
    folder: Scratch,
    /// Every path so far, and whether it is a file.
    known: HashMap<PathBuf, bool>,
    entries: usize,
    bytes: u64,
    files: usize,
}

impl Tree {
    pub fn new() -> io::Result<Tree> {
        Ok(Tree { folder: Scratch::new()?, known: HashMap::new(), entries: 0, bytes: 0, files: 0 })
    }

    /// Where the entry with this name goes; nowhere if it is a folder or litter.
    pub fn place(&mut self, name: &[u8], what: What) -> Result<Option<Place>, Trouble> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(Flaw::TooMany.into());
        }
        let flaw = |flaw| Flaw::entry(name, flaw);
        let path = entry_path(name).map_err(flaw)?;
        // Before anything else is held against it: cargo's own results are full of links.
        if path.as_os_str().is_empty() || lies_in_litter(&path, matches!(what, What::File)) {
            return Ok(None);
        }
        check_length(&path).map_err(flaw)?;
        let is_file = match what {
            What::File => true,
            What::Folder => false,
            What::Refused(why) => return Err(flaw(why).into()),
        };
        self.learn(&path, is_file)?;
        Ok(is_file.then_some(Place { path }))
    }

    /// A folder may be named again and again, a file once.
    fn learn(&mut self, path: &Path, is_file: bool) -> Result<(), Flaw> {
        let flaw = |path: &Path, flaw| Err(Flaw::entry(path.as_os_str().as_bytes(), flaw));
        match self.known.get(path) {
            Some(true) if is_file => return flaw(path, EntryFlaw::Twice),
            Some(before) if *before != is_file => return flaw(path, EntryFlaw::FileAndFolder),
            _ => {}
        }
        for above in path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
            if self.known.get(above) == Some(&true) {
                return flaw(above, EntryFlaw::FileAndFolder);
            }
            self.known.entry(above.to_owned()).or_insert(false);
        }
        self.known.insert(path.to_owned(), is_file);
        Ok(())
    }

    /// Writes the file, counting what really comes. `unreadable` says whose fault it is if nothing comes.
    pub fn fill(
        &mut self,
        place: Place,
        executable: bool,
        content: &mut dyn Read,
        unreadable: &dyn Fn(io::Error) -> Flaw,
    ) -> Result<(), Trouble> {
        let path = self.folder.path().join(place.path);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).map_err(Trouble::Own)?;
        }
        let mut file = File::create_new(&path).map_err(Trouble::Own)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let count = match content.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(unreadable(error).into()),
            };
            self.bytes += count as u64;
            if self.bytes > MOST_BYTES {
                return Err(Flaw::TooLarge.into());
            }
            file.write_all(&buffer[..count]).map_err(Trouble::Own)?;
        }
        let mode = if executable { 0o755 } else { 0o644 };
        file.set_permissions(Permissions::from_mode(mode)).map_err(Trouble::Own)?;
        self.files += 1;
        Ok(())
    }

    /// The folder, which is gone when the result is.
    pub fn finish(self) -> Result<Scratch, Trouble> {
        if self.files == 0 {
            return Err(Flaw::Empty.into());
        }
        Ok(self.folder)
    }
}
