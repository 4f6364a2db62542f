//! Everything that one playing of a step has in hand.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags};

use super::actor::Actor;
use super::bell::Bell;
use super::capture::Recorder;
use super::fill::Facts;
use super::lay::Files;
use super::partner::Partner;
use super::play::{Beside, Program};
use super::port::{PortLease, draw};
use super::student::Student;
use super::tool::Tool;
use super::trace::{Direction, Entry, Trace};
use super::verdict::{Ended, Failure};
use crate::cell::{Cell, Level, Plan, Sight};
use crate::engine::Miss;
use crate::probe::{Proc, Process, Snapshot, SockDiag};
use crate::rubric::{Place, Role, Step};

/// Why a step's exchange ended before its last line.
#[derive(Debug)]
pub enum Stop {
    Failed(Box<Failure>),
    /// The grader's own trouble.
    Fault(String),
    /// This machine lacks something that the step needs.
    Unavailable(String),
    /// Another program, by which nobody is graded, did not do its part: the sentence says how.
    Partner(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Fault(error.to_string())
    }
}

impl From<crate::cell::CellError> for Stop {
    fn from(error: crate::cell::CellError) -> Stop {
        Stop::Fault(error.to_string())
    }
}

pub struct Stage<'a> {
    pub step: &'a Step,
    pub program: &'a Program,
    pub level: Level,
    pub student: Student,
    pub actors: Vec<Actor>,
    /// Those that run, and those that ran.
    pub tools: Vec<Tool>,
    /// Other programs, in cells of their own.
    pub partners: Vec<Partner>,
    /// One of them is just being started.
    pub starts_partner: bool,
    pub relay_trouble: Option<String>,
    pub facts: Facts,
    pub random: fastrand::Rng,
    /// The port the student is to listen on.
    pub port: u16,
    /// Those that were chosen in the cell.
    ports: Vec<u16>,
    /// Of those that were chosen where they are the machine's.
    leases: Vec<PortLease>,
    pub trace: Trace,
    pub began: Instant,
    /// The rubric's line that is being played.
    pub place: Place,
    /// Descriptors, virtual bytes, processes and threads, when the exchange said `remember`.
    pub remembered_descriptors: Option<u64>,
    pub remembered_memory: Option<u64>,
    pub remembered_children: Option<u64>,
    pub remembered_threads: Option<u64>,
    /// Processes that have outlived the program they belonged to, which was killed and started again.
    pub former: HashSet<i32>,
    /// The inode of the student's own listener, once it was seen in its hands.
    pub known_listener: Option<u64>,
    /// Every connection the grader's actors ever had: (their end, the student's end).
    pub ours: HashSet<(SocketAddr, SocketAddr)>,
    /// By when the line that is played next has to be done, or the pause before it was longer than it may be.
    pub due: Option<Instant>,
    /// There was such a pause: what the program does after it is not to be held against it.
    pub late: bool,
    /// Fair time that waits have used up.
    pub spent: Duration,
    pub sock_diag: SockDiag,
    pub recorder: Recorder,
    bell: Bell,
    pub scratch: Vec<u8>,
    /// So that this thread, which plays the step, sees what the program does.
    _sight: Sight,
    // After them, so that the actors' sockets are closed before the cell ends.
    pub cell: Cell,
    /// What the student's program finds; removed when the cell has ended.
    _files: Option<Files>,
}

