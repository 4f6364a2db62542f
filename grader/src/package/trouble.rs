//! Why there is no package.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::submission::{BuildTrouble, reason};

#[derive(Debug)]
pub enum PackageTrouble {
    /// This program needs shared libraries, and was not started by cargo, which could build another.
    NotStatic,
    /// So does the one that was given; or it is no program.
    GivenNotStatic {
        file: PathBuf,
    },
    /// Cargo could not build it.
    Cargo {
        why: String,
    },
    Crates(BuildTrouble),
    Unreadable {
        path: PathBuf,
        why: String,
    },
    Exists {
        path: PathBuf,
    },
    Unwritable {
        path: PathBuf,
        why: String,
    },
    Archive {
        why: String,
    },
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Callers,
    Own,
}

impl PackageTrouble {
    pub fn unreadable(path: &Path, error: &io::Error) -> PackageTrouble {
        PackageTrouble::Unreadable { path: path.to_owned(), why: reason(error) }
    }

    pub fn unwritable(path: &Path, error: &io::Error) -> PackageTrouble {
        PackageTrouble::Unwritable { path: path.to_owned(), why: reason(error) }
    }

    pub fn fault(&self) -> Fault {
        match self {
            PackageTrouble::Cargo { .. } | PackageTrouble::Crates(_) | PackageTrouble::Archive { .. } => Fault::Own,
            _ => Fault::Callers,
        }
    }

    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            PackageTrouble::NotStatic => {
                "run it as `cargo lab package …`, which builds a static one, or give one with `--grader FILE`"
            }
            PackageTrouble::GivenNotStatic { .. } => {
                "`RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --package grader --target TRIPLE` \
                 builds one; `rustc -vV` says what TRIPLE is here"
            }
            PackageTrouble::Cargo { .. } => "cargo's own words are above",
            PackageTrouble::Crates(_) => {
                "a package holds the starter's crates: cargo gets them, from its store or the network"
            }
            PackageTrouble::Exists { .. } => "`--force` replaces it; `--out` puts the package elsewhere",
            PackageTrouble::Unwritable { .. } => "give `--out` a place that you may write to",
            PackageTrouble::Unreadable { .. } | PackageTrouble::Archive { .. } => return None,
        })
    }
}

impl fmt::Display for PackageTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            PackageTrouble::NotStatic => {
                f.write_str("this grader needs shared libraries, which a platform may have in other versions")
            }
            PackageTrouble::GivenNotStatic { file } => write!(f, "`{}` is no static program for Linux", file.display()),
            PackageTrouble::Cargo { why } => write!(f, "cargo could not build a static grader: {why}"),
            PackageTrouble::Crates(trouble) => trouble.fmt(f),
            PackageTrouble::Unreadable { path, why } => write!(f, "cannot read `{}`: {why}", path.display()),
            PackageTrouble::Exists { path } => write!(f, "`{}` is there already", path.display()),
            PackageTrouble::Unwritable { path, why } => write!(f, "cannot write `{}`: {why}", path.display()),
            PackageTrouble::Archive { why } => write!(f, "cannot pack the package: {why}"),
        }
    }
}

impl std::error::Error for PackageTrouble {}

impl From<BuildTrouble> for PackageTrouble {
    fn from(trouble: BuildTrouble) -> PackageTrouble {
        PackageTrouble::Crates(trouble)
    }
}
