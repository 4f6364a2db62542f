//! Whether bytes are still under way: as long as they are, nobody is stuck.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;

use super::connection::Connection;
use super::stage::Stage;
use crate::probe::{Socket, State};

/// How far the student has taken what was sent to it.
#[derive(Debug, PartialEq, Eq)]
pub enum Intake {
    /// As far as it can.
    Done,
    /// As far as it can, unless an acknowledgement of what it writes to somebody who does not read is still to come. The
    /// bytes that wait, to be compared with those of a later look.
    Jammed(Vec<(u32, u32)>),
    Going,
}

impl Stage<'_> {
    /// Whether the kernel still holds something that will reach the student, or the grader, by itself.
    pub fn in_flight(&self) -> io::Result<bool> {
        let sockets = self.sock_diag.in_use()?;
        let handshake = sockets.iter().any(|s| s.state == State::SynReceived && self.concerns_us(s));
        if handshake || sockets.iter().any(|s| s.state == State::SynSent && finds_room(s, &sockets)) {
            return Ok(true);
        }
        let open = self.actors.iter().flat_map(|actor| actor.open_connections()).collect();
        let ours = Ours { ever: &self.ours, open };
        if ours.flow(&sockets) {
            return Ok(true);
        }
        // The student's processes may talk to each other, and to tools.
        let others = |s: &Socket| self.is_students(s) || !self.tools.is_empty() && self.concerns_us(s);
        Ok(sockets.iter().any(|s| !ours.has(s) && s.send_queue > 0 && s.state != State::Listen && others(s)))
    }

    /// Whether the student writes to somebody who does not read, and the kernel has yet to hear that no more is taken: an
    /// acknowledgement that is put off makes room once more.
    pub fn awaits_acknowledgement(&self) -> io::Result<bool> {
        let sockets = self.sock_diag.in_use()?;
        let mut open = self.actors.iter().flat_map(|actor| actor.open_connections());
        let awaits = |theirs: &Socket| theirs.send_queue > 0 && theirs.unsettled();
        Ok(open.any(|connection| connection.paused && ends(connection, &sockets).1.is_some_and(awaits)))
    }

    /// How much of what was sent to the student was read by it.
    pub fn intake(&self) -> io::Result<Intake> {
        let sockets = self.sock_diag.in_use()?;
        let mut jammed = Vec::new();
        for connection in self.actors.iter().flat_map(|actor| actor.open_connections()) {
            let (mine, theirs) = ends(connection, &sockets);
            let read = connection.outbox.is_empty()
                && mine.is_none_or(|mine| mine.send_queue == 0)
                && theirs.is_none_or(|theirs| theirs.receive_queue == 0);
            // Who is blocked in writing to us cannot read. With nothing left to read, it is we who have to go on.
            let blocked =
                theirs.filter(|theirs| connection.paused && theirs.send_queue > 0 && theirs.receive_queue > 0);
            match blocked {
                _ if read => {}
                Some(theirs) if theirs.unsettled() => jammed.push((theirs.send_queue, theirs.receive_queue)),
                Some(_) => {}
                None => return Ok(Intake::Going),
            }
        }
        Ok(if jammed.is_empty() { Intake::Done } else { Intake::Jammed(jammed) })
    }
}

/// The grader's connections in one network.
pub struct Ours<'a> {
    /// All that there ever were: (the grader's end, the other one).
    pub ever: &'a HashSet<(SocketAddr, SocketAddr)>,
    pub open: Vec<&'a Connection>,
}

impl Ours<'_> {
    /// Whether it is an end of one of them.
    pub fn has(&self, s: &Socket) -> bool {
        self.ever.contains(&(s.local, s.remote)) || self.ever.contains(&(s.remote, s.local))
    }

    /// Whether something flows on one of them. Of those that the grader has closed, too: the FIN comes last, and a reset
    /// leaves no socket behind.
    pub fn flow(&self, sockets: &[Socket]) -> bool {
        self.open.iter().any(|connection| flows_to_us(connection, sockets))
            || self.ever.iter().any(|(mine, theirs)| {
                flows_to_them(*mine, *theirs, sockets) || self.is_still_held(*mine, *theirs, sockets)
            })
    }

    /// Closed by the grader, and open all the same: a process that is just being started has a copy of the descriptor.
    fn is_still_held(&self, mine: SocketAddr, theirs: SocketAddr, sockets: &[Socket]) -> bool {
        let is_open = |state| matches!(state, State::Established | State::CloseWait);
        sockets.iter().any(|s| s.local == mine && s.remote == theirs && is_open(s.state))
            && !self.open.iter().any(|connection| connection.local == mine && connection.peer == theirs)
    }
}

/// Whether this is a connection that is just being made.
pub fn is_arriving(socket: &Socket, sockets: &[Socket]) -> bool {
    socket.state == State::SynReceived || socket.state == State::SynSent && finds_room(socket, sockets)
}

/// A SYN that was dropped from a full accept queue is sent again after a second: with room there now, it succeeds.
fn finds_room(connecting: &Socket, sockets: &[Socket]) -> bool {
    let listener = sockets.iter().find(|s| s.state == State::Listen && s.local.port() == connecting.remote.port());
    listener.is_some_and(|listener| listener.receive_queue <= listener.send_queue)
}

/// The grader's and the student's socket of a connection.
pub fn ends<'s>(connection: &Connection, sockets: &'s [Socket]) -> (Option<&'s Socket>, Option<&'s Socket>) {
    let find = |local, remote| sockets.iter().find(|s| s.local == local && s.remote == remote);
    (find(connection.local, connection.peer), find(connection.peer, connection.local))
}

fn flows_to_us(connection: &Connection, sockets: &[Socket]) -> bool {
    if connection.paused || !connection.inbox.is_open() {
        return false;
    }
    match ends(connection, sockets) {
        (Some(mine), _) if mine.receive_queue > 0 => true,
        (_, Some(theirs)) => theirs.send_queue > 0,
        // Its end is gone and ours does not know: a reset is under way.
        (Some(_), None) => true,
        (None, None) => false,
    }
}

/// With bytes unread on its side the student has what wakes it; with none there, the rest is still to come.
fn flows_to_them(mine: SocketAddr, theirs: SocketAddr, sockets: &[Socket]) -> bool {
    let find = |local, remote| sockets.iter().find(|s| s.local == local && s.remote == remote);
    let awaits = |s: &Socket| matches!(s.state, State::Established | State::FinWait1 | State::FinWait2);
    match (find(mine, theirs), find(theirs, mine)) {
        (Some(mine), theirs) => mine.send_queue > 0 && theirs.is_none_or(|theirs| theirs.receive_queue == 0),
        // Our end is gone and the student's still takes it for open: a reset is under way.
        (None, Some(theirs)) => awaits(theirs),
        (None, None) => false,
    }
}
