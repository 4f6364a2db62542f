//! The way into another machine.

use std::path::PathBuf;
use std::process::Command;

use conformance::{is_root, levels};

/// For a shell in new namespaces. `$1` is the root, `$2` the folder of the toolchain, and the rest a command.
pub const ENTER: &str = include_str!("enter.sh");

/// The level that a container gives, for root.
pub fn level() -> &'static str {
    levels()[1]
}

/// Begins a command in new namespaces.
pub fn enter() -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "--pid", "--net", "--fork", "--kill-child"]);
    if !is_root() {
        unshare.arg("--map-root-user");
    }
    unshare
}

/// The folder that this machine's compiler is in.
pub fn toolchain() -> PathBuf {
    let rustc = Command::new("rustc").args(["--print", "sysroot"]).output().expect("there is a rustc");
    PathBuf::from(String::from_utf8(rustc.stdout).expect("text").trim())
}
