//! Lays out the files that the student's program is to find.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::fill::Facts;
use crate::rubric::{Content, Laid};
use crate::scratch::Scratch;

/// A temporary folder with the files in a folder of it.
pub struct Files {
    scratch: Scratch,
}

impl Files {
    /// `None` when there are none. The folder's own mode, and the cell, say who may look into it.
    pub fn lay(files: &[Laid], facts: &mut Facts, random: &mut fastrand::Rng) -> io::Result<Option<Files>> {
        if files.is_empty() {
            return Ok(None);
        }
        let laid = Files { scratch: Scratch::new()? };
        let top = laid.folder();
        folder(&top)?;
        for file in files {
            let path = top.join(&file.path);
            for above in above(&file.path) {
                folder(&top.join(above))?;
            }
            match &file.what {
                Content::Bytes(payload) => {
                    fs::write(&path, &*facts.bytes(payload, 0, random))?;
                    fs::set_permissions(&path, Permissions::from_mode(0o644))?;
                }
                Content::Link(target) => symlink(target, &path)?,
            }
        }
        Ok(Some(laid))
    }

    pub fn folder(&self) -> PathBuf {
        self.scratch.path().join("files")
    }
}

/// `a` and `a/b` of `a/b/c`.
fn above(path: &str) -> impl Iterator<Item = &Path> {
    let mut above: Vec<&Path> = Path::new(path).ancestors().skip(1).filter(|path| *path != Path::new("")).collect();
    above.reverse();
    above.into_iter()
}

/// Whatever the grader's umask is.
fn folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o755).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o755))),
    }
}
