//! Machines that do not let the grader make namespaces: its report says so, and nobody loses a point for it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::{built, cache, is_root, top};
use serde_json::Value;
use tempfile::TempDir;

/// The capabilities that Docker leaves to root; CAP_SYS_PTRACE is not among them.
const DOCKERS: &str = "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,\
     +sys_chroot,+mknod,+audit_write,+setfcap";

/// The grader and some submissions, where an ordinary user can reach them.
struct Machine {
    folder: TempDir,
    cache: PathBuf,
}

impl Machine {
    fn new() -> Machine {
        let folder = TempDir::new().expect("a folder");
        open(folder.path(), 0o755);
        fs::create_dir(folder.path().join("cache")).expect("a folder");
        open(&folder.path().join("cache"), 0o777);
        for (from, name) in [(built(), "grader"), (env!("CARGO_BIN_EXE_as-in-docker").into(), "as-in-docker")] {
            fs::copy(from, folder.path().join(name)).expect("it is copied");
        }
        let cache = folder.path().join("cache");
        Machine { folder, cache }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A folder of scripts needs no compiler, which an ordinary user may not reach.
    fn submission(&self, name: &str) -> PathBuf {
        let to = self.path(name);
        let copied = Command::new("cp").arg("-r").arg(top().join("tests/submissions").join(name)).arg(&to).status();
        assert!(copied.is_ok_and(|status| status.success()), "{name}");
        to
    }

    fn grade(&self, become_first: &[&str], submission: &Path, args: &[&str]) -> (Option<i32>, Value) {
        let mut words: Vec<&std::ffi::OsStr> = become_first.iter().map(|word| word.as_ref()).collect();
        let (docker, grader) = (self.path("as-in-docker"), self.path("grader"));
        words.extend([docker.as_os_str(), grader.as_os_str(), "grade".as_ref(), submission.as_os_str()]);
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(["--json", "-"]).args(args).current_dir("/");
        command.env("GRADER_CACHE", &self.cache).env("TMPDIR", "/tmp");
        let output = command.output().expect("it runs");
        let report = serde_json::from_slice(&output.stdout);
        let report = report.unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned()));
        (output.status.code(), report)
    }
}

fn open(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode is set");
}

/// Nothing lost, and what could not be checked is said to be that.
fn loses_nothing(graded: (Option<i32>, Value), level: &str) {
    let (status, report) = graded;
    assert_eq!(status, Some(0), "{report:#}");
    assert_eq!(report["level"], level);
    let why = report["level_why"].as_str().expect("it says why the level is no better");
    assert!(why.contains("EPERM") && why.contains("docker run --privileged"), "{why}");
    let points = &report["points"];
    assert_eq!(points["lost"], 0, "{points}");
    assert!(points["unavailable"].as_u64() > Some(0), "{points}");
}

#[test]
fn root_in_a_container_grades_at_level_uid_and_takes_no_point() {
    if !is_root() {
        eprintln!("only root can be tested as root");
        return;
    }
    let machine = Machine::new();
    fs::create_dir(machine.path("right")).expect("a folder");
    let docker = ["setpriv", "--bounding-set", DOCKERS, "--"];
    for name in ["right/script-client", "right/script-server"] {
        let submission = machine.submission(name);
        loses_nothing(machine.grade(&docker, &submission, &[]), "uid");
    }
    // With a compiler that lies in root's home, where no student's user may look.
    let machine = Machine { cache: cache(), ..machine };
    loses_nothing(machine.grade(&docker, &top().join("reference"), &[]), "uid");
}

#[test]
fn an_ordinary_user_without_namespaces_grades_at_level_same_uid_and_takes_no_point() {
    let machine = Machine::new();
    fs::create_dir(machine.path("right")).expect("a folder");
    let ordinary = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
    let become_first = if is_root() { &ordinary[..] } else { &["env"][..] };
    for name in ["right/script-client", "right/script-server"] {
        let submission = machine.submission(name);
        loses_nothing(machine.grade(become_first, &submission, &[]), "same-uid");
    }
}

#[test]
fn an_ordinary_user_without_namespaces_plays_programs_with_each_other() {
    let machine = Machine::new();
    fs::create_dir(machine.path("right")).expect("a folder");
    let ordinary = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
    let become_first = if is_root() { &ordinary[..] } else { &["env"][..] };
    let mut command = Command::new(become_first[0]);
    command.args(&become_first[1..]).args([machine.path("as-in-docker"), machine.path("grader")]);
    command.args(["interop", "--lab", "01-client"]);
    command.args(["script-client", "script-server"].map(|name| machine.submission(&format!("right/{name}"))));
    let output = command.current_dir("/").env("GRADER_CACHE", &machine.cache).output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("every `client` gets along with every `server`"), "{text}");
    assert!(text.contains("\nlevel same-uid, "), "{text}");
    assert_eq!(output.status.code(), Some(0), "{text}");
}

#[test]
fn a_level_that_is_required_and_not_there_fails_closed() {
    let machine = Machine::new();
    fs::create_dir(machine.path("right")).expect("a folder");
    let submission = machine.submission("right/script-server");
    let (status, said) = machine.grade(&["env"], &submission, &["--require-level", "cell"]);
    assert_eq!(status, Some(70));
    let said = said.as_str().unwrap_or_default();
    assert!(said.contains("error: nothing is graded: level `cell` is asked for"), "{said}");
    assert!(said.contains("docker run --privileged"), "{said}");
}

#[test]
fn the_machines_own_devices_stay_the_machines() {
    // A build has no stdin but /dev/null, and at `uid` a user of its own whom it could be given to.
    let owner = || fs::metadata("/dev/null").map(|null| (null.uid(), null.mode())).expect("it is there");
    let before = owner();
    let submission = TempDir::new().expect("a folder");
    fs::write(submission.path().join("Makefile"), "server:\n\tcp /bin/true $@\n").expect("it is written");
    for level in conformance::levels() {
        let mut grade = conformance::grader();
        grade.arg("grade").arg(submission.path()).args(["--lab", "02-server", "--step", "listens", "--level", level]);
        grade.env("GRADER_CACHE", submission.path().join("cache")).assert().code(1);
    }
    assert_eq!(owner(), before);
}
