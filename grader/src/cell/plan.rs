//! What a cell is asked to be, and what is to run in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Level;

/// Where every program in a cell looks for others.
pub const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a cell is made from.
#[derive(Debug, Clone)]
pub struct Plan {
    pub level: Level,
    /// Names that the student's resolver knows, forward and reverse. Only in [`Level::Cell`].
    pub hosts: BTreeMap<String, Vec<Ipv4Addr>>,
    /// A ceiling for the receive buffers of the cell's TCP sockets, in bytes. Only in [`Level::Cell`].
    pub receive_buffer: Option<u64>,
    /// The same for the send buffers.
    pub send_buffer: Option<u64>,
    /// The folder that the student's program is in. Everybody may read it, its own mode included; the folders above it
    /// do not matter. In a cell it is `/run/lab`.
    pub program: PathBuf,
    /// A folder that was made for this cell alone, in a temporary folder of its own: the program may read what is in it,
    /// and nobody else's may. In a cell it is `/run/files`.
    pub files: Option<PathBuf>,
    /// For a build, which needs more than a student's program.
    pub build: Option<Build>,
}

/// What a build sees beside the machine's own tools. It has limits of its own, and more room in its scratch folder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Build {
    pub folders: Vec<Folder>,
    /// In a cell: the folder `target` in its scratch folder. Elsewhere there is none.
    pub target: Option<Target>,
}

/// What a build finds in its folder `target`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Target {
    /// What this folder holds. What the build does to it stays with the build.
    Over(PathBuf),
    /// This folder itself, which everybody may write to: for builds of what is trusted, to be kept.
    Kept(PathBuf),
}

/// A folder of the machine, shown read-only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Folder {
    pub outside: PathBuf,
    /// Where it is in a cell. At the other levels it is where it is outside.
    pub inside: PathBuf,
}

/// Rung, from any thread, whenever something may have changed: a child ended, the cell itself ended.
/// It must not wait for anything, and must not call the cell.
pub type Bell = Arc<dyn Fn() + Send + Sync>;

/// One program to be started in a cell.
#[derive(Debug, Clone)]
pub struct Job {
    /// A file name in the plan's folder; with a `/` in it, a path as the cell sees it (`/usr/bin/curl`).
    pub program: String,
    pub args: Vec<OsString>,
    /// Added to the few variables that every program gets.
    pub env: Vec<(String, String)>,
    pub stdin: Stdin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stdin {
    Piped,
    /// `/dev/null`.
    Null,
}
