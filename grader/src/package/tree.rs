//! A folder that is not written yet.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Its files by their paths, sorted: the same files make the same package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, TreeFile>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    pub bytes: Vec<u8>,
    pub executable: bool,
}

impl TreeFile {
    pub fn mode(&self) -> u32 {
        if self.executable { 0o755 } else { 0o644 }
    }
}

impl Tree {
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), TreeFile { bytes: bytes.into(), executable: false });
    }

    pub fn add_program(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), TreeFile { bytes: bytes.into(), executable: true });
    }

    /// All of another one, in a folder of this one.
    pub fn add_tree(&mut self, folder: &str, other: &Tree) {
        for (path, file) in &other.files {
            self.files.insert(format!("{folder}/{path}"), file.clone());
        }
    }

    /// All that is in a folder of the machine, without what `wanted` does not want. Links are followed.
    pub fn read(&mut self, from: &Path, to: &str, wanted: &dyn Fn(&str) -> bool) -> io::Result<()> {
        for entry in fs::read_dir(from)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let to = if to.is_empty() { name.clone() } else { format!("{to}/{name}") };
            if !wanted(&name) {
                continue;
            }
            if path.is_dir() {
                self.read(&path, &to, wanted)?;
                continue;
            }
            let executable = fs::metadata(&path)?.permissions().mode() & 0o111 != 0;
            self.files.insert(to, TreeFile { bytes: fs::read(&path)?, executable });
        }
        Ok(())
    }

    pub fn files(&self) -> impl Iterator<Item = (&str, &TreeFile)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
