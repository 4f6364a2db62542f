//! Folders of graders that were killed together with their inits: the next one removes them.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::geteuid;

/// Before the process id of the init that is to remove the folder.
pub(super) const PREFIX: &str = "grader-cell-";

/// Removes the folders of processes that are no more.
pub(in crate::cell) fn sweep(temporary: &Path) {
    for entry in fs::read_dir(temporary).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split_once('-')?.0.parse::<i32>().ok());
        let ours = entry.metadata().is_ok_and(|folder| folder.is_dir() && folder.uid() == geteuid().as_raw());
        if let Some(pid) = pid.filter(|_| ours)
            && !Path::new(&format!("/proc/{pid}")).exists()
        {
            // Somebody else may be faster.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
