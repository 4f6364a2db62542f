//! `new`: a fresh starter.

use std::fs;
use std::io;
use std::path::Path;

use super::output::Output;
use super::starter::STARTER;
use super::trouble::{TaMistake, Trouble, cannot, reason};
use crate::engine::count;
use crate::report::shell_word;

pub fn new(dir: &Path, output: &Output) -> Result<(), Trouble> {
    if !free(dir)? {
        let what = format!("`{}` is not empty, and nothing in it is overwritten", dir.display());
        return Err(TaMistake::usage(what, "give the name of a folder that is not there yet").into());
    }
    for (name, bytes) in STARTER {
        let path = dir.join(name);
        let folder = path.parent().unwrap_or(dir);
        fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
        fs::write(&path, bytes).map_err(|error| refused(&path, &error))?;
    }
    let (files, program) = (count(STARTER.len() as u64, "file"), &output.look.program);
    let name = dir.to_string_lossy();
    let name = shell_word(&name);
    output.print(&format!(
        "wrote {files} to {name}\n\nbegin with  {program} show 01-client\nand grade   {program} grade {name}\n"
    ))
}

/// Not there yet, or empty.
fn free(dir: &Path) -> Result<bool, TaMistake> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(refused(dir, &error)),
    }
}

fn refused(path: &Path, error: &io::Error) -> TaMistake {
    TaMistake::usage(cannot("write", path, reason(error)), "give a folder that you may write to")
}
