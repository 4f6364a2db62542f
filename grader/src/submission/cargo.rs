//! Builds with cargo.

use std::ffi::OsString;
use std::path::Path;

use super::cache::Cache;
use super::copy::Sources;
use super::crates::{self, BUILT, LOCK_FILE};
use super::output::readable;
use super::sandbox::Sandbox;
use super::toolchain::Toolchain;
use super::trouble::BuildTrouble;
use crate::cell::{Level, Target};

pub fn build(
    sources: &Sources,
    name: &str,
    level: Level,
    toolchain: &Toolchain,
    cache: &Cache,
    to: &Path,
) -> Result<(), BuildTrouble> {
    let crates = crates::ready(toolchain, level, cache)?;
    let folders = [("toolchain", &*toolchain.sysroot), ("vendor", &crates.vendor), ("built", &crates.built)];
    let (sandbox, before) = if level == Level::Cell {
        (Sandbox::new(level, cache, &folders[..2], Some(Target::Over(crates.built.clone())))?, None)
    } else {
        let sandbox = Sandbox::new(level, cache, &folders, None)?;
        let built = sandbox.folders[2].join(BUILT);
        (sandbox, Some(built))
    };
    let what = format!("cargo build --bin {name}");
    let command = command(&sandbox, &["--bin", name]);
    let ran = sandbox.run(&what, &prepared(sources), before.as_deref(), command, environment(&sandbox))?;
    if !ran.success {
        let output = readable(&ran.output, &[&sandbox.sources(), &sandbox.folders[1]]);
        return Err(match foreign_crate(&output) {
            Some(named) => BuildTrouble::Crate { named, output },
            None => BuildTrouble::Failed { what, output },
        });
    }
    sandbox.take(&format!("target/debug/{name}"), &what, name, to)
}

/// With the lab's lock file in place of its own: there are no other versions than the lab's. The manifest is made that
/// of a workspace of its own, so that none above can claim it.
fn prepared(sources: &Sources) -> Sources {
    let mut prepared = sources.clone();
    prepared.insert("Cargo.lock", LOCK_FILE);
    let mut manifest = sources.text("Cargo.toml");
    if !manifest.lines().any(|line| line.trim().starts_with("[workspace")) {
        manifest.push_str("\n[workspace]\n");
        prepared.insert("Cargo.toml", manifest);
    }
    prepared
}

/// The command that builds `what` of the sources. The sandbox's first folders are the toolchain and the crates.
pub fn command(sandbox: &Sandbox, what: &[&str]) -> Vec<OsString> {
    let mut command: Vec<OsString> = vec![sandbox.folders[0].join("bin/cargo").into(), "build".into()];
    command.extend(["--quiet", "--color=never", "--offline"].map(OsString::from));
    // Only there are crates, with sums that the lock file knows: that is what keeps all others out.
    let vendor = serde_json::Value::from(sandbox.folders[1].to_string_lossy());
    let settings = ["source.crates-io.replace-with=\"lab\"".to_owned(), format!("source.lab.directory={vendor}")];
    for setting in settings {
        command.extend(["--config".into(), setting.into()]);
    }
    command.extend(["--manifest-path".into(), sandbox.sources().join("Cargo.toml").into()]);
    command.extend(what.iter().map(OsString::from));
    command
}

pub fn environment(sandbox: &Sandbox) -> Vec<(String, String)> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let bin = sandbox.folders[0].join("bin");
    let env = [
        ("CARGO_HOME", text(&sandbox.home())),
        ("CARGO_TARGET_DIR", text(&sandbox.target())),
        ("RUSTC", text(&bin.join("rustc"))),
        ("RUSTDOC", text(&bin.join("rustdoc"))),
        // Debug information doubles a small build's time, and incremental state is for the next edit in the same place.
        ("CARGO_INCREMENTAL", "0".to_owned()),
        ("CARGO_PROFILE_DEV_DEBUG", "0".to_owned()),
    ];
    env.map(|(name, value)| (name.to_owned(), value)).to_vec()
}

/// The crate that cargo looked for among the lab's, in vain.
fn foreign_crate(output: &str) -> Option<String> {
    let begins = ["no matching package named `", "searched package name: `", "a version for the requirement `"];
    let found = begins.iter().find_map(|begin| output.split_once(begin))?;
    // Of a requirement, `nix = "^0.29"`, the version is as much to the point.
    let named = found.1.split('`').next()?.trim();
    (!named.is_empty()).then(|| named.replace(" = \"", " ").replace('"', ""))
}

#[cfg(test)]
mod tests {
    use super::foreign_crate;

    #[test]
    fn the_crate_that_is_not_there_is_found_in_cargos_words() {
        let missing = "error: no matching package named `serde` found\nlocation searched: directory source `/x`\n";
        assert_eq!(foreign_crate(missing).as_deref(), Some("serde"));
        let other = "error: failed to select a version for the requirement `nix = \"^0.29\"`\ncandidate versions";
        assert_eq!(foreign_crate(other).as_deref(), Some("nix ^0.29"));
        assert_eq!(foreign_crate("error[E0425]: cannot find value `nothing`"), None);
    }
}
