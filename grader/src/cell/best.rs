//! The best level that this machine gives: found out by trying, explained by looking.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, OnceLock};

use nix::unistd::geteuid;

use super::{Cell, CellError, Job, Level, Plan, SpawnError, Stdin};
use crate::scratch::Scratch;

/// The best level, and why there is none better.
pub fn best_level() -> (Level, Option<String>) {
    static FOUND: OnceLock<(Level, Option<String>)> = OnceLock::new();
    FOUND.get_or_init(find).clone()
}

fn find() -> (Level, Option<String>) {
    let mut why = None;
    for level in Level::ALL {
        match try_level(level) {
            Ok(()) => return (level, why),
            // What keeps the best one from us is what there is to be mended.
            Err(error) => why = why.or_else(|| Some(Facts::read().explain(&error))),
        }
    }
    // The least needs nothing that can be missing; whatever it is, playing a step will say so.
    (Level::Rlimits, why)
}

/// Makes a cell and runs a program in it, behind all the walls.
pub fn try_level(level: Level) -> Result<(), CellError> {
    let folder = Scratch::new().map_err(|error| CellError::from_io("make a temporary folder", &error))?;
    let plan = Plan {
        level,
        hosts: BTreeMap::new(),
        // A limit that harms nobody: so that this is known to work as well.
        receive_buffer: Some(1 << 20),
        send_buffer: Some(1 << 20),
        program: folder.path().into(),
        files: None,
        build: None,
    };
    let cell = Cell::create(&plan, Arc::new(|| {}))?;
    let job = Job { program: PROGRAM.into(), args: Vec::new(), env: Vec::new(), stdin: Stdin::Null };
    match cell.spawn(&job) {
        Ok(_) | Err(SpawnError::Program { .. }) => Ok(()),
        Err(SpawnError::Cell(error)) => Err(error),
    }
}

/// Every system has it, and it is small.
const PROGRAM: &str = "/bin/true";

/// What is known to keep user namespaces from people.
#[derive(Default)]
struct Facts {
    root: bool,
    /// `user.max_user_namespaces` is 0.
    none_allowed: bool,
    /// `kernel.unprivileged_userns_clone` is 0: Debian's kernels of old.
    not_for_users: bool,
    /// `kernel.apparmor_restrict_unprivileged_userns` is 1: Ubuntu from 23.10 on.
    apparmor: bool,
    /// A seccomp filter is in force: a container's, most likely.
    filtered: bool,
}

impl Facts {
    fn read() -> Facts {
        let setting = |path: &str, value: &str| {
            fs::read_to_string(format!("/proc/sys/{path}")).is_ok_and(|text| text.trim() == value)
        };
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        Facts {
            root: geteuid().is_root(),
            none_allowed: setting("user/max_user_namespaces", "0"),
            not_for_users: setting("kernel/unprivileged_userns_clone", "0"),
            apparmor: setting("kernel/apparmor_restrict_unprivileged_userns", "1"),
            filtered: status.lines().any(|line| line.split_whitespace().eq(["Seccomp:", "2"])),
        }
    }

    fn explain(&self, error: &CellError) -> String {
        let remedy = |setting: &str| format!("{error}: `sudo sysctl {setting}` allows it until the next start");
        if self.none_allowed {
            remedy("user.max_user_namespaces=10000")
        } else if self.not_for_users && !self.root {
            remedy("kernel.unprivileged_userns_clone=1")
        } else if self.apparmor && !self.root {
            remedy("kernel.apparmor_restrict_unprivileged_userns=0")
        } else if self.filtered {
            format!(
                "{error}: a seccomp filter is in force here, as in a container; `docker run --privileged`, or less widely \
                 `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`, allows it"
            )
        } else {
            error.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::errno::Errno;

    fn explained(facts: Facts) -> String {
        let step = "make the cell's namespaces (clone)".into();
        facts.explain(&CellError::Step { step, errno: Errno::EPERM })
    }

    #[test]
    fn the_setting_that_is_in_the_way_is_named() {
        let debian = explained(Facts { not_for_users: true, ..Facts::default() });
        assert_eq!(
            debian,
            "cannot make the cell's namespaces (clone): EPERM: Operation not permitted: \
             `sudo sysctl kernel.unprivileged_userns_clone=1` allows it until the next start"
        );
        let ubuntu = explained(Facts { apparmor: true, filtered: true, ..Facts::default() });
        assert!(ubuntu.contains("kernel.apparmor_restrict_unprivileged_userns=0"), "{ubuntu}");
        assert!(explained(Facts { none_allowed: true, ..Facts::default() }).contains("user.max_user_namespaces"));
    }

    #[test]
    fn what_is_for_users_does_not_concern_root() {
        let root =
            explained(Facts { root: true, not_for_users: true, apparmor: true, filtered: true, none_allowed: false });
        assert!(root.contains("seccomp"), "{root}");
    }

    #[test]
    fn without_a_known_reason_the_step_speaks_for_itself() {
        assert!(explained(Facts::default()).ends_with("EPERM: Operation not permitted"));
    }
}
