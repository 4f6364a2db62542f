//! The Rust that is installed: the real cargo and rustc, which read no `rust-toolchain` file, as rustup's proxies do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use super::trouble::BuildTrouble;
use crate::cell::start_process;

#[derive(Debug)]
pub struct Toolchain {
    /// The folder that `bin/cargo` and `bin/rustc` are in, and all that they need.
    pub sysroot: PathBuf,
    /// What rustc says of itself.
    pub version: String,
}

impl Toolchain {
    /// Asked for once in a run.
    pub fn installed() -> Result<&'static Toolchain, BuildTrouble> {
        static FOUND: OnceLock<Option<Toolchain>> = OnceLock::new();
        FOUND.get_or_init(find).as_ref().ok_or(BuildTrouble::NoTool { tool: "cargo" })
    }
}

fn find() -> Option<Toolchain> {
    let sysroot = PathBuf::from(said("rustc", &["--print", "sysroot"])?);
    let rustc = sysroot.join("bin/rustc");
    let version = said(rustc.to_str()?, &["--version", "--verbose"])?;
    sysroot.join("bin/cargo").is_file().then_some(Toolchain { sysroot, version })
}

fn said(program: &str, args: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    // Not in the working directory, which may be a submission with a `rust-toolchain` file of its own.
    command.args(args).current_dir(Path::new("/")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let output = start_process(&mut command).and_then(|child| child.wait_with_output()).ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
