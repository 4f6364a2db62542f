//! A package on disk.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::archive::zip;
use super::contents::Contents;
use super::platform::Platform;
use super::tree::{Tree, TreeFile};
use super::trouble::PackageTrouble;
use crate::submission::reason;

/// As it is uploaded.
#[derive(Debug, PartialEq, Eq)]
pub enum Upload {
    Zip(Vec<u8>),
    Folder(Tree),
}

pub fn upload(platform: Platform, contents: &Contents) -> Result<Upload, PackageTrouble> {
    let tree = platform.tree(contents)?;
    if !platform.is_zip() {
        return Ok(Upload::Folder(tree));
    }
    zip(&tree).map(Upload::Zip).map_err(|error| PackageTrouble::Archive { why: reason(&error) })
}

/// Before anything is built: a folder may be there, its files of the package's names may not.
pub fn refuse_to_overwrite(platform: Platform, contents: &Contents, out: &Path) -> Result<(), PackageTrouble> {
    let mut paths: Vec<PathBuf> = vec![out.to_owned()];
    if !platform.is_zip() {
        paths = platform.tree(contents)?.paths().map(|path| out.join(path)).collect();
    }
    match paths.into_iter().find(|path| path.symlink_metadata().is_ok()) {
        Some(path) => Err(PackageTrouble::Exists { path }),
        None => Ok(()),
    }
}

/// Its size in bytes.
pub fn write(upload: &Upload, out: &Path) -> Result<u64, PackageTrouble> {
    match upload {
        Upload::Zip(bytes) => {
            replace(out, bytes, 0o644)?;
            Ok(bytes.len() as u64)
        }
        Upload::Folder(tree) => {
            let file = |(path, file): (&str, &TreeFile)| {
                replace(&out.join(path), &file.bytes, file.mode())?;
                Ok(file.bytes.len() as u64)
            };
            tree.files().map(file).sum()
        }
    }
}

/// Each file is there whole or not at all.
fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PackageTrouble> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let written = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".grader-").suffix(".tmp").permissions(Permissions::from_mode(mode));
        let mut file = builder.tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    written().map_err(|error| PackageTrouble::unwritable(path, &error))
}
