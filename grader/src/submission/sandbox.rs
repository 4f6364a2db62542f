//! A cell to build in. What is built is code by strangers, and so is what builds it: build scripts, macros, Makefiles.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::cache::Cache;
use super::copy::Sources;
use super::log::Log;
use super::reach;
use super::trouble::BuildTrouble;
use crate::cell::{Build, Cell, Folder, Job, Level, Plan, Status, Stdin, Target};

/// Of a program, in bytes.
const LARGEST: u64 = 64 << 20;

/// Unpacks the sources from stdin, and with them what was built before, keeping times, by which cargo knows what is new.
/// Then the tool runs in `/`, where there are no settings of anybody's.
const SCRIPT: &str = r#"set -e
umask 022
mkdir -p sources target home
tar -xf - -C sources
[ -z "$1" ] || tar -xf "$1" -C target
shift
cd /
exec "$@" </dev/null"#;

pub struct Sandbox {
    cell: Cell,
    changes: Receiver<()>,
    level: Level,
    /// Where the folders are that it was made with.
    pub folders: Vec<PathBuf>,
    longest: Duration,
}

/// How a command ended, and what it printed.
pub struct Ran {
    pub success: bool,
    pub output: Vec<u8>,
}

impl Sandbox {
    /// Sees `folders` of the machine, each by its name, read-only. `target` is for cells.
    pub fn new(
        level: Level,
        cache: &Cache,
        folders: &[(&str, &Path)],
        target: Option<Target>,
    ) -> Result<Sandbox, BuildTrouble> {
        let show = |&(name, path): &(&str, &Path)| {
            let outside = if level == Level::Cell { path.to_owned() } else { reach::for_the_student(path, level)? };
            let inside = if level == Level::Cell { Path::new("/run").join(name) } else { outside.clone() };
            Ok(Folder { outside, inside })
        };
        let shown = folders.iter().map(show).collect::<io::Result<Vec<Folder>>>();
        let folders = shown.map_err(|error| BuildTrouble::own("show the build its tools", error))?;
        let inside = folders.iter().map(|folder| folder.inside.clone()).collect();
        let (hosts, program) = (Default::default(), cache.empty());
        let build = Some(Build { folders, target });
        let plan = Plan { level, hosts, receive_buffer: None, send_buffer: None, files: None, program, build };
        let (ring, changes) = channel();
        let bell = move || {
            // At the cell's end nobody listens any more.
            let _ = ring.send(());
        };
        let cell = Cell::create(&plan, Arc::new(bell))?;
        Ok(Sandbox { cell, changes, level, folders: inside, longest: cache.longest_build })
    }

    /// Where the sources are, as the build sees them.
    pub fn sources(&self) -> PathBuf {
        self.cell.scratch().join("sources")
    }

    /// Where cargo puts what it makes.
    pub fn target(&self) -> PathBuf {
        self.cell.scratch().join("target")
    }

    /// A home for cargo with nothing in it.
    pub fn home(&self) -> PathBuf {
        self.cell.scratch().join("home")
    }

    /// Runs a tool on the sources. Nothing of it runs any more afterwards. `what` is its name for people, `before` an
    /// archive of the target folder.
    pub fn run(
        &self,
        what: &str,
        sources: &Sources,
        before: Option<&Path>,
        tool: Vec<OsString>,
        env: Vec<(String, String)>,
    ) -> Result<Ran, BuildTrouble> {
        let given = ["-c".into(), SCRIPT.into(), "sh".into(), before.unwrap_or(Path::new("")).into()];
        let args = given.into_iter().chain(tool).collect();
        let ran =
            self.run_job(what, Job { program: "/bin/sh".into(), args, env, stdin: Stdin::Piped }, sources.archive()?)?;
        // In a cell, it has room of its own, and when that is full it is the build that has filled it.
        if !ran.success && self.level != Level::Cell {
            room(&std::env::temp_dir())?;
        }
        Ok(ran)
    }

    /// Packs the target folder, for later builds.
    pub fn pack_target(&self, to: &Path) -> Result<(), BuildTrouble> {
        let args = ["-cf", "target.tar", "-C", "target", "."].map(OsString::from).to_vec();
        let tar = Job { program: "/bin/tar".into(), args, env: Vec::new(), stdin: Stdin::Piped };
        let ran = self.run_job("tar", tar, Vec::new())?;
        let packed = if ran.success { self.cell.open(Path::new("target.tar"))? } else { None };
        let Some(mut packed) = packed else {
            return Err(BuildTrouble::own("pack what was built", String::from_utf8_lossy(&ran.output).trim()));
        };
        io::copy(&mut packed, &mut File::create_new(to)?)?;
        Ok(())
    }

    fn run_job(&self, what: &str, job: Job, input: Vec<u8>) -> Result<Ran, BuildTrouble> {
        let deadline = Instant::now() + self.longest;
        let mut child = self.cell.spawn(&job)?;
        let log = Log::of([child.stdout.take(), child.stderr.take()].into_iter().flatten().collect());
        if let Some(stdin) = child.stdin.take() {
            // It ends with the last process that could read it. Those who do not read it all need not.
            thread::spawn(move || drop(File::from(stdin).write_all(&input)));
        }
        while child.status().is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.changes.recv_timeout(left) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Err(BuildTrouble::own("build", "the cell has ended")),
            }
        }
        let status = child.status();
        // Whatever it left behind, in sessions of their own even, goes with it.
        self.cell.kill_all()?;
        let output = log.finish();
        match status {
            Some(status @ (Status::TooMuchMemory | Status::TooManyProcesses)) => {
                Err(BuildTrouble::Overdrawn { what: what.to_owned(), status })
            }
            Some(status) => Ok(Ran { success: status == Status::Exited(0), output }),
            None => Err(BuildTrouble::TimedOut { what: what.to_owned(), after: self.longest }),
        }
    }

    /// The program that was made, as a regular file: a link could lead to somebody else's. `made` is its place in the
    /// folder that is the build's own, `what` made it.
    pub fn take(&self, made: &str, what: &str, name: &str, to: &Path) -> Result<(), BuildTrouble> {
        let not_made = || BuildTrouble::NotMade { what: what.to_owned(), name: name.to_owned() };
        let file = self.cell.open(Path::new(made))?.ok_or_else(not_made)?;
        let found = file.metadata()?;
        if !found.is_file() || found.permissions().mode() & 0o111 == 0 {
            return Err(not_made());
        }
        if found.len() > LARGEST {
            return Err(BuildTrouble::Huge { name: name.to_owned() });
        }
        let target = to.join(name);
        io::copy(&mut file.take(LARGEST), &mut File::create_new(&target)?)?;
        Ok(fs::set_permissions(&target, fs::Permissions::from_mode(0o755))?)
    }
}

/// Whether the disk that a build shares with the grader has any left.
pub fn room(folder: &Path) -> io::Result<()> {
    tempfile::tempfile_in(folder)?.write_all(&[1; 1 << 20])
}
