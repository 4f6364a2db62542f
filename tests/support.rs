//! What the tests share: the grader's binary, the project's folders, scratch copies.

mod report;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub use report::{Report, Step, grade};

/// The best level, and the one for machines without namespaces: for root and for ordinary users it is another one.
pub fn levels() -> [&'static str; 2] {
    ["cell", if is_root() { "uid" } else { "same-uid" }]
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// The project's top folder.
pub fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project").to_owned()
}

/// The grader as users run it, built once from the sources the tests are of.
pub fn grader() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(built());
    command.current_dir(top());
    // Colours and caches of whoever runs the tests stay out of them.
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env("GRADER_CACHE", cache());
    command
}

/// The grader's executable.
pub fn built() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build).clone()
}

/// Where the tests' builds of submissions are kept.
pub fn cache() -> PathBuf {
    profile_folder().join("conformance-cache")
}

/// Where `tests/consumers/install` puts what platforms read reports with.
pub fn consumers() -> PathBuf {
    profile_folder().parent().expect("target/PROFILE").join("consumers")
}

/// The folders in a folder, sorted.
pub fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn profile_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a test runs from a file");
    test.parent().and_then(Path::parent).expect("target/PROFILE/deps/TEST").to_owned()
}

fn build() -> PathBuf {
    let folder = profile_folder();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "grader", "--bin", "grader"]).current_dir(top());
    cargo.env("CARGO_TARGET_DIR", folder.parent().expect("target/PROFILE"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "the grader does not build");
    folder.join("grader")
}
