//! The names that archives give to their entries, as paths below our folder, or not at all.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::submission::flaw::{EntryFlaw, LONGEST_NAME, LONGEST_PATH, MOST_PARTS};

/// Relative, without `.` and doubled slashes; empty for the top itself.
pub fn entry_path(name: &[u8]) -> Result<PathBuf, EntryFlaw> {
    if name.contains(&0) {
        return Err(EntryFlaw::NoName);
    }
    if name.starts_with(b"/") {
        return Err(EntryFlaw::Absolute);
    }
    let parts = || name.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".");
    if parts().any(|part| part == b"..") {
        return Err(EntryFlaw::LeadsOut);
    }
    Ok(parts().map(OsStr::from_bytes).collect())
}

/// So that nothing that is done with the path later on can fail for its length.
pub fn check_length(path: &Path) -> Result<(), EntryFlaw> {
    if path.iter().any(|part| part.len() > LONGEST_NAME) {
        return Err(EntryFlaw::NameTooLong);
    }
    if path.as_os_str().len() > LONGEST_PATH {
        return Err(EntryFlaw::PathTooLong);
    }
    if path.components().count() > MOST_PARTS {
        return Err(EntryFlaw::TooDeep);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_names_and_loses_its_dots() {
        assert_eq!(entry_path(b"./hw//src/./main.rs"), Ok(PathBuf::from("hw/src/main.rs")));
        assert_eq!(entry_path(b"./"), Ok(PathBuf::new()));
        assert_eq!(entry_path(b"..x/y.."), Ok(PathBuf::from("..x/y..")));
    }

    #[test]
    fn no_path_leads_out() {
        assert_eq!(entry_path(b"/etc/passwd"), Err(EntryFlaw::Absolute));
        for name in [b"..".as_slice(), b"../x", b"a/../b", b"a/.."] {
            assert_eq!(entry_path(name), Err(EntryFlaw::LeadsOut));
        }
        assert_eq!(entry_path(b"a\0b"), Err(EntryFlaw::NoName));
    }

    #[test]
    fn a_path_has_an_end() {
        assert_eq!(check_length(&PathBuf::from("a/".repeat(32))), Ok(()));
        assert_eq!(check_length(&PathBuf::from("a/".repeat(33))), Err(EntryFlaw::TooDeep));
        assert_eq!(check_length(&PathBuf::from("a".repeat(256))), Err(EntryFlaw::NameTooLong));
        let long = [&*"a".repeat(250); 5].join("/");
        assert_eq!(check_length(Path::new(&long)), Err(EntryFlaw::PathTooLong));
    }
}
