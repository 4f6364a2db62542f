//! A look at the student's processes, as plain data.

use std::time::{Duration, Instant};

use super::call::Call;

/// All processes below one, at about one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub processes: Vec<Process>,
    /// Before the first of them was looked at.
    pub taken: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub pid: i32,
    pub parent: i32,
    /// The process that began its session: every program that is started in a cell does.
    pub session: i32,
    /// As in `ps`: R, S, D, T, … A main thread that has ended while others go on does not make it Z.
    pub state: char,
    pub name: String,
    /// Since boot, in ticks: tells a process from a later one with its number.
    pub started: u64,
    pub image: Image,
    /// None for a zombie.
    pub threads: Vec<Thread>,
    /// It catches SIGALRM, or a thread blocks it (to wait for it in another way).
    pub catches_alarm: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub tid: i32,
    pub state: char,
    pub started: u64,
    /// How many times it was given a processor.
    pub slices: u64,
    /// How long it waited for one, all in all; brought up to date whenever it gets one.
    pub run_delay: Duration,
    pub processor: Duration,
    pub call: Call,
    /// The kernel does not let us see enough of it to say that it is stuck.
    pub opaque: bool,
}

/// Where a program's code and stack were put when it was executed: a forked process has those of its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    pub start_code: u64,
    pub end_code: u64,
    pub start_stack: u64,
}

impl Image {
    /// The kernel shows zeros (or ones) of a process whose insides we may not see, and of one that has ended.
    pub fn is_known(&self) -> bool {
        self.start_stack > 1
    }
}

impl Thread {
    /// It has, or waits for, a processor; or the kernel keeps it waiting for something of its own. A parent in vfork(2) is
    /// kept by its child, and that one by whatever it likes.
    pub fn is_kept(&self) -> bool {
        let lends = self.opaque || matches!(self.call.name, "vfork" | "clone" | "clone3");
        self.state == 'R' || self.state == 'D' && !lends
    }
}

impl Process {
    pub fn is_zombie(&self) -> bool {
        self.state == 'Z'
    }
}

impl Snapshot {
    /// A thread has, or waits for, a processor.
    pub fn runnable(&self) -> bool {
        self.threads().any(|(_, thread)| thread.state == 'R')
    }

    pub fn zombies(&self) -> usize {
        self.processes.iter().filter(|process| process.is_zombie()).count()
    }

    /// Processor time of all that are there now.
    pub fn processor(&self) -> Duration {
        self.threads().map(|(_, thread)| thread.processor).sum()
    }

    pub fn process(&self, pid: i32) -> Option<&Process> {
        self.processes.iter().find(|process| process.pid == pid)
    }

    pub fn threads(&self) -> impl Iterator<Item = (&Process, &Thread)> {
        self.processes.iter().flat_map(|process| process.threads.iter().map(move |thread| (process, thread)))
    }
}
