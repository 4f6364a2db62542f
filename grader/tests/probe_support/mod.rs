//! Starts the programs of `subject.c` and waits for what is to be seen of them.
#![allow(dead_code, reason = "each test file uses a part")]

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use grader::probe::{Proc, Snapshot, Stillness};

/// Long enough for any machine; only a test that fails waits so long.
pub const LONG: Duration = Duration::from_secs(20);

pub fn subject() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/probe_support/subject.c");
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("probe-subject");
        // Several test programs may do this at once: the finished file takes its place in one step.
        let own = program.with_extension(std::process::id().to_string());
        let status = Command::new("cc").args(["-O1", "-pthread", "-o"]).arg(&own).arg(source).status();
        assert!(status.expect("a C compiler").success());
        std::fs::rename(&own, &program).expect("a place for the program");
        program
    })
}

pub fn procfs() -> &'static File {
    static PROCFS: OnceLock<File> = OnceLock::new();
    PROCFS.get_or_init(|| File::open("/proc").expect("a procfs"))
}

/// A shell, below which the program runs: the root of what the probe looks at.
pub struct Running {
    shell: Child,
    pub port: u16,
    /// Keeps the program's stdin open, and silent.
    _stdin: Option<ChildStdin>,
}

impl Running {
    pub fn start(words: &[&str]) -> Running {
        Running::start_below(&[], words)
    }

    /// `wrapper` runs what follows it.
    pub fn start_below(wrapper: &[&str], words: &[&str]) -> Running {
        let mut shell = Command::new("sh");
        shell.args(["-c", "exec 3<&0; \"$@\" <&3 3<&- & wait", "sh"]);
        shell.args(wrapper).arg(subject()).args(words);
        let mut shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let mut line = String::new();
        BufReader::new(shell.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        let stdin = shell.stdin.take();
        Running { port: port.unwrap_or_else(|| panic!("{words:?} said {line:?}")), shell, _stdin: stdin }
    }

    pub fn root(&self) -> i32 {
        self.shell.id() as i32
    }

    pub fn proc(&self) -> Proc<'static> {
        Proc::new(procfs().as_fd(), self.root())
    }

    pub fn look(&self) -> Snapshot {
        self.proc().look().expect("a look")
    }

    pub fn stillness(&self) -> Stillness {
        let before = self.look();
        self.proc().stillness(&before, &self.look()).expect("an answer")
    }

    /// To one of the program's processes.
    pub fn signal(&self, pid: i32, signal: i32) {
        // SAFETY: plain numbers; the process is a descendant of our own child.
        unsafe { libc::kill(pid, signal) };
    }

    pub fn wait_until(&self, what: impl Fn(&Stillness) -> bool) -> Stillness {
        let start = Instant::now();
        loop {
            let stillness = self.stillness();
            if what(&stillness) {
                return stillness;
            }
            assert!(start.elapsed() < LONG, "waited in vain, and see at last {stillness:?}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The shell last: its end would hide the others from us.
        for process in self.look().processes {
            self.signal(process.pid, libc::SIGKILL);
        }
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Asks until there is an answer.
pub fn wait_for<T>(mut answer: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < LONG, "waited in vain");
        std::thread::yield_now();
    }
}
