//! Where a class's results are kept: `OUT/class.json`, `OUT/submissions/ID/…`. Every file is whole at every moment.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use nix::fcntl::Flock;
use serde::{Deserialize, Serialize};

use super::captures::tidy;
use super::record::Record;
use super::shard::Shard;
use crate::result_file::{Draft, ResultFile};
use crate::rubric::Lab;
use crate::scratch;
use crate::submission::reason;

const SCHEMA: &str = "grader/class/v1";
const HEADER: &str = "class.json";
const RECORD: &str = "record.json";
const LOCK: &str = ".lock";
const SUBMISSIONS: &str = "submissions";

/// What holds for all results in a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    schema: String,
    /// One for the whole class, drawn when the store is made: all get the same random bytes, today and tomorrow.
    pub seed: u64,
    pub labs: Vec<String>,
    /// Which part of the class it is, if it is not all of it.
    pub shard: Option<Shard>,
}

#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Nobody else writes here as long as it is held.
    _lock: Flock<File>,
}

#[derive(Debug)]
pub enum StoreTrouble {
    /// Another grader is at work in it.
    InUse,
    /// There are files, and none of ours.
    NotOurs,
    Own {
        what: &'static str,
        path: PathBuf,
        error: io::Error,
    },
}

impl Header {
    pub fn new(seed: u64, labs: Vec<String>, shard: Option<Shard>) -> Header {
        Header { schema: SCHEMA.to_owned(), seed, labs, shard }
    }
}

impl Store {
    /// Takes the folder, which is made if it is not there; its header, if it has one.
    pub fn open(folder: &Path) -> Result<(Store, Option<Header>), StoreTrouble> {
        fs::create_dir_all(folder).map_err(own("make", folder))?;
        let header = header(folder);
        if header.is_none() && !is_new(folder).map_err(own("read", folder))? {
            return Err(StoreTrouble::NotOurs);
        }
        let lock = scratch::lock(folder, LOCK).map_err(own("lock", folder))?.ok_or(StoreTrouble::InUse)?;
        let submissions = folder.join(SUBMISSIONS);
        fs::create_dir_all(&submissions).map_err(own("make", &submissions))?;
        Ok((Store { folder: folder.to_owned(), _lock: lock }, header))
    }

    pub fn path(&self) -> &Path {
        &self.folder
    }

    pub fn keep_header(&self, header: &Header) -> Result<(), StoreTrouble> {
        let mut bytes = serde_json::to_vec_pretty(header).expect("strings and numbers can be written");
        bytes.push(b'\n');
        self.write(HEADER, &bytes)
    }

    /// What is known of a submission; nothing when that is nothing that can be read.
    pub fn record(&self, id: &str) -> Option<Record> {
        record_of(&self.folder, id)
    }

    /// The record comes last: with it, the reports beside it are what it says.
    pub fn keep(
        &self,
        id: &str,
        record: &Record,
        reports: &[(&str, Vec<u8>)],
        captures: Vec<Draft>,
        labs: &[&Lab],
    ) -> Result<(), StoreTrouble> {
        let folder = self.of(id);
        fs::create_dir_all(&folder).map_err(own("make", &folder))?;
        for draft in captures {
            draft.publish().map_err(own("write a capture to", &folder))?;
        }
        for (name, bytes) in reports {
            let path = folder.join(name);
            ResultFile::at(&path).save(bytes).map_err(own("write", &path))?;
        }
        // No report names them any more.
        tidy(&folder, record, labs);
        let path = folder.join(RECORD);
        let file = ResultFile::at(&path);
        let bytes = record.write();
        let kept = if record.finished { file.finish(&bytes) } else { file.save(&bytes) };
        kept.map_err(own("write", &path))
    }

    /// A file for the whole class.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StoreTrouble> {
        let path = self.folder.join(name);
        ResultFile::at(&path).save(bytes).map_err(own("write", &path))
    }

    /// A submission's folder, named from the store's.
    pub fn place(id: &str) -> String {
        format!("{SUBMISSIONS}/{id}")
    }

    pub fn of(&self, id: &str) -> PathBuf {
        of(&self.folder, id)
    }
}

/// Where the store in a folder keeps what it has of a submission.
pub fn of(folder: &Path, id: &str) -> PathBuf {
    folder.join(SUBMISSIONS).join(id)
}

/// What the store in a folder has of a submission.
pub fn record_of(folder: &Path, id: &str) -> Option<Record> {
    Record::read(&fs::read(of(folder, id).join(RECORD)).ok()?)
}

/// What the folder says it is, if it is a store.
pub fn header(folder: &Path) -> Option<Header> {
    let bytes = fs::read(folder.join(HEADER)).ok()?;
    serde_json::from_slice(&bytes).ok().filter(|header: &Header| header.schema == SCHEMA)
}

/// Nothing is in it but, perhaps, what a grader that was killed at once had begun with.
fn is_new(folder: &Path) -> io::Result<bool> {
    let ours = |name: &str| {
        name == LOCK
            || name == SUBMISSIONS
            || name == "seed"
            || name.starts_with(".grader-")
            || name.starts_with("shard-")
    };
    let mut entries = fs::read_dir(folder)?.flatten();
    Ok(entries.all(|entry| entry.file_name().to_str().is_some_and(ours)))
}

pub fn own(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreTrouble {
    let path = path.to_owned();
    move |error| StoreTrouble::Own { what, path, error }
}

impl fmt::Display for StoreTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            StoreTrouble::InUse => f.write_str("another grader is writing to it"),
            StoreTrouble::NotOurs => f.write_str("it holds files, and no results of a class"),
            StoreTrouble::Own { what, path, error } => {
                write!(f, "cannot {what} `{}`: {}", path.display(), reason(error))
            }
        }
    }
}

impl std::error::Error for StoreTrouble {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Level;

    #[test]
    fn a_store_is_one_graders_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let (held, header) = Store::open(folder.path()).expect("it is ours");
        assert_eq!(header, None);
        assert!(matches!(Store::open(folder.path()), Err(StoreTrouble::InUse)));
        drop(held);
        Store::open(folder.path()).expect("it is free again");
    }

    #[test]
    fn somebody_elses_folder_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("thesis.tex"), "").expect("it is written");
        assert!(matches!(Store::open(folder.path()), Err(StoreTrouble::NotOurs)));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn what_is_kept_is_there_the_next_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let header = Header::new(815, vec!["02-server".to_owned()], None);
        let (store, _) = Store::open(folder.path()).expect("it is ours");
        store.keep_header(&header).expect("it is written");
        let record = Record::new(Level::Cell, None, 815);
        store.keep("anna", &record, &[("report.json", vec![1])], Vec::new(), &[]).expect("it is written");
        drop(store);
        let (store, found) = Store::open(folder.path()).expect("it is ours");
        assert_eq!(found, Some(header));
        assert_eq!(store.record("anna").expect("it is there").seed, 815);
        assert!(store.record("bob").is_none());
        fs::write(folder.path().join("submissions/anna/record.json"), "{\"schema\":").expect("it is written");
        assert!(store.record("anna").is_none());
    }
}
