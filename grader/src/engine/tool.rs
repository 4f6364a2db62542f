//! A real program of the machine, beside the student's in its cell: its process, what it writes, and what it holds up.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::inbox::Inbox;
use super::sleep::is_deserted;
use super::stage::Stage;
use super::student::{drain, nonblocking};
use crate::cell::{Child, PATH, Status};
use crate::probe::{Endings, FairClock, Snapshot};

pub struct Tool {
    /// The actor's name.
    pub who: String,
    child: Child,
    stdout_pipe: Option<File>,
    stderr_pipe: Option<File>,
    pub stdout: Inbox,
    pub stderr: Inbox,
    /// Hears how its connections end, where the kernel tells.
    pub endings: Option<Endings>,
    /// Connections that the student's side had been the first to end before it began.
    pub before: HashSet<(SocketAddr, SocketAddr)>,
}

/// The program as a cell can execute it: where all programs in one look, and nowhere else.
pub fn find(name: &str) -> Option<PathBuf> {
    let is_program =
        |path: &PathBuf| fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0);
    PATH.split(':').map(|folder| Path::new(folder).join(name)).find(is_program)
}

impl Tool {
    pub fn started(
        who: String,
        mut child: Child,
        endings: Option<Endings>,
        before: HashSet<(SocketAddr, SocketAddr)>,
    ) -> io::Result<Tool> {
        let stdout_pipe = child.stdout.take().map(nonblocking).transpose()?;
        let stderr_pipe = child.stderr.take().map(nonblocking).transpose()?;
        let (stdout, stderr) = (Inbox::default(), Inbox::default());
        Ok(Tool { who, child, stdout_pipe, stderr_pipe, stdout, stderr, endings, before })
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<Status> {
        self.child.status()
    }

    /// Everything that is started in a cell begins a session, and is named by its own number.
    pub fn session(&self) -> i32 {
        self.child.pid
    }

    pub fn interests(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        [&self.stdout_pipe, &self.stderr_pipe].into_iter().flatten().map(|pipe| pipe.as_fd())
    }

    pub fn pump(&mut self, scratch: &mut [u8]) -> bool {
        let output = drain(&mut self.stdout_pipe, &mut self.stdout, scratch);
        let diagnostics = drain(&mut self.stderr_pipe, &mut self.stderr, scratch);
        output || diagnostics
    }
}

impl Stage<'_> {
    pub fn tool_runs(&self) -> bool {
        self.tools.iter().any(|tool| tool.status().is_none())
    }

    /// A tool is no more, and its status is on the way: nothing is over before it is here.
    pub fn tool_ends(&self, all: &Snapshot) -> bool {
        let lives =
            |tool: &Tool| all.processes.iter().any(|process| process.pid == tool.session() && !process.is_zombie());
        self.tools.iter().any(|tool| tool.status().is_none() && !lives(tool))
    }

    pub fn students_part<'s>(&self, all: &'s Snapshot) -> Cow<'s, Snapshot> {
        if self.tools.is_empty() {
            return Cow::Borrowed(all);
        }
        let mut students = all.clone();
        students.processes.retain(|process| !self.is_tools(process));
        Cow::Owned(students)
    }

    /// How much longer, since the last look, a tool has stood in line for a processor: time that the student has waited for
    /// it, and is not to blame for. What a tool does when it runs is part of the exchange.
    pub fn held_up_by_tools(&self, clock: &mut Option<(FairClock, Duration)>, all: &Snapshot) -> Duration {
        if !self.tool_runs() {
            return Duration::ZERO;
        }
        let mut tools = all.clone();
        tools.processes.retain(|process| self.is_tools(process));
        held_up(clock, &tools)
    }
}

/// How much longer these have stood in line for a processor than was known; `clock` is theirs, with what was known.
pub fn held_up(clock: &mut Option<(FairClock, Duration)>, now: &Snapshot) -> Duration {
    if is_deserted(now) {
        return Duration::ZERO;
    }
    let (clock, excused) = clock.get_or_insert_with(|| (FairClock::start(Some(now)), Duration::ZERO));
    clock.update(now);
    let in_line = clock.wall().saturating_sub(clock.elapsed());
    let more = in_line.saturating_sub(*excused);
    *excused += more;
    more
}
