//! The lab's crates: fetched once, by the grader, for its own lock file, and built once for each compiler.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::cargo;
use super::copy::Sources;
use super::sandbox::{Sandbox, room};
use super::toolchain::Toolchain;
use super::trouble::BuildTrouble;
use super::vendor::{fetch, in_a_line};
use crate::cell::{Level, Target};

/// What students begin with says which crates there are, and which versions of them.
pub const LOCK_FILE: &str = include_str!("../../../starter/Cargo.lock");
const MANIFEST: &str = include_str!("../../../starter/Cargo.toml");

/// The crate that has nothing but the lab's crates as its dependencies.
const NAME: &str = "lab-crates";

/// In the folder [`Crates::built`], but for cells: an archive of a target folder with all of them built.
pub const BUILT: &str = "target.tar";

/// To be changed with what is in the folders.
const LAYOUT: &str = "3";

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
    if is_as_made(&crates, &done) {
        return Ok(crates);
    }
    fs::create_dir_all(&folder)?;
    let lock = File::create(folder.join("lock"))?;
    lock.lock()?;
    if !is_as_made(&crates, &done) {
        for part in [&crates.vendor, &crates.built] {
            // Left by a grader that was killed.
            let _none = fs::remove_dir_all(part);
            fs::create_dir(part)?;
        }
        make(&sources, &crates, toolchain, level, cache)?;
        fs::write(done, mark(&crates).unwrap_or_default())?;
    }
    Ok(crates)
}

/// Whoever copies a cache with `cp -r` makes all in it his own, and new: a student's build could not even write to what it
/// begins with, and the student would be told so.
fn is_as_made(crates: &Crates, done: &Path) -> bool {
    mark(crates).is_some_and(|now| fs::read_to_string(done).is_ok_and(|made| made == now))
}

/// Whose the built crates are, and since when.
fn mark(crates: &Crates) -> Option<String> {
    let of = |name: &str| fs::metadata(crates.built.join(name)).ok();
    let built = of(".rustc_info.json").or_else(|| of(BUILT))?;
    Some(format!("{} {}\n", built.uid(), built.mtime()))
}

/// Makes them now, so that no build has to wait for it: while an image is set up, say.
pub fn warm(level: Level, cache: &Cache) -> Result<(), BuildTrouble> {
    ready(Toolchain::installed()?, level, cache).map(drop)
}

/// Their sources alone, one folder for each: what an archive is made of that `GRADER_CRATES` names elsewhere.
pub fn fetch_crates(to: &Path) -> Result<(), BuildTrouble> {
    fetch(&sources(), Toolchain::installed()?, to)
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
