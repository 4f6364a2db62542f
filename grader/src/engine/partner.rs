//! Another program of a submission, in a cell of its own: its process, its port, and what is on its way to it.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use super::bell::Bell;
use super::connection::Connection;
use super::death::ended_with;
use super::escape::quote;
use super::fill::Facts;
use super::in_flight::{Ours, is_arriving};
use super::inbox::Inbox;
use super::lane::Lane;
use super::lay::Files;
use super::miss::Miss;
use super::stage::{Stage, Stop};
use super::student::{drain, nonblocking};
use crate::cell::{Cell, Child, Job, Level, Plan, SpawnError, Stdin};
use crate::probe::{Proc, Snapshot, SockDiag, Socket, State, Stillness};
use crate::rubric::{Actor, Step};

/// Of what it said last: it stands in a sentence.
const SAID: usize = 80;

pub struct Partner {
    /// The actor's place among the stage's.
    pub actor: usize,
    /// Its file name.
    pub program: String,
    child: Option<Child>,
    stdout_pipe: Option<File>,
    stderr_pipe: Option<File>,
    stdout: Inbox,
    stderr: Inbox,
    /// Where it is to listen, in its own network.
    pub port: u16,
    /// It was seen to listen: connections are passed on to it.
    pub serves: bool,
    pub lanes: Vec<Lane>,
    /// Every connection that was ever passed on, as its network has it: (our end, its end).
    pub ours: HashSet<(SocketAddr, SocketAddr)>,
    sock_diag: SockDiag,
    pub cell: Cell,
    _files: Option<Files>,
}

impl Partner {
    /// The cell and what lies in it; `folder` is the program's. Nothing runs yet.
    pub fn set(
        step: &Step,
        (place, actor, program): (usize, &Actor, &str),
        folder: &Path,
        level: Level,
        (facts, random): (&mut Facts, &mut fastrand::Rng),
        bell: &Bell,
    ) -> Result<Partner, Stop> {
        let files = Files::lay(&actor.files, facts, random)?;
        let plan = Plan {
            level,
            hosts: step.hosts.clone(),
            receive_buffer: None,
            send_buffer: None,
            program: folder.to_owned(),
            files: files.as_ref().map(Files::folder),
            build: None,
        };
        let ring = bell.clone();
        let cell = Cell::create(&plan, Arc::new(move || ring.ring()))?;
        let sock_diag = SockDiag::over(cell.sock_diag())?;
        Ok(Partner {
            actor: place,
            program: program.to_owned(),
            child: None,
            stdout_pipe: None,
            stderr_pipe: None,
            stdout: Inbox::default(),
            stderr: Inbox::default(),
            port: 0,
            serves: false,
            lanes: Vec::new(),
            ours: HashSet::new(),
            sock_diag,
            cell,
            _files: files,
        })
    }

    /// Starts it; the sentence is why it cannot be.
    pub fn start(&mut self, arguments: Vec<String>) -> Result<Result<(), String>, Stop> {
        let job = Job {
            program: self.program.clone(),
            args: arguments.into_iter().map(OsString::from).collect(),
            env: Vec::new(),
            stdin: Stdin::Null,
        };
        let mut child = match self.cell.spawn(&job) {
            Ok(child) => child,
            Err(SpawnError::Cell(error)) => return Err(error.into()),
            Err(SpawnError::Program { why }) => return Ok(Err(Miss::NotStarted { why }.to_string())),
        };
        self.stdout_pipe = child.stdout.take().map(nonblocking).transpose()?;
        self.stderr_pipe = child.stderr.take().map(nonblocking).transpose()?;
        self.child = Some(child);
        Ok(Ok(()))
    }

    /// How it ended, if it has, in a sentence of which it is the subject.
    pub fn end(&self) -> Option<String> {
        let status = self.child.as_ref()?.status()?;
        let stderr = String::from_utf8_lossy(self.stderr.all()).into_owned();
        let how = match ended_with(status, &stderr) {
            Miss::Exited { status } => format!("ended with exit status {status}"),
            // The message is what it said last.
            miss @ Miss::Panicked { .. } => return Some(miss.to_string()),
            miss => miss.to_string(),
        };
        let last = stderr.lines().rfind(|line| !line.trim().is_empty());
        Some(match last {
            Some(line) => format!("{how}, and said last: {}", quote(line.trim().as_bytes(), SAID)),
            None => how,
        })
    }

    /// Of what it writes to stderr, the end may still be in the pipe.
    pub fn has_said_all(&self) -> bool {
        !self.stderr.is_open()
    }

    pub fn pump(&mut self, scratch: &mut [u8]) -> bool {
        let output = drain(&mut self.stdout_pipe, &mut self.stdout, scratch);
        // Nobody asks for it, and a program that says much is not to fill our memory.
        self.stdout.take(self.stdout.waiting().len());
        drain(&mut self.stderr_pipe, &mut self.stderr, scratch) || output
    }

