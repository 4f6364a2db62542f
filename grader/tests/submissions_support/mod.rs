//! Making submissions of every kind, and grading them.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{Cursor, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tar::{EntryType, Header};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Starts, and ends at once: enough to be built and to fail its step.
pub const SERVER: &[u8] = b"#!/bin/sh\nexit 3\n";

const RUBRIC: &str = r#"title: The door
program: server
start: ["{port}"]
steps:
  - id: listens
    title: Listens on the port it was told
    points: 100
    exchange:
      - student: { observe: { listening: true } }
    hint: Which call opens the door?
    why: A port is open from listen on.
"#;

/// A folder with a lab of one step, a cache, and submissions.
pub struct Course {
    pub folder: TempDir,
}

impl Course {
    pub fn new() -> Course {
        let folder = TempDir::new().expect("a folder");
        fs::create_dir_all(folder.path().join("labs/01-door")).expect("a folder");
        fs::write(folder.path().join("labs/01-door/rubric.yaml"), RUBRIC).expect("it is written");
        Course { folder }
    }

    /// A file of the course's folder; one that begins with `#!` is executable.
    pub fn write(&self, name: impl AsRef<OsStr>, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name.as_ref());
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("it is written");
        if content.starts_with(b"#!") {
            fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("it is ours");
        }
        path
    }

    pub fn grade(&self, name: impl AsRef<OsStr>) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grader"));
        command.args(["grade", "--labs", "labs", "--json", "result.json"]).arg(name.as_ref());
        // It is called by its own name, and not through cargo.
        command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
        command.env("GRADER_CACHE", self.folder.path().join("cache")).env_remove("CLICOLOR_FORCE");
        command.current_dir(self.folder.path()).output().expect("the grader runs")
    }

    pub fn result(&self) -> Value {
        let json = fs::read(self.folder.path().join("result.json")).expect("there is a result");
        serde_json::from_slice(&json).expect("it is JSON")
    }

    /// Its program was found and played.
    #[track_caller]
    pub fn taken(&self, name: impl AsRef<OsStr>) {
        let output = self.grade(&name);
        let text = format!("{:?}: {}", name.as_ref(), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert_eq!(self.result()["labs"][0]["problem"], Value::Null, "{text}");
    }

    /// Nothing was graded, and this was said.
    #[track_caller]
    pub fn refused(&self, name: impl AsRef<OsStr>, said: &str) {
        let output = self.grade(name);
        assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{said}\n"));
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), b"".as_slice()));
    }

    pub fn programs_in_cache(&self) -> usize {
        fs::read_dir(self.folder.path().join("cache/programs")).expect("a cache").count()
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// One entry of a tar archive, whose name may be anything at all.
pub fn tar_entry(name: &[u8], kind: EntryType, content: &[u8]) -> Vec<u8> {
    let padding = vec![0; content.len().next_multiple_of(512) - content.len()];
    [&tar_header(name, kind, content.len() as u64), content, &padding].concat()
}

pub fn tar_header(name: &[u8], kind: EntryType, size: u64) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_mode(0o755);
    header.set_size(size);
    if matches!(kind, EntryType::Symlink | EntryType::Link) {
        header.set_link_name("/etc/passwd").expect("it is short");
    }
    header.set_cksum();
    header.as_bytes().to_vec()
}

pub fn tar(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let entries = entries.iter().map(|(name, kind, content)| tar_entry(name, *kind, content));
    entries.chain([vec![0; 1024]]).collect::<Vec<_>>().concat()
}

pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).and_then(|()| encoder.finish()).expect("there is room")
}

/// Of regular files; a name that ends with a slash is a folder.
pub fn zip<'e>(entries: impl IntoIterator<Item = (&'e str, &'e [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().unix_permissions(0o755);
    for (name, content) in entries {
        match name.strip_suffix('/') {
            Some(_) => writer.add_directory(name, options).expect("there is room"),
            None => {
                writer.start_file(name, options).expect("there is room");
                writer.write_all(content).expect("there is room");
            }
        }
    }
    writer.finish().expect("there is room").into_inner()
}

/// With every occurrence of a name replaced by one of the same length, which the crate would not write.
pub fn renamed(archive: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut archive = archive.to_owned();
    let places: Vec<_> = (0..archive.len()).filter(|at| archive[*at..].starts_with(from)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| archive[at..at + to.len()].copy_from_slice(to));
    archive
}

pub fn bytes(name: &[u8]) -> &OsStr {
    OsStr::from_bytes(name)
}
