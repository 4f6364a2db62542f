//! Every attack of the table in `grader/SECURITY.md`, as a hostile program, at every level of isolation.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child as Process, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use conformance::{built, is_root, top};
use grader::cell::{Cell, Job, Level, Plan, SpawnError, Status, Stdin, helper_program};
use tempfile::TempDir;

/// Program, attack, what holds: `cell`, `uid`, `same-uid`, `rlimits` in this order; `h` held, `-` not.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("read", "hidden-rubric", "read the hidden rubric, the reference or another submission", "hhh-"),
    ("read", "etc-shadow", "read /etc/shadow", "hhhh"),
    ("read", "graders-environment", "read the environment of the grader", "hhh-"),
    ("read", "graders-memory", "open the memory of the grader", "hhh-"),
    ("read", "graders-descriptors", "see what files the grader has open", "hhh-"),
    ("read", "inherited-descriptors", "use a descriptor that the grader has leaked", "hhhh"),
    ("read", "environment", "find a secret in its own environment", "hhhh"),
    ("write", "system-folders", "write to the folders of the system", "hhhh"),
    ("write", "temporary-folders", "leave something in /var/tmp or /run", "hhh-"),
    ("write", "own-program", "exchange its own program", "hhh-"),
    ("write", "sysctls", "change a setting of the kernel", "hhhh"),
    ("write", "results", "change a file of the grader", "hhh-"),
    ("reach", "ptrace", "trace the grader", "hhhh"),
    ("reach", "process-memory", "read the memory of the grader by process_vm_readv", "hhhh"),
    ("reach", "pidfd-getfd", "take a descriptor from the grader", "hhhh"),
    ("reach", "signals", "send a signal to the grader", "hhh-"),
    ("reach", "kill-init", "kill the process that watches it", "hhh-"),
    ("reach", "limit-init", "take descriptors from the process that watches it", "hhhh"),
    ("reach", "host-service", "connect to a server on the machine, or another student's", "h---"),
    ("reach", "internet", "find a way to the Internet", "h---"),
    ("reach", "unix-socket", "connect to an AF_UNIX socket, such as docker.sock or D-Bus", "hhh-"),
    ("reach", "abstract-socket", "connect to an abstract AF_UNIX socket", "hhh-"),
    ("reach", "vsock", "make a vsock", "hhhh"),
    ("reach", "raw-sockets", "make a raw socket", "hhhh"),
    ("reach", "list-of-sockets", "list the sockets of everybody", "hhhh"),
    ("exhaust", "threads", "make 5000 threads", "hhhh"),
    ("exhaust", "processes", "make 5000 processes", "hhhh"),
    ("exhaust", "memory", "use 4 GiB of memory", "hhhh"),
    ("exhaust", "shared-memory", "use 4 GiB of shared memory", "hhhh"),
    ("exhaust", "memory-files", "use memory that is a file", "hhhh"),
    ("exhaust", "memory-of-many", "use 3 GiB of memory in twelve processes", "hhhh"),
    ("exhaust", "disk", "write 256 MiB to its folder", "h---"),
    ("exhaust", "sparse-file", "make a file that claims to have a terabyte", "hhhh"),
    ("exhaust", "inodes", "make 20 000 files", "h---"),
    ("exhaust", "descriptors", "open 100 000 descriptors", "hhhh"),
    ("exhaust", "ports", "use up the ports of the machine", "h---"),
    ("exhaust", "core-dump", "leave a core dump", "hhhh"),
    ("break_out", "user-namespace", "make a user namespace by unshare", "hhhh"),
    ("break_out", "clone-namespace", "make a user namespace by clone", "hhhh"),
    ("break_out", "mounts", "mount a file system", "hhhh"),
    ("break_out", "change-root", "change its root", "hhhh"),
    ("break_out", "keys", "use the kernel's key rings", "hhhh"),
    ("break_out", "bpf", "load a BPF program", "hhhh"),
    ("break_out", "io-uring", "make an io_uring", "hhhh"),
    ("break_out", "become-root", "become root", "hhhh"),
    ("break_out", "set-user-id", "become root by a set-user-id program", "hhhh"),
    ("break_out", "terminal-input", "type into the grader's terminal", "hhhh"),
    ("break_out", "x32", "make a system call under its x32 number", "hhhh"),
    ("break_out", "int-0x80", "make a system call by int 0x80", "hhhh"),
    ("break_out", "devices", "open a disk", "hhhh"),
    ("survive", "double-fork", "live on by two forks and setsid", "hhhh"),
    ("survive", "ignored-signals", "live on by ignoring every signal", "hhhh"),
    ("survive", "stopped", "live on by being stopped", "hhhh"),
    ("survive", "zombies", "hide among zombies", "hhhh"),
    ("survive", "busy", "live on by being busy", "hhhh"),
    ("survive", "endless-output", "write to stderr for ever", "hhhh"),
];