    pub fn pipes(&self) -> impl Iterator<Item = &File> {
        [&self.stdout_pipe, &self.stderr_pipe].into_iter().flatten()
    }

    /// `f` sees the insides of its processes, whose user may be another than the student's.
    fn inside<T>(&self, f: impl FnOnce(&Proc) -> io::Result<T>) -> io::Result<T> {
        let _sight = self.cell.sight();
        let (folder, init) = self.cell.proc();
        f(&Proc::new(folder, init))
    }

    pub fn look(&self) -> io::Result<Snapshot> {
        self.inside(|proc| proc.look())
    }

    /// Whether it can do nothing any more until somebody else acts, or has ended.
    pub fn is_still(&self, before: &Snapshot, now: &Snapshot) -> io::Result<bool> {
        let stillness = self.inside(|proc| proc.stillness(before, now))?;
        Ok(matches!(stillness, Stillness::Stuck(_) | Stillness::Gone))
    }

    /// Its own, on whatever port.
    fn listeners(&self) -> io::Result<Vec<Socket>> {
        let listening = self.sock_diag.listeners()?;
        let inodes = self.inodes()?;
        Ok(listening.into_iter().filter(|socket| inodes.contains(&socket.inode)).collect())
    }

    fn inodes(&self) -> io::Result<HashSet<u64>> {
        self.inside(|proc| Ok(proc.sockets()?.into_keys().collect()))
    }

    /// Asked of the kernel: a connection to find it out would be one that it has to accept.
    pub fn listens(&self) -> io::Result<bool> {
        let takes_us = |socket: &Socket| Stage::wrong_address(socket, Ipv4Addr::LOCALHOST).is_none();
        Ok(self.listeners()?.iter().any(|socket| socket.local.port() == self.port && takes_us(socket)))
    }

    /// Why it does not listen, in a sentence of which it is the subject.
    pub fn why_deaf(&self) -> io::Result<String> {
        if let Some(end) = self.end() {
            return Ok(end);
        }
        let listeners = self.listeners()?;
        let right = listeners.iter().find(|socket| socket.local.port() == self.port);
        if let Some(miss) = right.and_then(|socket| Stage::wrong_address(socket, Ipv4Addr::LOCALHOST)) {
            return Ok(miss.to_string());
        }
        let inodes = self.inodes()?;
        let of_its_own = |socket: &&Socket| inodes.contains(&socket.inode) && socket.state == State::Bound;
        let miss = match self.sock_diag.sockets()?.iter().find(of_its_own) {
            _ if !listeners.is_empty() => {
                let listening = listeners.iter().map(|socket| socket.local).collect();
                Miss::ListeningOnOtherPort { asked: self.port, listening }
            }
            Some(socket) => Miss::BoundNotListening { port: socket.local.port() },
            None if inodes.is_empty() => Miss::NeverMadeSocket,
            None => Miss::MadeSocketOnly,
        };
        Ok(miss.to_string())
    }

    /// Whether its network still holds something that will reach it, or us, by itself.
    pub fn in_flight(&self) -> io::Result<bool> {
        if self.lanes.iter().any(Lane::is_under_way) {
            return Ok(true);
        }
        let sockets = self.sock_diag.in_use()?;
        let own_network = self.cell.level() == Level::Cell;
        let concerns = |s: &Socket| own_network || [s.local.port(), s.remote.port()].contains(&self.port);
        if sockets.iter().any(|s| concerns(s) && is_arriving(s, &sockets)) {
            return Ok(true);
        }
        let ours = Ours { ever: &self.ours, open: self.connections().filter(|c| c.is_open()).collect() };
        // Its processes may talk to each other.
        let others = |s: &Socket| s.send_queue > 0 && s.state != State::Listen && !ours.has(s);
        Ok(ours.flow(&sockets) || own_network && sockets.iter().any(others))
    }

    fn connections(&self) -> impl Iterator<Item = &Connection> {
        self.lanes.iter().filter_map(Lane::connection)
    }

    /// A connection to it that has just been begun, or how it was refused.
    pub fn call(&self) -> io::Result<io::Result<socket2::Socket>> {
        let socket = socket2::Socket::from(self.cell.tcp_socket().map_err(io::Error::other)?);
        socket.set_nonblocking(true)?;
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        Ok(match socket.connect(&to.into()) {
            Err(error) if error.raw_os_error() != Some(libc::EINPROGRESS) => Err(error),
            _ => Ok(socket),
        })
    }

    pub fn interests(&self) -> impl Iterator<Item = (std::os::fd::BorrowedFd<'_>, bool, bool)> {
        let pipes = self.pipes().map(|pipe| (pipe.as_fd(), true, false));
        pipes.chain(self.lanes.iter().filter_map(Lane::interest))
    }
}
