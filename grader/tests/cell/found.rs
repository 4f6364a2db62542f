//! Files that a program is to find: it reads them, and nobody writes to them or sees another's.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use grader::cell::{Cell, Level, Plan};
use tempfile::TempDir;

use crate::support::{Lab, Run, levels};

/// A temporary folder with files in it, as the engine makes one.
fn files(text: &str) -> (TempDir, PathBuf) {
    let above = TempDir::new().unwrap();
    let files = above.path().join("files");
    fs::create_dir_all(files.join("www")).unwrap();
    fs::write(files.join("www/a.txt"), text).unwrap();
    symlink("../secret.txt", files.join("www/link.txt")).unwrap();
    fs::write(files.join("secret.txt"), "outside\n").unwrap();
    for path in [files.clone(), files.join("www")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    (above, files)
}

/// A cell whose program finds these files, and where it finds them.
fn cell_with(lab: &Lab, level: Level, files: &Path) -> (Cell, String) {
    let cell = lab.try_cell(&Plan { files: Some(files.into()), ..lab.plan(level) }).unwrap();
    let inside = cell.files().unwrap().display().to_string();
    (cell, inside)
}

fn walled() -> impl Iterator<Item = Level> {
    levels().into_iter().filter(|level| *level != Level::Rlimits)
}

#[test]
fn a_program_reads_what_it_is_to_find_and_goes_where_links_lead() {
    let lab = Lab::new();
    for level in levels() {
        let (_above, files) = files("found\n");
        let (cell, inside) = cell_with(&lab, level, &files);
        let run = lab.run(&cell, &format!("cat {inside}/www/a.txt {inside}/www/link.txt"));
        assert_eq!(run, Run::said("found\noutside\n"), "{level}");
    }
}

#[test]
fn without_any_there_is_no_folder() {
    let lab = Lab::new();
    for level in levels() {
        let cell = lab.cell(level);
        assert_eq!(cell.files(), None, "{level}");
        assert_eq!(lab.run(&cell, "ls /run/files 2>/dev/null || echo no"), Run::said("no\n"), "{level}");
    }
}

#[test]
fn nothing_in_it_can_be_changed() {
    let lab = Lab::new();
    for level in walled() {
        let (_above, files) = files("found\n");
        let (cell, inside) = cell_with(&lab, level, &files);
        let tries = [
            format!("echo x > {inside}/www/a.txt"),
            format!("chmod -R 777 {inside}; echo x > {inside}/new"),
            format!("mkdir {inside}/www/new"),
            format!("rm -f {inside}/www/a.txt"),
            format!("mv {inside}/www/a.txt {inside}/b.txt"),
            format!("ln -s / {inside}/root"),
            format!("ln {inside}/secret.txt here"),
        ];
        for words in tries {
            let run = lab.run(&cell, &format!("({words}) 2>/dev/null || echo no"));
            assert_eq!(run.stdout, "no\n", "{words} at {level}");
        }
        drop(cell);
        assert_eq!(fs::read_to_string(files.join("www/a.txt")).unwrap(), "found\n", "{level}");
        let left = fs::read_dir(&files).unwrap().count() + fs::read_dir(files.join("www")).unwrap().count();
        assert_eq!(left, 4, "{level}");
    }
}

#[test]
fn another_programs_files_cannot_be_seen() {
    let lab = Lab::new();
    for level in walled() {
        let ((_above, own), (_beside, other)) = (files("own\n"), files("another's\n"));
        let (cell, inside) = cell_with(&lab, level, &own);
        let (_theirs, theirs_inside) = cell_with(&lab, level, &other);
        // In a cell both are called the same.
        let paths = [other.display().to_string(), theirs_inside];
        for path in paths.iter().filter(|path| **path != inside) {
            let words = format!("ls {path} {path}/www; cat {path}/www/a.txt; cat {inside}/www/a.txt");
            assert_eq!(lab.run(&cell, &words).stdout, "own\n", "{level}");
        }
        if level == Level::Uid {
            // Even without the wall of Landlock: it is one user's.
            assert_eq!(fs::metadata(&other).unwrap().permissions().mode() & 0o7777, 0o750);
            assert_ne!(fs::metadata(&other).unwrap().gid(), fs::metadata(&own).unwrap().gid());
            assert_eq!(fs::metadata(&other).unwrap().uid(), 0);
        }
    }
}