/// What the attacks go for.
struct Victims {
    folder: TempDir,
    process: Process,
    host: TcpListener,
    _path: UnixListener,
    _name: UnixListener,
    name: String,
}

impl Victims {
    fn new() -> Victims {
        let folder = TempDir::new().expect("a folder");
        mode(folder.path(), 0o755);
        let secret = folder.path().join("secret");
        fs::write(&secret, "hidden\n").expect("it is written");
        let path = UnixListener::bind(folder.path().join("socket")).expect("a socket");
        mode(&folder.path().join("socket"), 0o777);
        // Another one each time: a child that is just being started may still hold the last one open.
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("grader-attacks-{}-{number}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("a name");
        let process = Command::new("sleep").arg("1000").env("GRADER_SECRET", "1").stdin(Stdio::null()).spawn();
        Victims {
            process: process.expect("it starts"),
            host: TcpListener::bind(("127.0.0.1", 0)).expect("a port"),
            _path: path,
            _name: UnixListener::bind_addr(&address).expect("a socket"),
            name,
            folder,
        }
    }

    fn secret(&self) -> String {
        self.folder.path().join("secret").display().to_string()
    }

    fn arguments(&self, attack: &str) -> Vec<std::ffi::OsString> {
        let port = self.host.local_addr().expect("an address").port();
        let socket = self.folder.path().join("socket").display().to_string();
        let words = [attack.to_owned(), self.secret(), self.process.id().to_string(), port.to_string(), socket];
        words.into_iter().chain([self.name.clone()]).map(Into::into).collect()
    }
}

impl Drop for Victims {
    fn drop(&mut self) {
        // It may have been killed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its mode is set");
}

/// The hostile programs, built.
fn arsenal() -> PathBuf {
    if let Some(folder) = std::env::var_os("ATTACKS") {
        return folder.into();
    }
    let folder = conformance::cache().join("attacks");
    fs::create_dir_all(&folder).expect("a folder");
    let sources = top().join("tests/attacks");
    let mut make = Command::new("make");
    make.args(["-s", "-f"]).arg(sources.join("Makefile")).current_dir(&folder);
    make.arg(format!("VPATH={}", sources.display()));
    assert!(make.status().is_ok_and(|status| status.success()), "the attacks do not build");
    mode(&folder, 0o755);
    folder
}

/// Whether the machine kept the program from what it wanted.
fn holds(level: Level, program: &str, attack: &str, victims: &Victims, arsenal: &Path) -> bool {
    let changed = Arc::new((Mutex::new(()), Condvar::new()));
    let bell = changed.clone();
    let (hosts, folder) = (BTreeMap::new(), arsenal.to_owned());
    let plan =
        Plan { level, hosts, receive_buffer: None, send_buffer: None, files: None, program: folder, build: None };
    // On purpose: a descriptor that every child inherits.
    let leak = File::open("/etc/passwd").expect("there are users");
    let _leak = nix::unistd::dup(&leak).expect("it is copied");
    let cell = Cell::create(&plan, Arc::new(move || bell.1.notify_all())).expect("a cell");
    let job = Job { program: program.into(), args: victims.arguments(attack), env: Vec::new(), stdin: Stdin::Null };
    let mut child = match cell.spawn(&job) {
        Ok(child) => child,
        // It was quicker than the one who was to say that it has started.
        Err(SpawnError::Cell(_)) if attack == "kill-init" => return false,
        Err(error) => panic!("{error:?}"),
    };
    let reader = child.stdout.take().map(|stdout| std::thread::spawn(move || said(stdout.into())));
    let noise = child
        .stderr
        .take()
        .map(|stderr| std::thread::spawn(move || std::io::copy(&mut File::from(stderr), &mut std::io::sink())));
    let begun = Instant::now();
    let mut held = changed.0.lock().expect("nobody panics with it");
    let status = loop {
        if let Some(status) = child.status() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{program} {attack} does not end at {level}");
        held = changed.1.wait_timeout(held, Duration::from_millis(50)).expect("nobody panics with it").0;
    };
    drop(held);
    drop((child, cell));
    let said = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
    drop(noise.map(std::thread::JoinHandle::join));
    let left = left_behind(&victims.secret());
    match (status, said.as_str()) {
        _ if left => false,
        (_, "got it\n") => false,
        (Status::Exited(0), "held\n") => true,
        // Ended for what it used.
        (Status::TooMuchMemory | Status::TooManyProcesses | Status::Signaled(_), "") => true,
        other => panic!("{program} {attack} at {level}: {other:?}"),
    }
}

fn said(mut stream: File) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it can be read");
    text
}

/// Whether any process of the machine has this for its name.
fn left_behind(name: &str) -> bool {
    let entries = fs::read_dir("/proc").expect("there is a procfs").flatten();
    let command = |path: PathBuf| fs::read(path.join("cmdline")).unwrap_or_default();
    entries.map(|entry| command(entry.path())).any(|command| command.starts_with(name.as_bytes()))
}

fn outcomes(levels: &[Level]) -> Vec<String> {
    helper_program(&std::env::var_os("CELL_HELPER").map_or_else(built, PathBuf::from));
    let arsenal = arsenal();
    let mut wrong = Vec::new();
    for (program, attack, _, expected) in TABLE {
        for level in levels {
            let column = Level::ALL.iter().position(|other| other == level).expect("it is one of them");
            let expected = expected.as_bytes()[column] == b'h';
            let held = holds(*level, program, attack, &Victims::new(), &arsenal);
            if held != expected {
                wrong.push(format!("{attack} at {level}: {}", if held { "held" } else { "not held" }));
            }
        }
    }
    wrong
}

#[test]
fn the_table_of_attacks_is_what_happens_to_an_ordinary_user() {
    if is_root() {
        let folder = TempDir::new().expect("a folder");
        mode(folder.path(), 0o755);
        let here = std::env::current_exe().expect("this test has a file");
        for (from, name) in [(here, "test"), (built(), "grader")] {
            fs::copy(from, folder.path().join(name)).expect("it is copied");
        }
        let copied = Command::new("cp").arg("-r").arg(arsenal()).arg(folder.path().join("attacks")).status();
        assert!(copied.is_ok_and(|status| status.success()));
        // As a student's own files are at the lower levels.
        let given = Command::new("chown").args(["-R", "65534:65534"]).arg(folder.path()).status();
        assert!(given.is_ok_and(|status| status.success()));
        let ordinary = ["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
        let name = "attacks::the_table_of_attacks_is_what_happens_to_an_ordinary_user";
        let mut run = Command::new("setpriv");
        run.args(ordinary).arg(folder.path().join("test")).args(["--exact", name, "--nocapture"]).current_dir("/");
        run.env("CELL_HELPER", folder.path().join("grader")).env("ATTACKS", folder.path().join("attacks"));
        let output = run.env("TMPDIR", "/tmp").output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    assert_eq!(outcomes(&[Level::Cell, Level::SameUid, Level::Rlimits]), Vec::<String>::new());
}

#[test]
fn the_table_of_attacks_is_what_happens_to_root() {
    if is_root() {
        assert_eq!(outcomes(&[Level::Cell, Level::Uid]), Vec::<String>::new());
    }
}

/// The documentation has the same table; `UPDATE=1` writes it there.
#[test]
fn the_table_of_attacks_is_the_published_one() {
    let file = top().join("grader/SECURITY.md");
    let text = fs::read_to_string(&file).expect("there is such a file");
    let mut table =
        String::from("| a program tries to … | cell | uid | same-uid | rlimits |\n| --- | --- | --- | --- | --- |\n");
    for (_, _, what, levels) in TABLE {
        let cells: Vec<&str> = levels.chars().map(|mark| if mark == 'h' { "held" } else { "**not held**" }).collect();
        table.push_str(&format!("| {what} | {} |\n", cells.join(" | ")));
    }
    if std::env::var_os("UPDATE").is_some() {
        let (before, rest) = text.split_once("| a program tries").expect("there is a table");
        let after = rest.split_once("\n\n").map_or("", |(_, after)| after);
        let mut file = File::create(&file).expect("it can be written");
        write!(file, "{before}{table}\n{after}").expect("it is written");
        return;
    }
    assert!(text.contains(&table), "run this test with UPDATE=1");
}