impl<'a> Stage<'a> {
    pub fn set(step: &'a Step, program: &'a Program, level: Level, seed: u64, record: bool) -> Result<Stage<'a>, Stop> {
        let bell = Bell::new().map_err(io::Error::from)?;
        let (mut facts, mut random) = (Facts::default(), fastrand::Rng::with_seed(seed));
        let files = Files::lay(&step.files, &mut facts, &mut random)?;
        let plan = Plan {
            level,
            hosts: step.hosts.clone(),
            receive_buffer: step.receive_buffer,
            send_buffer: step.send_buffer,
            program: program.folder.clone(),
            files: files.as_ref().map(Files::folder),
            build: None,
        };
        // Before this thread sees as the student does.
        let mut partners = Vec::new();
        for (place, actor) in step.actors.iter().enumerate() {
            let Role::Program(name) = &actor.role else { continue };
            let Some(Beside::Built(folder)) = program.beside.get(name) else {
                return Err(Stop::Fault(format!("`{name}` was not built")));
            };
            let given = (&mut facts, &mut random);
            partners.push(Partner::set(step, (place, actor, name), folder, level, given, &bell)?);
        }
        let ring = bell.clone();
        let cell = Cell::create(&plan, Arc::new(move || ring.ring()))?;
        let sock_diag = SockDiag::over(cell.sock_diag())?;
        let mut stage = Stage {
            step,
            program,
            level,
            student: Student::default(),
            actors: step.actors.iter().map(Actor::new).collect(),
            tools: Vec::new(),
            partners,
            starts_partner: false,
            relay_trouble: None,
            facts,
            random,
            port: 0,
            ports: Vec::new(),
            leases: Vec::new(),
            trace: Trace::default(),
            began: Instant::now(),
            place: step.place,
            remembered_descriptors: None,
            remembered_memory: None,
            remembered_children: None,
            remembered_threads: None,
            former: HashSet::new(),
            known_listener: None,
            ours: HashSet::new(),
            due: None,
            late: false,
            spent: Duration::ZERO,
            sock_diag,
            recorder: Recorder::begin(record, &cell),
            bell,
            scratch: vec![0; 64 << 10],
            _sight: cell.sight(),
            cell,
            _files: files,
        };
        stage.port = stage.free_port()?;
        stage.facts.set("port", stage.port);
        if let Some(files) = stage.cell.files().map(|files| files.display().to_string()) {
            stage.facts.set("files", files);
        }
        Ok(stage)
    }

    /// In a cell every port is free, so the seed chooses; on a shared network the kernel is asked.
    pub fn free_port(&mut self) -> Result<u16, Stop> {
        match self.level {
            Level::Cell => {
                let port = draw(&mut self.random, &self.ports);
                self.ports.push(port);
                Ok(port)
            }
            _ => {
                let lease = PortLease::take();
                let lease = lease.ok_or_else(|| Stop::Fault("no free port on this machine".to_owned()))?;
                let port = lease.port;
                self.leases.push(lease);
                Ok(port)
            }
        }
    }

    /// Where the kernel shows the student's processes.
    pub fn proc(&self) -> Proc<'_> {
        let (folder, init) = self.cell.proc();
        Proc::new(folder, init)
    }

    /// The student's processes.
    pub fn look(&self) -> io::Result<Snapshot> {
        let mut look = self.look_at_all()?;
        look.processes.retain(|process| !self.is_tools(process));
        Ok(look)
    }

    /// Those of tools too.
    pub fn look_at_all(&self) -> io::Result<Snapshot> {
        self.proc().look()
    }

    /// Whether a tool has started the process, directly or not: nobody enters another's session.
    pub fn is_tools(&self, process: &Process) -> bool {
        self.tools.iter().any(|tool| tool.session() == process.session)
    }

    /// Moves every byte that can be moved without waiting; gives back whether anything changed.
    pub fn pump(&mut self) -> bool {
        let scratch = &mut self.scratch;
        let mut moved = self.student.pump(scratch);
        for tool in &mut self.tools {
            moved |= tool.pump(scratch);
        }
        for connection in self.actors.iter_mut().flat_map(|actor| actor.seats.iter_mut().flatten()) {
            moved |= connection.pump(scratch);
        }
        moved |= self.relay();
        self.recorder.make_room();
        moved
    }

    /// Sleeps until a descriptor has something for us, the bell rings, or `tick` is over.
    pub fn rest(&self, tick: Duration) -> io::Result<()> {
        let flags = |read: bool, write: bool| {
            let mut flags = PollFlags::empty();
            flags.set(PollFlags::POLLIN, read);
            flags.set(PollFlags::POLLOUT, write);
            flags
        };
        let mut waiting = vec![PollFd::new(self.bell.as_fd(), PollFlags::POLLIN)];
        for actor in &self.actors {
            for (descriptor, read, write) in actor.open_connections().filter_map(|connection| connection.interest()) {
                waiting.push(PollFd::new(descriptor, flags(read, write)));
            }
            // An `accept` line that is being played wants to know; at other times a connection may wait.
            if let Some(listener) = actor.listener.as_ref().filter(|_| actor.accepting) {
                waiting.push(PollFd::new(listener.as_fd(), PollFlags::POLLIN));
            }
        }
        for (descriptor, read, write) in self.student.interests() {
            waiting.push(PollFd::new(descriptor, flags(read, write)));
        }
        for partner in &self.partners {
            for (descriptor, read, write) in partner.interests() {
                waiting.push(PollFd::new(descriptor, flags(read, write)));
            }
            if let Some(listener) = self.actors[partner.actor].listener.as_ref().filter(|_| partner.serves) {
                waiting.push(PollFd::new(listener.as_fd(), PollFlags::POLLIN));
            }
        }
        for descriptor in self.tools.iter().flat_map(Tool::interests) {
            waiting.push(PollFd::new(descriptor, PollFlags::POLLIN));
        }
        let tick = nix::sys::time::TimeSpec::from_duration(tick);
        match nix::poll::ppoll(&mut waiting, Some(tick), None) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => self.bell.quiet(),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    pub fn note(&mut self, actor: &str, direction: Direction, text: impl Into<String>) {
        self.trace.0.push(Entry {
            at: self.began.elapsed(),
            actor: actor.to_owned(),
            direction,
            text: text.into(),
            place: self.place,
            wrong: false,
        });
    }

    /// The line that is being played was not met.
    pub fn failed(&mut self, miss: Miss, ended: Ended, observed: Vec<String>) -> Stop {
        let stderr = self.student.stderr.all();
        let stderr = String::from_utf8_lossy(&stderr[stderr.len().saturating_sub(4096)..]).into_owned();
        Stop::Failed(Box::new(Failure { miss, place: self.place, ended, observed, stderr }))
    }
}
