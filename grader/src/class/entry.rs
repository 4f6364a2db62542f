//! The submissions of a class: one an entry of its folder.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::plain;

/// What platforms put beside the submissions that they export, and what a TA does.
const BESIDE: [&str; 2] = ["roster.csv", "submission_metadata.yml"];
const ARCHIVES: [&str; 4] = [".tar.gz", ".tgz", ".tar", ".zip"];
/// A name in the store, in bytes; file systems end at 255.
const LONGEST: usize = 120;

/// One submission of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: PathBuf,
    /// Its name in the class's folder, as it is there: any bytes but `/` and NUL.
    pub name: OsString,
    /// The name of its folder in the store: text that a person can read, a shell can take, and no other entry has.
    pub id: String,
}

/// All of them, by name. Hidden entries are none, and neither is `out`, should the results be kept in the same folder.
pub fn entries(folder: &Path, out: &Path) -> io::Result<Vec<Entry>> {
    let inode = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    let out = inode(out);
    let mut entries = Vec::new();
    for found in fs::read_dir(folder)? {
        let found = found?;
        let (name, path) = (found.file_name(), found.path());
        let beside = BESIDE.iter().any(|beside| name == *beside);
        if name.as_bytes().starts_with(b".") || beside || out.is_some() && inode(&path) == out {
            continue;
        }
        entries.push(Entry { id: id(&name), path, name });
    }
    entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

impl Entry {
    /// The name without an archive's ending.
    pub fn stem(&self) -> &OsStr {
        let bytes = self.name.as_bytes();
        let ending = ARCHIVES.iter().find(|ending| {
            let at = bytes.len().saturating_sub(ending.len());
            at > 0 && bytes[at..].eq_ignore_ascii_case(ending.as_bytes())
        });
        OsStr::from_bytes(&bytes[..bytes.len() - ending.map_or(0, |ending| ending.len())])
    }
}

/// Two names never become one: what is escaped can be told from what is not, and what is cut ends in its hash.
fn id(name: &OsStr) -> String {
    let mut id = String::new();
    for part in name.as_bytes().utf8_chunks() {
        for c in part.valid().chars() {
            let text = c.to_string();
            match c == '%' || c == '\\' || plain(&text) != text {
                true => id.push_str(&escaped(text.as_bytes())),
                false => id.push(c),
            }
        }
        id.push_str(&escaped(part.invalid()));
    }
    if id.len() > LONGEST {
        let hash: String = Sha256::digest(name.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let cut = (0..=LONGEST).rev().find(|at| id.is_char_boundary(*at)).unwrap_or(0);
        id = format!("{}%{hash}", &id[..cut]);
    }
    id
}

fn escaped(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_of(name: &[u8]) -> String {
        id(OsStr::from_bytes(name))
    }

    #[test]
    fn an_id_can_be_read_and_typed() {
        assert_eq!(id_of("Müller, Anna (2).zip".as_bytes()), "Müller, Anna (2).zip");
        assert_eq!(id_of(b"a\n\x1b[2J%\xff"), "a%0A%1B[2J%25%FF");
        assert_eq!(id_of("\u{202e}gpj.exe".as_bytes()), "%E2%80%AEgpj.exe");
    }

    #[test]
    fn long_names_stay_apart() {
        let (one, other) = (id_of(&[b'a'; 255]), id_of(&[b'a'; 254]));
        assert!(one.len() <= LONGEST + 13 && one != other, "{one} {other}");
    }

    #[test]
    fn the_stem_is_the_name_without_an_archives_ending() {
        let stem = |name: &str| {
            let entry = Entry { path: name.into(), name: name.into(), id: String::new() };
            entry.stem().to_owned()
        };
        for name in ["anna.zip", "anna.tar.gz", "anna.TGZ", "anna.tar", "anna"] {
            assert_eq!(stem(name), "anna", "{name}");
        }
        assert_eq!(stem("anna.v2"), "anna.v2");
        assert_eq!(stem(".zip"), ".zip");
    }

    #[test]
    fn what_is_no_submission_is_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["bob", ".git", "results"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        for name in ["anna.zip", "roster.csv", ".DS_Store", "submission_metadata.yml"] {
            fs::write(folder.path().join(name), "").expect("it is written");
        }
        let found = entries(folder.path(), &folder.path().join("results")).expect("it can be read");
        let names: Vec<_> = found.into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["anna.zip", "bob"]);
    }
}
