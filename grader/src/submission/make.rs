//! Builds with a Makefile.

use std::path::Path;

use super::cache::Cache;
use super::copy::Sources;
use super::output::readable;
use super::sandbox::Sandbox;
use super::trouble::BuildTrouble;
use crate::cell::Level;

/// Where a cell has it.
const PLACES: [&str; 3] = ["/usr/local/bin/make", "/usr/bin/make", "/bin/make"];

/// `targets` are those that the Makefile seems to have: without the program's, its first one is made.
pub fn build(
    sources: &Sources,
    targets: &[String],
    name: &str,
    level: Level,
    cache: &Cache,
    to: &Path,
) -> Result<(), BuildTrouble> {
    let make = PLACES.into_iter().find(|place| Path::new(place).is_file());
    let make = make.ok_or(BuildTrouble::NoTool { tool: "make" })?;
    let sandbox = Sandbox::new(level, cache, &[], None)?;
    let folder = sandbox.sources();
    // All of it is made anew: object files that were handed in may be of other sources.
    let mut tool = vec![make.into(), "-B".into(), "--no-print-directory".into(), "-C".into(), folder.clone().into()];
    let mut what = "make".to_owned();
    if targets.iter().any(|target| target == name) {
        tool.push(name.into());
        what = format!("make {name}");
    }
    let ran = sandbox.run(&what, sources, None, tool, Vec::new())?;
    if !ran.success {
        return Err(BuildTrouble::Failed { what, output: readable(&ran.output, &[&folder]) });
    }
    sandbox.take(&format!("sources/{name}"), &what, name, to)
}
