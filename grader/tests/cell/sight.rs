//! What the harness sees of a cell's processes.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::fd::AsRawFd;

use grader::cell::{Cell, Child};

use crate::support::{Lab, levels, shell};

/// A program that sleeps, and the path of it in the cell's procfs.
fn sleeper(cell: &Cell) -> (Child, String) {
    let mut child = cell.spawn(&shell("echo on; exec sleep 1000")).unwrap();
    let mut line = String::new();
    BufReader::new(fs::File::from(child.stdout.take().unwrap())).read_line(&mut line).unwrap();
    let path = format!("/proc/self/fd/{}/{}", cell.proc().0.as_raw_fd(), child.pid);
    (child, path)
}

/// What the probes read.
pub fn see(cell: &Cell) {
    let (child, path) = sleeper(cell);
    let read = |file: &str| fs::read_to_string(format!("{path}/{file}")).map_err(|error| format!("{file}: {error}"));
    let task = format!("task/{}", child.pid);
    // In a system call, or on its way there.
    assert!(!read(&format!("{task}/syscall")).unwrap().is_empty());
    assert_eq!(read(&format!("{task}/schedstat")).unwrap().split_whitespace().count(), 3);
    assert!(read("status").unwrap().contains("SigCgt:"));
    assert!(read("statm").is_ok());
    let stat = read("stat").unwrap();
    let parent = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(1).unwrap();
    assert_eq!(parent, cell.proc().1.to_string(), "{stat}");
    let numbers: Vec<String> = fs::read_dir(format!("{path}/fd"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(numbers.contains(&"1".to_owned()), "{numbers:?}");
    let stdout = fs::read_link(format!("{path}/fd/1")).unwrap();
    assert!(stdout.to_str().unwrap().starts_with("pipe:["), "{stdout:?}");
}

#[test]
fn processes_threads_and_descriptors_can_be_seen() {
    let lab = Lab::new();
    for level in levels() {
        see(&lab.cell(level));
    }
}
