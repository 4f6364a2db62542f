//! The grader that goes into a package: one static file.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::elf::is_static;
use super::trouble::PackageTrouble;
use crate::submission::reason;

/// Where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The caller said so.
    Given(PathBuf),
    /// This very program.
    Own,
    /// Cargo, from the sources that this program was started from.
    Cargo { workspace: PathBuf, cargo: OsString },
}

const OWN: &str = "/proc/self/exe";

/// Finds out, without building anything.
pub fn source(given: Option<&Path>) -> Result<Source, PackageTrouble> {
    if let Some(file) = given {
        return Ok(Source::Given(file.to_owned()));
    }
    if is_static(&read(Path::new(OWN))?) {
        return Ok(Source::Own);
    }
    // Cargo tells what it runs where it was built from.
    let workspace = env::var_os("CARGO_MANIFEST_DIR").and_then(|own| Some(Path::new(&own).parent()?.to_owned()));
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    workspace.map(|workspace| Source::Cargo { workspace, cargo }).ok_or(PackageTrouble::NotStatic)
}

pub fn grader(source: &Source) -> Result<Vec<u8>, PackageTrouble> {
    let file = match source {
        Source::Given(file) => file.clone(),
        Source::Own => OWN.into(),
        Source::Cargo { workspace, cargo } => build(workspace, cargo)?,
    };
    let bytes = read(&file)?;
    if is_static(&bytes) { Ok(bytes) } else { Err(PackageTrouble::GivenNotStatic { file }) }
}

/// In a target folder of its own: other flags would make cargo build everything else anew as well.
fn build(workspace: &Path, cargo: &OsString) -> Result<PathBuf, PackageTrouble> {
    let failed = |why: &str| PackageTrouble::Cargo { why: why.to_owned() };
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from).join("static");
    let triple = triple().ok_or_else(|| failed("`rustc -vV` does not name this machine's target"))?;
    let mut cargo = Command::new(cargo);
    cargo.args(["build", "--release", "--quiet", "--locked", "--package", "grader", "--bin", "grader"]);
    cargo.args(["--target", &triple]).arg("--target-dir").arg(&target).current_dir(workspace);
    cargo.env("RUSTFLAGS", "-C target-feature=+crt-static").env_remove("CARGO_ENCODED_RUSTFLAGS");
    let status = cargo.stdin(Stdio::null()).stdout(Stdio::null()).status().map_err(|error| failed(&reason(&error)))?;
    if !status.success() {
        return Err(failed(&status.to_string()));
    }
    Ok(target.join(triple).join("release/grader"))
}

/// What to name as the target, so that the flags are not for build scripts and macros, which cannot be static.
fn triple() -> Option<String> {
    let rustc = Command::new("rustc").arg("-vV").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8(rustc.stdout).ok()?;
    said.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn read(file: &Path) -> Result<Vec<u8>, PackageTrouble> {
    fs::read(file).map_err(|error| PackageTrouble::unreadable(file, &error))
}
