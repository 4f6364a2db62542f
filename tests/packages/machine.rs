//! A machine of a platform's: a root of its own with this system's programs in it, a network that reaches nobody, and the
//! user and the capabilities that the platform gives. What is not played is the platform's own image: programs and compilers
//! are those of the machine that runs the tests.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use conformance::is_root;
use tempfile::TempDir;

use super::enter::{ENTER, enter, toolchain};

const FOLDERS: [&str; 12] = [
    "before",
    "dev",
    "etc/alternatives",
    "etc/ssl",
    "etc/ca-certificates",
    "proc",
    "root",
    "run",
    "tmp",
    "var/tmp",
    "var/cache",
    "opt",
];

/// The capabilities that Docker leaves to root; CAP_SYS_PTRACE is not among them.
const DOCKERS: &str = "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,\
     +sys_chroot,+mknod,+audit_write,+setfcap";

/// Who runs a command there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Root in a container as Docker makes them.
    DockerRoot,
    /// An ordinary user in one.
    DockerUser,
    /// An ordinary user of a virtual machine.
    User,
}

pub struct Machine {
    root: TempDir,
    who: Who,
    /// Whether there are compilers in it.
    pub tools: bool,
}

const USER: u32 = 1000;

impl Machine {
    /// Nothing, and words on stderr, where this machine has no namespaces to play another one in.
    pub fn new(who: Who) -> Option<Machine> {
        let possible = enter().arg("true").stderr(Stdio::null()).status();
        if !possible.is_ok_and(|status| status.success()) {
            eprintln!("NOT TESTED: this machine gives no namespaces, so no platform can be played on it");
            return None;
        }
        let root = TempDir::new().expect("a folder");
        mode(root.path(), 0o755);
        let machine = Machine { root, who, tools: true };
        FOLDERS.iter().for_each(|folder| machine.folder(folder));
        for name in ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            match fs::read_link(Path::new("/").join(name)) {
                Ok(target) => symlink(target, machine.path(name)).expect("a link"),
                Err(_) => machine.folder(name),
            }
        }
        for name in ["tmp", "var/tmp"] {
            mode(&machine.path(name), 0o1777);
        }
        machine.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n");
        machine.write("etc/group", "root:x:0:\nuser:x:1000:\n");
        machine.write("etc/hosts", "127.0.0.1 localhost\n");
        for name in ["ld.so.cache", "ld.so.conf"] {
            let _where_there_is_one = fs::copy(Path::new("/etc").join(name), machine.path("etc").join(name));
        }
        for name in ["local/rustup/here", "local/cargo/bin", "local/bin"] {
            machine.folder(name);
        }
        for name in ["cargo", "rustc"] {
            symlink(format!("/usr/local/rustup/here/bin/{name}"), machine.path("local/cargo/bin").join(name))
                .expect("a link");
        }
        fs::copy(env!("CARGO_BIN_EXE_as-in-docker"), machine.path("opt/as-in-docker")).expect("it is copied");
        Some(machine)
    }

    /// A path in it, as this machine sees it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path.trim_start_matches('/'))
    }

    /// Makes a folder, and empties it. It belongs to the user that commands run as.
    pub fn folder(&self, path: &str) {
        let path = self.path(path);
        let _former = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        mode(&path, 0o755);
        self.give(&path);
    }

    pub fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("it is written");
        self.give(&self.path(path));
    }

    /// Copies what is in a folder of this machine into one that is made.
    pub fn copy(&self, from: &Path, to: &str) {
        self.folder(to);
        self.add(from, to);
    }

    /// Puts the files of a folder of this machine beside those that are there.
    pub fn add(&self, from: &Path, to: &str) {
        let copied = Command::new("cp").arg("-r").arg(from.join(".")).arg(self.path(to)).status();
        assert!(copied.is_ok_and(|status| status.success()), "{}", from.display());
        self.give(&self.path(to));
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// To the user that commands run as.
    pub fn give(&self, path: &Path) {
        if is_root() && self.who != Who::DockerRoot {
            let given = Command::new("chown").arg("-R").arg(format!("{USER}:{USER}")).arg(path).status();
            assert!(given.is_ok_and(|status| status.success()), "{}", path.display());
        }
    }

    /// Runs a command in a folder of it, with this environment and no other.
    pub fn run(&self, folder: &str, env: &[(&str, &str)], command: &[&str]) -> Output {
        let mut enter = enter();
        enter.args(["sh", "-c", ENTER, "sh"]).arg(self.root.path());
        enter.arg(if self.tools { toolchain() } else { PathBuf::new() });
        enter.args(["env", "--ignore-environment", "--chdir", folder]);
        enter.args(["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
        enter.args(env.iter().map(|(name, value)| format!("{name}={value}")));
        match self.who {
            // Who is no root here cannot play other users: it is the one user of its namespace.
            _ if !is_root() => {}
            Who::DockerRoot => drop(enter.args(["setpriv", "--bounding-set", DOCKERS, "--"])),
            Who::DockerUser | Who::User => {
                let user = USER.to_string();
                enter.args(["setpriv", "--reuid", &user, "--regid", &user, "--clear-groups", "--"]);
            }
        }
        if self.who != Who::User {
            enter.arg("/opt/as-in-docker");
        }
        enter.args(command).stdin(Stdio::null()).output().expect("it starts")
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("its mode is set");
}
