//! What the engine reads off a look at the student's processes.

use super::act_socket::Seat;
use super::in_flight::ends;
use super::stage::{Stage, Stop};
use crate::probe::{Kind, Process, Sleeper, Snapshot};

/// Nobody is left but zombies.
pub fn is_deserted(now: &Snapshot) -> bool {
    now.processes.iter().all(|process| process.is_zombie())
}

/// Every thread has been stopped by a signal; with `only`, every thread of that process.
pub fn is_stopped(now: &Snapshot, only: Option<i32>) -> bool {
    let mut concerned = now.threads().filter(|(process, _)| only.is_none_or(|pid| process.pid == pid));
    concerned.all(|(_, thread)| thread.state == 'T')
}

/// Nothing of this session lives; with `only`, that process does not.
pub fn is_gone(now: &Snapshot, session: i32, only: Option<i32>) -> bool {
    let concerned = |process: &&Process| only.map_or(process.session == session, |pid| process.pid == pid);
    now.processes.iter().filter(concerned).all(|process| process.threads.is_empty())
}

/// There are threads, the same ones sleep in both looks, and they used no processor in between to speak of: timers that
/// go off now and then are let pass.
pub fn has_slept(before: &Snapshot, now: &Snapshot) -> bool {
    let all_asleep = |snapshot: &Snapshot| snapshot.threads().all(|(_, thread)| matches!(thread.state, 'S' | 'T'));
    let ids = |snapshot: &Snapshot| snapshot.threads().map(|(_, thread)| thread.tid).collect::<Vec<_>>();
    let between = now.taken.saturating_duration_since(before.taken);
    let used = now.processor().saturating_sub(before.processor());
    // A program that has just ended is not asleep, even if its status has yet to arrive.
    !is_deserted(now) && all_asleep(before) && all_asleep(now) && ids(before) == ids(now) && used <= between / 4
}

impl Stage<'_> {
    /// Every thread that sleeps right now, and in what.
    pub fn sleepers(&self) -> std::io::Result<Vec<Sleeper>> {
        let proc = self.proc();
        let now = self.look()?;
        let asleep = now.threads().filter(|(_, thread)| thread.state == 'S' && !thread.opaque);
        Ok(asleep
            .map(|(process, thread)| {
                let descriptors = proc.descriptors(process.pid).unwrap_or_default();
                let on = descriptors.iter().find(|descriptor| Some(descriptor.number) == thread.call.descriptor);
                let socket = on.and_then(|descriptor| match descriptor.kind {
                    Kind::Socket(inode) => Some(inode),
                    _ => None,
                });
                Sleeper { pid: process.pid, tid: thread.tid, call: thread.call, socket }
            })
            .collect())
    }

    /// Whether the student reads from the connection of `seat` and sleeps until more comes, or its end.
    pub fn waits_for_end(&self, seat: &Seat) -> Result<bool, Stop> {
        let Some(connection) = self.actors[seat.actor].seats[seat.seat].as_ref() else { return Ok(false) };
        // A server that asks another one in its clients' name has said all: the client is who has gone.
        if self.student.is_server && self.actors[seat.actor].listener.is_some() {
            return Ok(false);
        }
        let sockets = self.sock_diag.in_use()?;
        let theirs = ends(connection, &sockets).1.map(|socket| socket.inode);
        let reads = |sleeper: &Sleeper| matches!(sleeper.call.name, "read" | "readv" | "recvfrom" | "recvmsg");
        Ok(self
            .sleepers()?
            .iter()
            .any(|sleeper| reads(sleeper) && sleeper.socket.is_some() && sleeper.socket == theirs))
    }
}
