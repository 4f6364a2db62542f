//! What systems and tools leave in folders, which is no part of anybody's work.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Folders of results, or links to where those are.
const RESULTS: [&[u8]; 3] = [b"target", b"node_modules", b"__pycache__"];
/// Whatever they are: of a clone made as a worktree, `.git` is a file.
const NEVER: [&[u8]; 3] = [b".git", b"__MACOSX", b".DS_Store"];

/// Whether one name is litter. A file may well be called `target`, and some files of use begin with a dot.
pub fn is_litter(name: &[u8], is_file: bool) -> bool {
    let hidden = name.starts_with(b".");
    NEVER.contains(&name) || name.starts_with(b"._") || !is_file && (hidden || RESULTS.contains(&name))
}

/// Whether the path is litter, or lies in it.
pub fn lies_in_litter(path: &Path, is_file: bool) -> bool {
    let parts = path.components().count();
    path.iter().enumerate().any(|(at, name)| is_litter(name.as_bytes(), is_file && at + 1 == parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_a_folder_of_results_is_litter() {
        for path in ["hw/target/debug/server", "__MACOSX/hw/._x", "src/._main.rs", ".git/HEAD", ".git", ".DS_Store"] {
            assert!(lies_in_litter(Path::new(path), true), "{path}");
        }
    }

    #[test]
    fn a_file_that_is_called_like_one_is_not() {
        for path in ["target", "hw/src/target.rs", ".gitignore", "node_modules"] {
            assert!(!lies_in_litter(Path::new(path), true), "{path}");
        }
    }
}
