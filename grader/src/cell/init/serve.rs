//! Init's loop: does what the harness asks for, and reaps.

use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Instant;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::family::family;
use super::files::{self, Ids, Place};
use super::{build, end, found, memory, network, pin, root, spawn};
use crate::cell::harden::{Limits, Reach, Walls};
use crate::cell::wire::{Answer, Request, Setup, Step, Trouble, Whom};
use crate::cell::{Level, Status, channel};

pub(in crate::cell) struct Init<'a> {
    control: BorrowedFd<'a>,
    level: Level,
    user: Option<u32>,
    walls: Walls,
    limits: Limits,
    /// What the student's processes are being ended for.
    overdrawn: Option<Status>,
    /// At the last look it had as many processes as it may have.
    was_full: bool,
    place: Place,
    /// The jobs that have not been reaped, by process id.
    running: HashMap<Pid, u32>,
    /// The process (and process group) of every job there ever was.
    started: HashMap<u32, Pid>,
}

/// Serves until the control socket ends. The cell is made first: `ids` when it has namespaces of its own.
/// `folders` are those of a build, `files` what the program is to find.
pub(in crate::cell) fn run(
    control: BorrowedFd,
    setup: &Setup,
    ids: Option<Ids>,
    folders: &[OwnedFd],
    files: Option<OwnedFd>,
) -> Result<(), Trouble> {
    let _ = prctl::set_name(c"cell-init");
    let mut set = SigSet::empty();
    set.add(Signal::SIGCHLD);
    set.thread_block().step("block SIGCHLD")?;
    let ended = SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
        .step("make a descriptor for SIGCHLD")?;

    let (place, own_proc, gifts) = match ids {
        Some(ids) => {
            let small = network::shrink()?;
            network::bring_up()?;
            let place = root::stage(&ids, setup.build.as_ref(), folders, files.as_ref())?;
            network::tune(small, setup.receive_buffer, setup.send_buffer)?;
            let mut gifts = vec![
                socket(libc::AF_NETLINK, libc::SOCK_DGRAM, libc::NETLINK_SOCK_DIAG)?,
                socket(libc::AF_INET, libc::SOCK_DGRAM, 0)?,
            ];
            if place.own_proc {
                gifts.push(File::open("/proc").step("open the cell's /proc")?.into());
            }
            let own_proc = place.own_proc;
            (place, own_proc, gifts)
        }
        None => {
            prctl::set_child_subreaper(true).step("become a sub-reaper")?;
            if let Some(user) = setup.user {
                // Of somebody who had the id before, and whose init was killed.
                end::kill_user(user)?;
            }
            if let (Some(files), Some(user)) = (&setup.files, setup.user) {
                found::lend(files, user)?;
            }
            (files::borrow(setup, setup.user)?, false, Vec::new())
        }
    };
    let reach = match setup.level {
        Level::Cell => Reach::own_root(&place.scratch),
        _ => Reach::shared(&place.folder, &place.scratch, setup.files.as_deref(), setup.build.as_ref()),
    };
    let limits = if setup.build.is_some() { Limits::BUILD } else { Limits::STEP };
    let walls = Walls::new(setup.level, setup.user, &reach, limits, setup.build.is_some())?;
    let lent: Vec<BorrowedFd> = gifts.iter().map(AsFd::as_fd).collect();
    channel::send(control, &Answer::Ready { own_proc, scratch: place.scratch.clone() }, &lent)
        .step("tell that the cell is ready")?;
    drop(gifts);

    let (level, user) = (setup.level, setup.user);
    let (running, started) = (HashMap::new(), HashMap::new());
    let mut init =
        Init { control, level, user, walls, limits, overdrawn: None, was_full: false, place, running, started };
    let served = init.serve(&ended);
    // In namespaces of its own, the kernel does this when we are gone.
    if level != Level::Cell {
        init.kill_all();
        init.place.remove();
    }
    served
}

