//! From sources to a program: cargo, make, or nothing to do.

use std::fs;
use std::path::Path;

use super::cache::Cache;
use super::copy::Sources;
use super::kind::{Kind, is_executable};
use super::toolchain::Toolchain;
use super::trouble::BuildTrouble;
use super::{cargo, make};
use crate::cell::Level;
use crate::engine::Program;

pub fn program(folder: &Path, kind: Kind, name: &str, level: Level, cache: &Cache) -> Result<Program, BuildTrouble> {
    let sources = Sources::read(folder)?;
    // Another compiler makes another program.
    let toolchain = if kind == Kind::Cargo { Some(Toolchain::installed()?) } else { None };
    let compiler = toolchain.map(|toolchain| toolchain.version.as_str()).unwrap_or_default();
    let tool = format!("{kind:?} {} {compiler}", env!("CARGO_PKG_VERSION"));
    let hash = sources.hash(&[name, &tool]);
    if let Some(folder) = cache.find(&hash, name) {
        return Ok(Program::new(folder, name));
    }
    let programs = kind.programs(folder);
    let built = cache.prepare()?;
    match toolchain {
        Some(_) if !programs.iter().any(|program| program == name) => {
            return Err(BuildTrouble::NoProgram { found: programs });
        }
        Some(toolchain) => cargo::build(&sources, name, level, toolchain, cache, built.path())?,
        None if kind == Kind::Make => make::build(&sources, &programs, name, level, cache, built.path())?,
        None => ready(folder, &sources, programs, name, built.path())?,
    }
    Ok(Program::new(cache.keep(built, &hash, name)?, name))
}

fn ready(folder: &Path, sources: &Sources, programs: Vec<String>, name: &str, to: &Path) -> Result<(), BuildTrouble> {
    if !sources.has(name) {
        return Err(BuildTrouble::NoProgram { found: programs });
    }
    if !is_executable(&fs::metadata(folder.join(name))?) {
        return Err(BuildTrouble::NotExecutable { name: name.to_owned() });
    }
    // A script may need the files beside it.
    Ok(sources.write(to)?)
}
