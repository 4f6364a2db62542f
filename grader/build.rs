//! Lists the starter's files for `grader new`, tells cargo that the labs are part of the program, and numbers the build.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let starter = here.join("../starter");
    let mut files = Vec::new();
    find(&starter, Path::new(""), &mut files)?;
    files.sort();
    let entry = |name: &PathBuf| {
        let path = starter.join(name);
        println!("cargo:rerun-if-changed={}", path.display());
        format!("    ({:?}, include_bytes!({path:?}) as &[u8]),\n", name)
    };
    let list: String = files.iter().map(entry).collect();
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("starter.rs"), format!("&[\n{list}]\n"))?;
    println!("cargo:rerun-if-changed={}", starter.join("src").display());
    // `include_dir` does not tell cargo what it has read.
    println!("cargo:rerun-if-changed={}", here.join("../labs").display());
    println!("cargo:rustc-env=GRADER_BUILD={:016x}", build(&here)?);
    Ok(())
}

/// A number that another grader's sources do not have: what it makes of a submission may be something else.
fn build(here: &Path) -> io::Result<u64> {
    let mut hash = DefaultHasher::new();
    let mut files = Vec::new();
    find(&here.join("src"), Path::new(""), &mut files)?;
    files.sort();
    for file in files {
        let path = here.join("src").join(&file);
        println!("cargo:rerun-if-changed={}", path.display());
        (file, fs::read(path)?).hash(&mut hash);
    }
    println!("cargo:rerun-if-changed={}", here.join("src").display());
    Ok(hash.finish())
}

/// Everything in a folder but what a build leaves behind.
fn find(top: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(top.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true if entry.file_name() == "target" => {}
            true => find(top, &path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
