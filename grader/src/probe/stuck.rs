//! Whether the student's processes can still do anything before the grader acts.
//!
//! A look reads first how many slices of processor time a thread has had, and then its call, which the kernel shows
//! only of a thread that is off its processor. When a second look finds the same number of slices, the thread has been
//! in that call all the time from the first look to the second. This holds for every thread, so between the two looks
//! there was a moment in which *all* of them slept. If, besides, none of their calls ends by itself, that moment lasts
//! until somebody outside acts. What has to be read to know the latter (timers, options of sockets) is read after the
//! second look, and then the slices a third time, so that it too is of the same moment.
//!
//! Not to be seen from here: an alarm that is neither caught nor blocked (the program will die of it); the kernel's own
//! timers for what is on its way (`Socket::unsettled` tells), keep-alive and TCP_USER_TIMEOUT; a process outside of the
//! tree that holds the other end of something.

use std::io;

use super::call::Call;
use super::descriptors::{Kind, kind};
use super::proc::Proc;
use super::snapshot::{Process, Snapshot, Thread};
use super::{thread, timed_socket};

/// What a pair of looks allows to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stillness {
    /// Something may still happen by itself.
    Awake(Why),
    /// As `Stuck`, but at least one thread was stopped by a signal, so this says nothing about the program.
    Stopped,
    /// There is no process left but zombies.
    Gone,
    /// Nothing can happen any more until somebody outside acts. What is on its way in the network is not seen from
    /// here: see `Socket::unsettled`.
    Stuck(Vec<Sleeper>),
}

/// One thread of a stuck program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sleeper {
    pub pid: i32,
    pub tid: i32,
    pub call: Call,
    /// The inode of the socket that `call.descriptor` is.
    pub socket: Option<u64>,
}

/// The first reason found not to call a program stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Processes or threads began or ended between the looks.
    Changed,
    /// A thread runs, or is in any state but asleep.
    Runs { tid: i32 },
    /// A thread was given a processor between the looks.
    Ran { tid: i32 },
    /// The call a thread sleeps in ends by itself, or may.
    MayReturn { tid: i32, call: Call },
    /// The kernel does not let us look.
    Opaque { tid: i32 },
    /// The process catches or blocks SIGALRM: an alarm may be set.
    Alarm { pid: i32 },
    /// It has made a timer, a timerfd or an io_uring.
    Timer { pid: i32 },
    /// The socket has SO_RCVTIMEO or SO_SNDTIMEO.
    SocketTimeout { pid: i32, descriptor: i32 },
    /// One of the last three, for all we are allowed to see.
    Hidden { pid: i32 },
}

/// Every thread slept from the first look to the second, whatever in: nothing was done, though more may follow. To
/// be used for pacing, together with what the queues of the sockets say.
pub fn asleep(before: &Snapshot, now: &Snapshot) -> bool {
    same(before, now).is_ok() && before.threads().chain(now.threads()).all(|(_, thread)| thread.state == 'S')
}

impl Stillness {
    pub fn sleepers(self) -> Option<Vec<Sleeper>> {
        match self {
            Stillness::Stuck(sleepers) => Some(sleepers),
            _ => None,
        }
    }
}

impl Proc<'_> {
    /// What `before` and `now` (taken in this order) say. Costs next to nothing while the program is awake; more is read
    /// only before it is called stuck.
    pub fn stillness(&self, before: &Snapshot, now: &Snapshot) -> io::Result<Stillness> {
        match self.try_stillness(before, now) {
            Ok(stillness) => Ok(stillness),
            Err(Trouble::Awake(why)) => Ok(Stillness::Awake(why)),
            Err(Trouble::Io(error)) => Err(error),
        }
    }

    /// Where every thread sleeps, if nothing can happen any more until somebody outside acts.
    pub fn stuck(&self, before: &Snapshot, now: &Snapshot) -> io::Result<Option<Vec<Sleeper>>> {
        self.stillness(before, now).map(Stillness::sleepers)
    }

    fn try_stillness(&self, before: &Snapshot, now: &Snapshot) -> Result<Stillness, Trouble> {
        same(before, now)?;
        if now.threads().next().is_none() {
            return Ok(Stillness::Gone);
        }
        let mut stopped = false;
        for (_, thread) in before.threads().chain(now.threads()) {
            stopped |= waits_for_ever(thread)?;
        }
        if stopped {
            return Ok(Stillness::Stopped);
        }
        let mut sleepers = Vec::new();
        for process in living(now) {
            sleepers.extend(self.sleepers(process)?);
        }
        Ok(Stillness::Stuck(sleepers))
    }

    /// What a look does not show.
    fn sleepers(&self, process: &Process) -> Result<Vec<Sleeper>, Why> {
        let pid = process.pid;
        let hidden = |_| Why::Hidden { pid };
        let mut reader = self.reader();
        if process.catches_alarm {
            return Err(Why::Alarm { pid });
        }
        if self.has_timers(&mut reader, pid).map_err(hidden)? {
            return Err(Why::Timer { pid });
        }
        let mut sleepers = Vec::with_capacity(process.threads.len());
        for &Thread { tid, call, slices, .. } in &process.threads {
            let mut socket = None;
            if let Some(descriptor) = call.descriptor
                && let Kind::Socket(inode) = kind(&mut reader, pid, tid, descriptor).map_err(hidden)?
            {
                socket = Some(inode);
                if timed_socket::is_timed(&mut reader, pid, descriptor, inode).map_err(hidden)? {
                    return Err(Why::SocketTimeout { pid, descriptor });
                }
            }
            if thread::slices(&mut reader, pid, tid).map_err(|_| Why::Changed)? != slices {
                return Err(Why::Ran { tid });
            }
            sleepers.push(Sleeper { pid, tid, call, socket });
        }
        Ok(sleepers)
    }
}

enum Trouble {
    Awake(Why),
    Io(io::Error),
}

impl From<Why> for Trouble {
    fn from(why: Why) -> Self {
        Trouble::Awake(why)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Io(error)
    }
}

/// Zombies only wait to be collected: they come and go without anything happening.
fn living(snapshot: &Snapshot) -> impl Iterator<Item = &Process> {
    snapshot.processes.iter().filter(|process| !process.is_zombie())
}

/// The same processes with the same threads, none of which was given a processor in between.
fn same(before: &Snapshot, now: &Snapshot) -> Result<(), Why> {
    if !living(before).map(identity).eq(living(now).map(identity)) {
        return Err(Why::Changed);
    }
    for ((_, was), (_, is)) in before.threads().zip(now.threads()) {
        if (was.tid, was.started) != (is.tid, is.started) {
            return Err(Why::Changed);
        }
        if was.slices != is.slices {
            return Err(Why::Ran { tid: is.tid });
        }
    }
    Ok(())
}

fn identity(process: &Process) -> (i32, u64, usize) {
    (process.pid, process.started, process.threads.len())
}

/// `true` when it is a stop signal that it waits for the end of.
fn waits_for_ever(thread: &Thread) -> Result<bool, Why> {
    let &Thread { tid, state, call, opaque, .. } = thread;
    match state {
        _ if opaque => Err(Why::Opaque { tid }),
        'T' => Ok(true),
        'S' if call.endless => Ok(false),
        'S' if call == Call::RUNNING => Err(Why::Runs { tid }),
        'S' => Err(Why::MayReturn { tid, call }),
        _ => Err(Why::Runs { tid }),
    }
}
