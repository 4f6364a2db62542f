//! Where the project is in a submission: at its top, or in the one folder there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::submission::kind::Kind;

/// Most archives hold one folder that holds the project; whoever unpacks one often gets a folder in a folder.
pub fn project(top: &Path) -> PathBuf {
    if Kind::of(top) != Kind::Ready || !Kind::Ready.programs(top).is_empty() {
        return top.to_owned();
    }
    let entries = fs::read_dir(top).into_iter().flatten().flatten();
    let mut folders = entries.map(|entry| entry.path()).filter(|path| path.is_dir());
    match (folders.next(), folders.next()) {
        (Some(only), None) => only,
        _ => top.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str]) -> PathBuf {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        project(folder.path()).strip_prefix(folder.path()).unwrap().to_owned()
    }

    #[test]
    fn the_only_folder_is_the_project() {
        assert_eq!(found(&["hw/Cargo.toml", "hw/src/main.rs"]), Path::new("hw"));
        assert_eq!(found(&["report.pdf", "hw/Makefile"]), Path::new("hw"));
    }

    #[test]
    fn a_project_at_the_top_stays_there() {
        assert_eq!(found(&["Cargo.toml", "src/main.rs"]), Path::new(""));
        assert_eq!(found(&["Makefile", "src/main.c"]), Path::new(""));
    }

    #[test]
    fn of_two_folders_none_is_taken_and_no_second_step_is_made() {
        assert_eq!(found(&["one/Makefile", "two/Makefile"]), Path::new(""));
        assert_eq!(found(&["hw/inner/Makefile"]), Path::new("hw"));
    }
}
