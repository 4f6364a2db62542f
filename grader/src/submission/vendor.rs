//! The sources of the lab's crates: from an archive that came with the grader, from the user's own store, and from the
//! network only what is in neither.

use std::env;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use flate2::bufread::GzDecoder;
use wait_timeout::ChildExt;

use super::copy::Sources;
use super::shown::reason;
use super::toolchain::Toolchain;
use super::trouble::BuildTrouble;
use crate::cell::start_process;
use crate::engine::plain;
use crate::scratch::Scratch;

/// Names the archive, a `.tar.gz` with a folder for each crate: for machines that have no network.
const ARCHIVE: &str = "GRADER_CRATES";

/// How long a registry may take to answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// Puts them into a folder. `sources` has a manifest that asks for them, and the lock file.
pub fn fetch(sources: &Sources, toolchain: &Toolchain, vendor: &Path) -> Result<(), BuildTrouble> {
    match env::var_os(ARCHIVE) {
        Some(archive) => unpack(Path::new(&archive), vendor),
        None => ask_cargo(sources, toolchain, vendor),
    }
}

/// What is in it is held against the sums of the lock file by cargo, as always.
fn unpack(archive: &Path, vendor: &Path) -> Result<(), BuildTrouble> {
    let unpacked = File::open(archive).and_then(|archive| {
        let mut archive = tar::Archive::new(GzDecoder::new(BufReader::new(archive)));
        // A mask that keeps files from others would keep them from the cell's user as well.
        archive.set_preserve_permissions(true);
        archive.unpack(vendor)
    });
    unpacked.map_err(|error| {
        BuildTrouble::own(&format!("unpack the lab's crates from `{}`", archive.display()), reason(&error))
    })
}

fn ask_cargo(sources: &Sources, toolchain: &Toolchain, vendor: &Path) -> Result<(), BuildTrouble> {
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

/// It is one line in a report: what failed, and the last of its causes.
pub fn in_a_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let line = lines.next_back().map_or(first.to_owned(), |last| format!("{first}: {last}"));
    plain(&line.chars().take(400).collect::<String>())
}
