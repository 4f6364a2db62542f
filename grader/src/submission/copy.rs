//! A submission's sources, and the hash that names its content.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A submission's files, by their path in it.
pub struct Sources {
    files: Vec<(PathBuf, Vec<u8>, u32)>,
}

impl Sources {
    /// Reads all of it: files and folders, and not too many, as the intake left them.
    pub fn read(folder: &Path) -> io::Result<Sources> {
        let mut sources = Sources { files: Vec::new() };
        sources.read_folder(folder, Path::new(""))?;
        sources.files.sort();
        Ok(sources)
    }

    fn read_folder(&mut self, top: &Path, below: &Path) -> io::Result<()> {
        for entry in fs::read_dir(top.join(below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.read_folder(top, &path)?;
            } else if kind.is_file() {
                let mode = entry.metadata()?.permissions().mode() & 0o777;
                self.files.push((path, fs::read(entry.path())?, mode));
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
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/net.h"), "").unwrap();
        folder
    }

    #[test]
    fn all_files_are_read_in_an_order_of_their_own() {
        let sources = Sources::read(submission().path()).unwrap();
        let names: Vec<_> = sources.files.iter().map(|(path, ..)| path.clone()).collect();
        assert_eq!(names, [PathBuf::from("server"), PathBuf::from("src/net.h")]);
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
