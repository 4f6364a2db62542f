//! From sources to a program: cargo, make, or nothing to do.

use std::fmt;
use std::fs;
use std::io::{self, Read, Seek};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use wait_timeout::ChildExt;

use super::cache::Cache;
use super::copy::Sources;
use super::kind::{self, Kind, is_executable};
use super::output::readable;
use super::slot::Slot;
use crate::cell::start_process;
use crate::engine::Program;

/// The dependencies' versions, for a submission that brings no lock file of its own.
const LOCK_FILE: &str = include_str!("../../../starter/Cargo.lock");

/// A build that takes longer does not end.
const LONGEST: Duration = Duration::from_secs(120);

/// Why there is no program.
#[derive(Debug)]
pub enum BuildTrouble {
    /// The submission has no such program; `found` are those it has.
    NoProgram {
        found: Vec<String>,
    },
    /// The file is there but is not executable.
    NotExecutable {
        name: String,
    },
    /// The build tool said no: what was run, and its words.
    Failed {
        what: String,
        output: String,
    },
    TimedOut {
        what: String,
        after: Duration,
    },
    /// It built, and made no such program.
    NotMade {
        what: String,
        name: String,
    },
    /// The build tool is not on this machine.
    NoTool {
        tool: &'static str,
    },
    /// The grader's own trouble.
    Own(String),
}

impl BuildTrouble {
    /// Whether it is the grader's or the machine's trouble, not the student's.
    pub fn is_own(&self) -> bool {
        matches!(self, BuildTrouble::NoTool { .. } | BuildTrouble::Own(_))
    }
}

impl BuildTrouble {
    /// More to read: the build tool's words, or what to do.
    pub fn output(self) -> String {
        match self {
            BuildTrouble::Failed { output, .. } => output,
            BuildTrouble::NotExecutable { name } => format!("hint: chmod +x {name}\n"),
            _ => String::new(),
        }
    }
}

