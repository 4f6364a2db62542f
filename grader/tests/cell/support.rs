//! A cell with a few scripts to run in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read;
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use grader::cell::{Cell, CellError, Child, Job, Level, Plan, Status, Stdin, helper_program, try_level};
use tempfile::TempDir;

/// Every level that this machine and this user can have.
pub fn levels() -> Vec<Level> {
    helper_program(&helper());
    let given: Vec<Level> = Level::ALL.into_iter().filter(|level| try_level(*level).is_ok()).collect();
    assert!(given.len() >= 3, "{given:?}");
    given
}

/// How long anything may take before a test gives up.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A folder of scripts, and the bell of the cells made with it.
pub struct Lab {
    pub folder: TempDir,
    rung: Arc<(Mutex<u64>, Condvar)>,
}

impl Lab {
    pub fn new() -> Lab {
        helper_program(&helper());
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Lab { folder, rung: Arc::default() }
    }

    pub fn plan(&self, level: Level) -> Plan {
        Plan {
            level,
            hosts: BTreeMap::from([("alice.lab".into(), vec![Ipv4Addr::new(10, 99, 0, 2)])]),
            receive_buffer: None,
            send_buffer: None,
            program: self.folder.path().into(),
            files: None,
            build: None,
        }
    }

    pub fn try_cell(&self, plan: &Plan) -> Result<Cell, CellError> {
        let rung = self.rung.clone();
        let bell = move || {
            *rung.0.lock().unwrap() += 1;
            rung.1.notify_all();
        };
        Cell::create(plan, Arc::new(bell))
    }

    pub fn cell(&self, level: Level) -> Cell {
        self.try_cell(&self.plan(level)).unwrap()
    }

    /// Runs a program in a cell of its own, which is kept until it has ended.
    pub fn run_at(&self, level: Level, job: &Job) -> Run {
        let cell = self.cell(level);
        self.finish(cell.spawn(job).unwrap())
    }

    /// The same with a script in Python.
    pub fn python_at(&self, level: Level, script: &str) -> Run {
        self.run_at(level, &job("/usr/bin/env", &["python3", "-c", script]))
    }

    pub fn file(&self, name: &str, text: &str, mode: u32) {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Waits for the bell until something is there.
    pub fn wait_for<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let mut count = self.rung.0.lock().unwrap();
        loop {
            if let Some(found) = look() {
                return found;
            }
            let (next, timeout) = self.rung.1.wait_timeout(count, LIMIT).unwrap();
            assert!(!timeout.timed_out(), "the bell has not rung");
            count = next;
        }
    }

    /// Runs a shell's words to their end.
    pub fn run(&self, cell: &Cell, words: &str) -> Run {
        let child = cell.spawn(&shell(words)).unwrap();
        self.finish(child)
    }

    /// For programs that say little: the streams are read after the end.
    pub fn finish(&self, child: Child) -> Run {
        let status = self.wait_for(|| child.status());
        Run { status, stdout: all_of(child.stdout), stderr: all_of(child.stderr) }
    }
}

/// The program that serves as helper. A test that runs this test as somebody else has put it where he can reach it.
pub fn helper() -> PathBuf {
    std::env::var_os("CELL_HELPER").map_or_else(|| env!("CARGO_BIN_EXE_grader").into(), PathBuf::from)
}

#[derive(Debug, PartialEq)]
pub struct Run {
    pub status: Status,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn said(stdout: &str) -> Run {
        Run { status: Status::Exited(0), stdout: stdout.into(), stderr: String::new() }
    }
}

fn all_of(stream: Option<OwnedFd>) -> String {
    let mut text = String::new();
    File::from(stream.unwrap()).read_to_string(&mut text).unwrap();
    text
}

pub fn job(program: &str, args: &[&str]) -> Job {
    let args = args.iter().map(OsString::from).collect();
    Job { program: program.into(), args, env: vec![], stdin: Stdin::Null }
}

pub fn shell(words: &str) -> Job {
    job("/bin/sh", &["-c", words])
}
