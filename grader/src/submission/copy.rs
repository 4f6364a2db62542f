//! A private copy of a submission's sources, and the hash that names its content.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// More than any lab needs; a whole `node_modules` is no submission.
const MOST_FILES: usize = 2_000;
const MOST_BYTES: u64 = 64 << 20;

/// Folders that hold results and histories, not sources.
const LEFT_OUT: &[&str] = &["target", ".git", "__pycache__", "__MACOSX", "node_modules"];

/// A submission's files, by their path in it.
pub struct Sources {
    files: Vec<(PathBuf, Vec<u8>, u32)>,
}

#[derive(Debug)]
pub enum Trouble {
    TooMany,
    TooLarge,
    Io(PathBuf, io::Error),
}

impl Sources {
    /// Reads all of it. Symbolic links are left out: they may lead anywhere.
    pub fn read(folder: &Path) -> Result<Sources, Trouble> {
        let mut sources = Sources { files: Vec::new() };
        let mut total = 0;
        sources.read_folder(folder, Path::new(""), &mut total)?;
        sources.files.sort();
        Ok(sources)
    }

    fn read_folder(&mut self, top: &Path, below: &Path, total: &mut u64) -> Result<(), Trouble> {
        let here = top.join(below);
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| Trouble::Io(path, error)
        };
        for entry in fs::read_dir(&here).map_err(io(below))? {
            let entry = entry.map_err(io(below))?;
            let path = below.join(entry.file_name());
            let kind = entry.file_type().map_err(io(&path))?;
            if kind.is_dir() {
                let name = entry.file_name();
                let left_out = LEFT_OUT.iter().any(|other| name == *other) || name.as_bytes().starts_with(b".");
                if !left_out {
                    self.read_folder(top, &path, total)?;
                }
            } else if kind.is_file() {
                let metadata = entry.metadata().map_err(io(&path))?;
                *total += metadata.len();
                if *total > MOST_BYTES {
                    return Err(Trouble::TooLarge);
                }
                if self.files.len() >= MOST_FILES {
                    return Err(Trouble::TooMany);
                }
                let bytes = fs::read(entry.path()).map_err(io(&path))?;
                self.files.push((path, bytes, metadata.permissions().mode() & 0o777));
            }
        }
        Ok(())
    }

    /// Of names, modes and contents, and of `besides`: what else makes a build another one.
    pub fn hash(&self, besides: &[&str]) -> String {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
        };
        besides.iter().for_each(|other| add(other.as_bytes()));
        for (path, bytes, mode) in &self.files {
            add(path.as_os_str().as_bytes());
            add(&mode.to_le_bytes());
            add(bytes);
        }
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn has(&self, path: &str) -> bool {
        self.files.iter().any(|(other, ..)| other == Path::new(path))
    }

    /// Writes it all below `folder`, readable for everybody.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, bytes, mode) in &self.files {
            let to = folder.join(path);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&to, bytes)?;
            let readable = mode | 0o444 | if mode & 0o111 != 0 { 0o111 } else { 0 };
            fs::set_permissions(&to, fs::Permissions::from_mode(readable))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("server"), "#!/bin/sh\n").unwrap();
        fs::create_dir(folder.path().join("target")).unwrap();
        fs::write(folder.path().join("target/old"), "old").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link")).unwrap();
        folder
    }

    #[test]
    fn results_and_links_are_left_out() {
        let sources = Sources::read(submission().path()).unwrap();
        let names: Vec<_> = sources.files.iter().map(|(path, ..)| path.clone()).collect();
        assert_eq!(names, [PathBuf::from("server")]);
    }

    #[test]
    fn the_hash_is_of_the_content_and_not_of_the_place() {
        let (one, other) = (submission(), submission());
        let hash = |folder: &tempfile::TempDir| Sources::read(folder.path()).unwrap().hash(&["server"]);
        assert_eq!(hash(&one), hash(&other));
        fs::write(other.path().join("server"), "#!/bin/sh\n#").unwrap();
        assert_ne!(hash(&one), hash(&other));
    }
}
