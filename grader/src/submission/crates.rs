//! The lab's crates: fetched once, by the grader, for its own lock file, and built once for each compiler.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use wait_timeout::ChildExt;

use super::cache::Cache;
use super::cargo;
use super::copy::Sources;
use super::sandbox::{Sandbox, room};
use super::toolchain::Toolchain;
use super::trouble::BuildTrouble;
use crate::cell::{Level, Target, start_process};
use crate::engine::plain;
use crate::scratch::Scratch;

/// What students begin with says which crates there are, and which versions of them.
pub const LOCK_FILE: &str = include_str!("../../../starter/Cargo.lock");
const MANIFEST: &str = include_str!("../../../starter/Cargo.toml");

/// The crate that has nothing but the lab's crates as its dependencies.
const NAME: &str = "lab-crates";

/// In the folder [`Crates::built`], but for cells: an archive of a target folder with all of them built.
pub const BUILT: &str = "target.tar";

/// To be changed with what is in the folders.
const LAYOUT: &str = "2";

pub struct Crates {
    /// Their sources. Their path is one of the things by which cargo knows what it has built.
    pub vendor: PathBuf,
    /// For cells, it is that target folder itself.
    pub built: PathBuf,
}

/// From the cache. The first to come makes them, and the others wait.
pub fn ready(toolchain: &Toolchain, level: Level, cache: &Cache) -> Result<Crates, BuildTrouble> {
    let sources = sources();
    let place = toolchain.sysroot.to_string_lossy();
    let key = sources.hash(&[&toolchain.version, &place, level.name(), LAYOUT, env!("CARGO_PKG_VERSION")]);
    let folder = cache.crates().join(&key);
    let crates = Crates { vendor: folder.join("vendor"), built: folder.join("built") };
    let done = folder.join("done");
    if done.exists() {
        return Ok(crates);
    }
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    if !done.exists() {
        for part in [&crates.vendor, &crates.built] {
            // Left by a grader that was killed.
            let _none = fs::remove_dir_all(part);
            fs::create_dir(part)?;
        }
        make(&sources, &crates, toolchain, level, cache)?;
        File::create(done)?;
    }
    Ok(crates)
}

fn make(
    sources: &Sources,
    crates: &Crates,
    toolchain: &Toolchain,
    level: Level,
    cache: &Cache,
) -> Result<(), BuildTrouble> {
    fetch(sources, toolchain, &crates.vendor)?;
    // They are shown to the student's user, who is another one in a cell.
    for part in [&crates.vendor, &crates.built] {
        fs::set_permissions(part, fs::Permissions::from_mode(0o755))?;
    }
    let target = if level == Level::Cell {
        // It is the student's user who writes here, though nothing of his, and everything has to be his afterwards.
        fs::set_permissions(&crates.built, fs::Permissions::from_mode(0o777))?;
        Some(Target::Kept(crates.built.clone()))
    } else {
        None
    };
    let folders = [("toolchain", &*toolchain.sysroot), ("vendor", &*crates.vendor)];
    let sandbox = Sandbox::new(level, cache, &folders, target)?;
    let command = cargo::command(&sandbox, &["--lib", "--locked"]);
    let ran = sandbox.run("cargo build", sources, None, command, cargo::environment(&sandbox))?;
    if !ran.success {
        room(&crates.built)?;
        return Err(BuildTrouble::own("build the lab's crates", in_a_line(&ran.output)));
    }
    if level == Level::Cell {
        return Ok(fs::set_permissions(&crates.built, fs::Permissions::from_mode(0o755))?);
    }
    let packed = crates.built.join(BUILT);
    sandbox.pack_target(&packed)?;
    Ok(fs::set_permissions(packed, fs::Permissions::from_mode(0o644))?)
}

/// The starter without its code.
fn sources() -> Sources {
    let own = |text: &str| text.replacen("name = \"starter\"", &format!("name = \"{NAME}\""), 1);
    let mut sources = Sources::default();
    sources.insert("Cargo.toml", own(MANIFEST));
    sources.insert("Cargo.lock", own(LOCK_FILE));
    sources.insert("src/lib.rs", "");
    sources
}

/// It is one line in a report: what failed, and the last of its causes.
fn in_a_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let line = lines.next_back().map_or(first.to_owned(), |last| format!("{first}: {last}"));
    plain(&line.chars().take(400).collect::<String>())
}

/// How long a registry may take to answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// Copies the crates' sources from the user's own store, and from the network only what is missing there.
fn fetch(sources: &Sources, toolchain: &Toolchain, vendor: &Path) -> Result<(), BuildTrouble> {
    let project = Scratch::new()?;
    sources.write(project.path())?;
    let words = |offline: &[&str]| -> Result<Option<Vec<u8>>, BuildTrouble> {
        // A mask that keeps files from others would keep them from the cell's user as well.
        let mut cargo = Command::new("/bin/sh");
        cargo.args(["-c", "umask 022; exec \"$@\"", "sh"]).arg(toolchain.sysroot.join("bin/cargo"));
        cargo.args(["vendor", "--quiet", "--locked", "--versioned-dirs"]).args(offline);
        cargo.arg("--manifest-path").arg(project.path().join("Cargo.toml")).arg(vendor).current_dir("/");
        cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = start_process(&mut cargo)?;
        let said = child.stderr.take().map(|mut stderr| {
            thread::spawn(move || {
                let mut said = Vec::new();
                // What has come until then is what there is to tell.
                let _ = stderr.read_to_end(&mut said);
                said
            })
        });
        let Some(status) = child.wait_timeout(PATIENCE)? else {
            child.kill()?;
            child.wait()?;
            return Err(BuildTrouble::own("fetch the lab's crates", "the registry does not answer"));
        };
        let said = said.and_then(|reader| reader.join().ok()).unwrap_or_default();
        Ok((!status.success()).then_some(said))
    };
    if words(&["--offline"])?.is_none() {
        return Ok(());
    }
    match words(&[])? {
        None => Ok(()),
        Some(said) => Err(BuildTrouble::own("fetch the lab's crates", in_a_line(&said))),
    }
}
