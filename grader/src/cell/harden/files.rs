//! Which files a program reaches: Landlock, see landlock(7).

use std::fs;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, Scope,
};

use crate::cell::Build;

/// The newest version whose rules we know; older kernels enforce what they know of them.
const VERSION: ABI = ABI::V6;

/// What programs of all languages read of a system, without anything that is somebody's own.
const SYSTEM: [&str; 14] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc",
    "/proc",
    "/nix/store",
    "/gnu/store",
    "/sys/devices/system/cpu",
    "/sys/kernel/mm/transparent_hugepage",
    "/run/systemd/resolve",
];
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// What may be read and executed, and what may be written to.
pub(in crate::cell) struct Reach {
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
}

impl Reach {
    /// Everything in a root that was made for the program.
    pub(in crate::cell) fn own_root(scratch: &Path) -> Reach {
        Reach { read: vec!["/".into()], write: vec![scratch.into(), "/dev/shm".into()] }
    }

    /// A few folders of the machine.
    pub(in crate::cell) fn shared(
        program: &Path,
        scratch: &Path,
        files: Option<&Path>,
        build: Option<&Build>,
    ) -> Reach {
        let mut read: Vec<PathBuf> = SYSTEM.iter().map(PathBuf::from).collect();
        read.push(program.into());
        read.extend(files.map(PathBuf::from));
        read.extend(build.into_iter().flat_map(|build| &build.folders).map(|folder| folder.outside.clone()));
        // Often a link to somewhere else.
        read.extend(fs::canonicalize("/etc/resolv.conf"));
        Reach { read, write: vec![scratch.into()] }
    }

    /// The rules, to be put in force later. Nothing where the kernel has no Landlock.
    pub(super) fn rules(&self) -> Result<Option<RulesetCreated>, RulesetError> {
        let all = AccessFs::from_all(VERSION);
        let reading = AccessFs::from_read(VERSION);
        let rules = Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(all)?
            .scope(Scope::Signal | Scope::AbstractUnixSocket)?
            .create()?;
        let mut rules = add(rules, &self.read, reading)?;
        rules = add(rules, &self.write, all)?;
        let devices: Vec<PathBuf> = DEVICES.iter().map(PathBuf::from).collect();
        add(rules, &devices, reading | AccessFs::WriteFile | AccessFs::Truncate | AccessFs::IoctlDev).map(Some)
    }
}

/// What does not exist need not be reached.
fn add(
    mut rules: RulesetCreated,
    paths: &[PathBuf],
    access: BitFlags<AccessFs>,
) -> Result<RulesetCreated, RulesetError> {
    for path in paths {
        let Ok(opened) = PathFd::new(path) else { continue };
        let access = if path.is_dir() { access } else { access & AccessFs::from_file(VERSION) };
        rules = rules.add_rule(PathBeneath::new(opened, access))?;
    }
    Ok(rules)
}