impl Init<'_> {
    fn serve(&mut self, ended: &SignalFd) -> Result<(), Trouble> {
        let mut looked = Instant::now();
        loop {
            let mut sources =
                [PollFd::new(self.control, PollFlags::POLLIN), PollFd::new(ended.as_fd(), PollFlags::POLLIN)];
            let patience = if self.running.is_empty() { None } else { Some(memory::EVERY) };
            let patience = patience.and_then(|time| PollTimeout::try_from(time).ok()).unwrap_or(PollTimeout::NONE);
            match poll(&mut sources, patience) {
                Err(Errno::EINTR) => continue,
                result => result.step("wait for something to do")?,
            };
            let [asked, reap] = sources.map(|source| source.any().unwrap_or(true));
            if reap {
                while let Ok(Some(_)) = ended.read_signal() {}
                self.reap(WaitPidFlag::WNOHANG)?;
            }
            if !self.running.is_empty() && looked.elapsed() >= memory::EVERY {
                self.watch_use();
                looked = Instant::now();
            }
            if asked {
                let Some((request, _)) = channel::receive(self.control).step("hear the harness")? else {
                    return Ok(());
                };
                let (answer, descriptors) =
                    self.answer(request).unwrap_or_else(|trouble| (Answer::Failed(trouble), vec![]));
                let lent: Vec<BorrowedFd> = descriptors.iter().map(AsFd::as_fd).collect();
                self.say(&answer, &lent)?;
            }
        }
    }

    fn answer(&mut self, request: Request) -> Result<(Answer, Vec<OwnedFd>), Trouble> {
        match request {
            Request::Begin(_) => Err(Trouble { step: "begin a cell twice".into(), errno: libc::EPROTO }),
            Request::Spawn(job) => {
                let (answer, descriptors) = spawn::spawn(&job, &self.place, &self.walls, self.level)?;
                if let Answer::Spawned { pid, .. } = answer {
                    self.running.insert(Pid::from_raw(pid), job.serial);
                    self.started.insert(job.serial, Pid::from_raw(pid));
                }
                Ok((answer, descriptors))
            }
            Request::Socket { domain, kind, protocol } => Ok((Answer::Done, vec![socket(domain, kind, protocol)?])),
            Request::Signal { serial, signal, whom } => {
                self.signal(serial, signal, whom).map(|()| (Answer::Done, vec![]))
            }
            Request::Open { path } => {
                Ok((Answer::Done, vec![build::open_for_reading(&self.place.scratch, &path, self.user)?]))
            }
            Request::Ping => Ok((Answer::Done, vec![])),
            Request::Pin => {
                pin::pin(&family());
                Ok((Answer::Done, vec![]))
            }
            Request::KillAll => {
                self.kill_all();
                Ok((Answer::Done, vec![]))
            }
        }
    }

    fn signal(&mut self, serial: u32, signal: i32, whom: Whom) -> Result<(), Trouble> {
        let Some(&pid) = self.started.get(&serial) else { return Ok(()) };
        let signal = Signal::try_from(signal).step(format!("send signal {signal}"))?;
        let to = match whom {
            // A process id that has been reaped may be somebody else's by now.
            Whom::Main if !self.running.contains_key(&pid) => return Ok(()),
            Whom::Main => pid,
            Whom::Group => Pid::from_raw(-pid.as_raw()),
        };
        match kill(to, signal) {
            Err(Errno::ESRCH) => Ok(()),
            result => result.step(format!("send {signal}")),
        }
    }

    fn kill_all(&mut self) {
        let (level, user) = (self.level, self.user);
        end::kill_all(level == Level::Cell, |how| self.reap_one(how));
        // Those who have left the family; nobody else has this user. It fails for want of a process, and so for one that
        // is not the student's.
        if let Some(user) = user
            && end::kill_user(user).is_ok()
        {
            while self.reap_one(WaitPidFlag::WNOHANG) == Ok(true) {}
        }
    }

    fn watch_use(&mut self) {
        let family = family();
        let pids: Vec<i32> = family.iter().map(|process| process.pid).collect();
        let threads = family.iter().map(|process| process.threads).sum::<u64>();
        // Where the kernel keeps the limit, there are never more; who stays there is a bomb that tries on and on, at the cost
        // of all others. (We, and a process that is just being born, count for the kernel too.)
        let full = threads + 2 >= self.limits.processes;
        let bomb = threads > self.limits.processes || full && self.was_full;
        self.was_full = full;
        self.overdrawn = match () {
            () if bomb => Some(Status::TooManyProcesses),
            () if memory::exceeds(&pids, self.limits.memory) => Some(Status::TooMuchMemory),
            () => None,
        };
        if self.overdrawn.is_some() {
            self.kill_all();
            self.overdrawn = None;
        }
    }

    fn reap(&mut self, how: WaitPidFlag) -> Result<(), Trouble> {
        loop {
            match self.reap_one(how) {
                Ok(true) => {}
                Ok(false) | Err(Errno::ECHILD) => return Ok(()),
                Err(errno) => return Err(errno).step("reap"),
            }
        }
    }

    /// Whether there was one that had ended. `ECHILD` says that there are no processes at all.
    fn reap_one(&mut self, how: WaitPidFlag) -> nix::Result<bool> {
        let (pid, status) = match waitpid(None, Some(how)) {
            Ok(WaitStatus::Exited(pid, code)) => (pid, Status::Exited(code)),
            Ok(WaitStatus::Signaled(pid, signal, _)) => {
                (pid, self.overdrawn.unwrap_or(Status::Signaled(signal as i32)))
            }
            Ok(_) => return Ok(false),
            Err(Errno::EINTR) => return Ok(false),
            Err(errno) => return Err(errno),
        };
        // The others are orphans, which nobody has asked about.
        if let Some(serial) = self.running.remove(&pid) {
            // When the harness has gone, we shall hear of it.
            let _ = self.say(&Answer::Exited { serial, status }, &[]);
        }
        Ok(true)
    }

    fn say(&self, answer: &Answer, descriptors: &[BorrowedFd]) -> Result<(), Trouble> {
        channel::send(self.control, answer, descriptors).step("answer the harness")
    }
}

fn socket(domain: i32, kind: i32, protocol: i32) -> Result<OwnedFd, Trouble> {
    // SAFETY: no pointers are involved.
    let made = unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) };
    let made = Errno::result(made).step("make a socket in the cell")?;
    // SAFETY: the kernel has just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(made) })
}