impl fmt::Display for BuildTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            BuildTrouble::NoProgram { found } if found.is_empty() => f.write_str("there is no program in it"),
            BuildTrouble::NoProgram { found } => write!(f, "there is no such program, only `{}`", found.join("`, `")),
            BuildTrouble::NotExecutable { name } => write!(f, "the file `{name}` is not executable"),
            BuildTrouble::Failed { what, .. } => write!(f, "`{what}` failed"),
            BuildTrouble::TimedOut { what, after } => write!(f, "`{what}` had not ended after {} s", after.as_secs()),
            BuildTrouble::NotMade { what, name } => write!(f, "`{what}` succeeded but made no program `{name}`"),
            BuildTrouble::NoTool { tool } => write!(f, "`{tool}` is needed to build it and is not installed here"),
            BuildTrouble::Own(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for BuildTrouble {}

impl From<io::Error> for BuildTrouble {
    fn from(error: io::Error) -> Self {
        BuildTrouble::Own(format!("cannot build: {error}"))
    }
}

pub fn program(folder: &Path, kind: Kind, name: &str, cache: &Cache) -> Result<Program, BuildTrouble> {
    let sources = Sources::read(folder)?;
    let tool = format!("{kind:?} {} {}", env!("CARGO_PKG_VERSION"), compiler(kind));
    let hash = sources.hash(&[name, &tool]);
    if let Some(folder) = cache.find(&hash, name) {
        return Ok(Program { folder, name: name.to_owned() });
    }
    let built = cache.prepare()?;
    match kind {
        Kind::Ready => ready(folder, &sources, name, built.path())?,
        Kind::Cargo => {
            if !kind.programs(folder).iter().any(|program| program == name) {
                return Err(BuildTrouble::NoProgram { found: kind.programs(folder) });
            }
            cargo(&sources, &hash, name, cache, built.path())?;
        }
        Kind::Make => make(&sources, kind.programs(folder), name, built.path())?,
    }
    Ok(Program { folder: cache.keep(built, &hash, name)?, name: name.to_owned() })
}

/// Another compiler makes another program.
fn compiler(kind: Kind) -> String {
    if kind != Kind::Cargo {
        return String::new();
    }
    static VERSION: OnceLock<String> = OnceLock::new();
    let ask = || {
        let mut rustc = Command::new("rustc");
        rustc.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let output = start_process(&mut rustc).and_then(|child| child.wait_with_output());
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
    };
    VERSION.get_or_init(ask).clone()
}

fn ready(folder: &Path, sources: &Sources, name: &str, to: &Path) -> Result<(), BuildTrouble> {
    if !sources.has(name) {
        return Err(BuildTrouble::NoProgram { found: Kind::Ready.programs(folder) });
    }
    if !is_executable(&fs::metadata(folder.join(name))?) {
        return Err(BuildTrouble::NotExecutable { name: name.to_owned() });
    }
    // A script may need the files beside it.
    Ok(sources.write(to)?)
}

fn cargo(sources: &Sources, hash: &str, name: &str, cache: &Cache, to: &Path) -> Result<(), BuildTrouble> {
    let slot = Slot::take(&cache.slots())?;
    let private = slot.sources(hash);
    // Left over from a run that was killed.
    let _fresh = fs::remove_dir_all(&private);
    fs::create_dir_all(&private)?;
    sources.write(&private)?;
    if !sources.has("Cargo.lock") {
        fs::write(private.join("Cargo.lock"), LOCK_FILE)?;
    }
    detach(&private)?;
    let mut command = Command::new("cargo");
    command.args(["build", "--quiet", "--color=never", "--bin", name, "--manifest-path"]);
    command.arg(private.join("Cargo.toml")).current_dir("/").env("CARGO_TARGET_DIR", slot.target());
    // Debug information doubles a small build's time, and incremental state is for the next edit in the same place.
    command.env("CARGO_INCREMENTAL", "0").env("CARGO_PROFILE_DEV_DEBUG", "0");
    let built = run(command, &format!("cargo build --bin {name}"), "cargo", &private);
    let made = slot.target().join("debug").join(name);
    let taken = built.and_then(|()| take(&made, &format!("cargo build --bin {name}"), name, to));
    // The next build in this slot must not find any of it: what it takes has to be its own.
    slot.sweep(&kind::crates(&private));
    fs::remove_dir_all(&private)?;
    taken
}

/// Makes the copy a workspace of its own, so that no manifest above the cache can claim it.
fn detach(private: &Path) -> io::Result<()> {
    let path = private.join("Cargo.toml");
    let manifest = fs::read(&path)?;
    let says_workspace = String::from_utf8_lossy(&manifest).lines().any(|line| line.trim().starts_with("[workspace"));
    if says_workspace {
        return Ok(());
    }
    let separate = [&manifest[..], b"\n[workspace]\n"].concat();
    fs::write(&path, separate)
}

fn make(sources: &Sources, targets: Vec<String>, name: &str, to: &Path) -> Result<(), BuildTrouble> {
    let private = tempfile::tempdir()?;
    sources.write(private.path())?;
    let mut command = Command::new("make");
    command.current_dir(private.path());
    if targets.iter().any(|target| target == name) {
        command.arg(name);
    }
    let what = if targets.iter().any(|target| target == name) { format!("make {name}") } else { "make".to_owned() };
    run(command, &what, "make", private.path())?;
    take(&private.path().join(name), &what, name, to)
}

/// Runs a build tool to its end, in a process group of its own.
fn run(mut command: Command, what: &str, tool: &'static str, private: &Path) -> Result<(), BuildTrouble> {
    // A file, not a pipe: nobody has to read while it runs, and what it starts cannot hold us up.
    let mut log = tempfile::tempfile()?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?).process_group(0);
    let mut child = match start_process(&mut command) {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(BuildTrouble::NoTool { tool }),
        Err(error) => return Err(error.into()),
    };
    let status = child.wait_timeout(LONGEST)?;
    // Whatever it left running in its group goes with it.
    let group = nix::unistd::Pid::from_raw(child.id() as i32);
    let _nobody_left = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
    let Some(status) = status else {
        child.wait()?;
        return Err(BuildTrouble::TimedOut { what: what.to_owned(), after: LONGEST });
    };
    if status.success() {
        return Ok(());
    }
    let mut output = Vec::new();
    log.rewind()?;
    log.take(1 << 20).read_to_end(&mut output)?;
    Err(BuildTrouble::Failed { what: what.to_owned(), output: readable(&output, &private.to_string_lossy()) })
}

/// The artefact, as a regular file: a link could lead to somebody else's program.
fn take(made: &Path, what: &str, name: &str, to: &Path) -> Result<(), BuildTrouble> {
    let regular = fs::symlink_metadata(made).is_ok_and(|meta| meta.is_file() && is_executable(&meta));
    if !regular {
        return Err(BuildTrouble::NotMade { what: what.to_owned(), name: name.to_owned() });
    }
    let target: PathBuf = to.join(name);
    fs::copy(made, &target)?;
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(&target, fs::Permissions::from_mode(0o755))?)
}
