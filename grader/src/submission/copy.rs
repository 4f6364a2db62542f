//! A submission's sources, and the hash that names its content.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

/// A submission's files, by their path in it.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<(PathBuf, Vec<u8>, u32)>,
}

impl Sources {
    /// Reads all of it: files and folders, and not too many, as the intake left them.
    pub fn read(folder: &Path) -> io::Result<Sources> {
        let mut sources = Sources::default();
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
        self.get(path).is_some()
    }

    /// As text; nothing when there is no such file.
    pub fn text(&self, path: &str) -> String {
        self.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
    }

    fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.iter().find(|(other, ..)| other == Path::new(path)).map(|(_, bytes, _)| bytes.as_slice())
    }

    /// In place of what was there under this name.
    pub fn insert(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.retain(|(other, ..)| other != Path::new(path));
        self.files.push((path.into(), bytes.into(), 0o644));
    }

    /// A tar archive of it all, made now.
    pub fn archive(&self) -> io::Result<Vec<u8>> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut archive = tar::Builder::new(Vec::new());
        for (path, bytes, mode) in &self.files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(readable(*mode));
            header.set_mtime(now);
            archive.append_data(&mut header, path, bytes.as_slice())?;
        }
        archive.into_inner()
    }

    /// Writes it all below `folder`, readable for everybody.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for (path, bytes, mode) in &self.files {
            let to = folder.join(path);
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&to, bytes)?;
            fs::set_permissions(&to, fs::Permissions::from_mode(readable(*mode)))?;
        }
        Ok(())
    }
}

/// For everybody, and executable for everybody if for anybody.
fn readable(mode: u32) -> u32 {
    mode & 0o755 | 0o444 | if mode & 0o111 != 0 { 0o111 } else { 0 }
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
