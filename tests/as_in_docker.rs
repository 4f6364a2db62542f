//! Runs a program as a container with Docker's default profile does: whoever asks for a namespace gets EPERM.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq, SeccompCondition, SeccompFilter,
    SeccompRule,
};

const CLONE: i64 = if cfg!(target_arch = "x86_64") { 56 } else { 220 };
const UNSHARE: i64 = if cfg!(target_arch = "x86_64") { 272 } else { 97 };
const CLONE3: i64 = 435;
/// Bits of the CLONE_NEW… flags: mount, cgroup, UTS, IPC, user, pid, network.
const NAMESPACES: [u32; 7] = [17, 25, 26, 27, 28, 29, 30];

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().expect("usage: as-in-docker PROGRAM [ARGUMENT]...");
    if let Err(error) = forbid() {
        eprintln!("as-in-docker: {error}");
        return ExitCode::from(125);
    }
    let error = Command::new(&program).args(words).exec();
    eprintln!("as-in-docker: {}: {error}", program.display());
    ExitCode::from(126)
}

fn forbid() -> Result<(), seccompiler::Error> {
    let flags = NAMESPACES.map(|bit| 1u64 << bit);
    let asks = || -> Result<Vec<SeccompRule>, seccompiler::Error> {
        let rule = |flag| Ok(SeccompRule::new(vec![SeccompCondition::new(0, Dword, MaskedEq(flag), flag)?])?);
        flags.into_iter().map(rule).collect()
    };
    let architecture = || std::env::consts::ARCH.try_into();
    let refused = BTreeMap::from([(CLONE, asks()?), (UNSHARE, asks()?)]);
    let eperm = SeccompFilter::new(refused, SeccompAction::Allow, SeccompAction::Errno(1), architecture()?)?;
    // Its argument is a structure that no filter can look into.
    let enosys = BTreeMap::from([(CLONE3, Vec::new())]);
    let enosys = SeccompFilter::new(enosys, SeccompAction::Allow, SeccompAction::Errno(38), architecture()?)?;
    for filter in [eperm, enosys] {
        seccompiler::apply_filter(&BpfProgram::try_from(filter)?)?;
    }
    Ok(())
}
