//! From what the kernel shows to the stage of the socket's life that went wrong.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use super::connection::Connection;
use super::in_flight::ends;
use super::miss::Miss;
use super::sleep::is_deserted;
use super::stage::{Stage, Stop};
use crate::cell::{Level, MEMORY_LIMIT, PROCESS_LIMIT, Status};
use crate::probe::{Kind, Process, Sleeper, Snapshot, Socket, State, asleep};

/// How long a program whose connection just ended may take to be seen dead, in fair time.
pub(super) const DYING: Duration = Duration::from_millis(500);

/// Who sleeps for so long has nothing to do with its connection's end any more.
const RESTING: Duration = Duration::from_millis(50);

impl Stage<'_> {
    /// Inodes of all sockets that the student's processes hold, without those of a program that was killed before.
    pub fn students_inodes(&self) -> Result<HashSet<u64>, Stop> {
        let processes = self.look()?.processes;
        let now = processes.iter().filter(|process| !self.former.contains(&process.pid));
        Ok(now.flat_map(|process| self.inodes_of(process)).collect())
    }

    fn inodes_of(&self, process: &Process) -> Vec<u64> {
        // A process that has just ended has no descriptors.
        let descriptors = self.proc().descriptors(process.pid).unwrap_or_default();
        let sockets = descriptors.iter().filter_map(|descriptor| match descriptor.kind {
            Kind::Socket(inode) => Some(inode),
            _ => None,
        });
        sockets.collect()
    }

    /// In a cell every socket that is not the grader's is the student's; elsewhere its port or its owner tells.
    pub fn is_students(&self, socket: &Socket) -> bool {
        let ours = self.ours.contains(&(socket.local, socket.remote)) || self.is_our_listener(socket);
        if ours || self.is_tools_end(socket) {
            return false;
        }
        self.level == Level::Cell
            || socket.local.port() == self.port
            || self.ours.contains(&(socket.remote, socket.local))
    }

    /// Whether it belongs to a connection of this exchange.
    pub fn concerns_us(&self, socket: &Socket) -> bool {
        let ports = [socket.local.port(), socket.remote.port()];
        let served = self.actors.iter().filter_map(|actor| actor.address).map(|address| address.port());
        self.level == Level::Cell || ports.contains(&self.port) || served.into_iter().any(|port| ports.contains(&port))
    }

    fn is_our_listener(&self, socket: &Socket) -> bool {
        let idle = matches!(socket.state, State::Listen | State::Bound);
        idle && self
            .actors
            .iter()
            .any(|actor| actor.listener.is_some() && actor.address.is_some_and(|address| address == socket.local))
    }

    /// The listener on the student's port, and whether the student's own processes hold it.
    pub fn listeners(&self) -> Result<Vec<(Socket, bool)>, Stop> {
        let listening = self.sock_diag.listeners()?;
        if listening.is_empty() {
            return Ok(Vec::new());
        }
        let inodes = self.students_inodes()?;
        Ok(listening.into_iter().map(|s| (inodes.contains(&s.inode), s)).map(|(own, s)| (s, own)).collect())
    }

    /// The student's own listener on the port it was given.
    pub fn own_listener(&mut self) -> Result<Option<Socket>, Stop> {
        let listening = self.sock_diag.listeners()?;
        let port = self.port;
        let here: Vec<Socket> = listening.into_iter().filter(|socket| socket.local.port() == port).collect();
        // No other socket gets its inode while it is there; to look whose it is costs most of a connection's time.
        let known = here.iter().find(|socket| Some(socket.inode) == self.known_listener);
        if here.is_empty() || known.is_some() {
            return Ok(known.copied());
        }
        let inodes = self.students_inodes()?;
        let own = here.into_iter().find(|socket| inodes.contains(&socket.inode));
        self.known_listener = own.as_ref().map(|socket| socket.inode);
        Ok(own)
    }

    /// If the program has ended although it was needed: how. Waits until a dying one is dead.
    pub fn death(&mut self) -> Result<Option<Miss>, Stop> {
        let mut first: Option<Snapshot> = None;
        let ended = self.wait(DYING, |stage| match stage.student.status() {
            Some(status) => Ok(Some(Some(status))),
            None => Ok(stage.rests_since(&mut first)?.then_some(None)),
        })?;
        let clean = |status: &Status| matches!(status, Status::Exited(0)) && !self.student.is_server;
        let Some(status) = ended.ok().flatten().filter(|status| !clean(status)) else { return Ok(None) };
        // Its last words may still be in the pipe.
        self.wait(DYING, |stage| Ok((!stage.student.stderr.is_open()).then_some(())))?.ok();
        Ok(Some(ended_with(status, &String::from_utf8_lossy(self.student.stderr.all()))))
    }

    /// Whether every thread has been asleep for a while, in any call: a program that is dying is not.
    fn rests_since(&self, first: &mut Option<Snapshot>) -> Result<bool, Stop> {
        let now = self.look()?;
        match first {
            Some(first) if asleep(first, &now) && !is_deserted(&now) => {
                Ok(now.taken.saturating_duration_since(first.taken) >= RESTING && !self.in_flight()?)
            }
            first => {
                *first = Some(now);
                Ok(false)
            }
        }
    }

    /// Why nobody listens on the student's port.
    pub fn why_not_listening(&mut self) -> Result<Miss, Stop> {
        let port = self.port;
        let listeners = self.listeners()?;
        let squatted = listeners.iter().find(|(s, own)| !own && s.local.port() == port && self.blocks(s));
        if let Some((squatter, _)) = squatted {
            if let Some(by) = self.left_behind(squatter)? {
                return Ok(Miss::PortKept { port, by });
            }
            let owner = self.owner_of(squatter);
            if self.level != Level::Cell && owner.is_none() {
                // It was free when it was chosen: whoever was quicker is nobody of this exchange.
                return Err(Stop::Fault(format!("another program of this machine has taken port {port}")));
            }
            return Ok(Miss::PortBelongsToAnother { port, owner });
        }
        if self.student.status().is_some()
            && let Some(death) = self.death()?
        {
            return Ok(death);
        }
        let elsewhere: Vec<_> = listeners.iter().filter(|(_, own)| *own).map(|(s, _)| s.local).collect();
        if !elsewhere.is_empty() {
            return Ok(Miss::ListeningOnOtherPort { asked: port, listening: elsewhere });
        }
        if self.student.status().is_some() {
            return Ok(Miss::Exited { status: 0 });
        }
        let inodes = self.students_inodes()?;
        let bound =
            self.sock_diag.sockets()?.into_iter().find(|s| s.state == State::Bound && inodes.contains(&s.inode));
        Ok(match bound {
            Some(socket) => Miss::BoundNotListening { port: socket.local.port() },
            None if !inodes.is_empty() => self.other_protocol()?.unwrap_or(Miss::MadeSocketOnly),
            None => Miss::NeverMadeSocket,
        })
    }

    /// When the student has sockets, and none of TCP.
    pub fn other_protocol(&self) -> Result<Option<Miss>, Stop> {
        let proc = self.proc();
        let mut protocols = Vec::new();
        for process in &self.look()?.processes {
            let descriptors = proc.descriptors(process.pid).unwrap_or_default();
            protocols.extend(descriptors.iter().filter_map(|descriptor| proc.protocol(process.pid, descriptor.number)));
        }
        let is_tcp = |protocol: &String| protocol.contains("TCP");
        let other = protocols.first().filter(|_| !protocols.iter().any(is_tcp));
        Ok(other.map(|protocol| Miss::NoTcpSocket { protocol: protocol.trim_end_matches("v6").to_owned() }))
    }

    /// Whether a foreign listener keeps the student from 127.0.0.1 or from every address.
    fn blocks(&self, socket: &Socket) -> bool {
        socket.local.ip().is_unspecified() || socket.local.ip().is_loopback()
    }

    fn owner_of(&self, socket: &Socket) -> Option<String> {
        let actor = self.actors.iter().find(|actor| actor.address.is_some_and(|a| a.port() == socket.local.port()))?;
        Some(format!("the grader's `{}`", actor.name))
    }

    /// The process of a former life of the program that holds this socket.
    fn left_behind(&self, socket: &Socket) -> Result<Option<String>, Stop> {
        let processes = self.look()?.processes;
        let mut former = processes.iter().filter(|process| self.former.contains(&process.pid));
        let holder = former.find(|process| self.inodes_of(process).contains(&socket.inode));
        Ok(holder.map(|process| process.name.clone()))
    }

    /// Why a listener does not take IPv4 connections to `to`.
    pub fn wrong_address(listener: &Socket, to: Ipv4Addr) -> Option<Miss> {
        let port = listener.local.port();
        match listener.local.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() || ip == to => None,
            IpAddr::V4(ip) => Some(Miss::ListeningOnlyOn { address: ip.into(), port }),
            IpAddr::V6(ip) if ip.is_unspecified() && listener.dual_stack => None,
            IpAddr::V6(ip) if ip.is_unspecified() => Some(Miss::Ipv6Only { port }),
            IpAddr::V6(ip) => Some(Miss::ListeningOnlyOn { address: ip.into(), port }),
        }
    }

    /// Why nothing came on a connection that is still open.
    pub fn why_silent(&mut self, actor: usize, seat: usize) -> Result<Miss, Stop> {
        let sockets = self.sock_diag.sockets()?;
        let who = format!("the connection of `{}`", self.actors[actor].seat_name(seat));
        let Some(connection) = self.actors[actor].seats[seat].as_ref() else {
            return Ok(Miss::Silent { who, sent: 0, read: 0 });
        };
        let (mine, theirs) = ends(connection, &sockets);
        let sent = connection.outbox.total();
        if let Some(waiting) = not_accepted(connection, theirs, &sockets) {
            return Ok(Miss::NotAccepting { waiting });
        }
        let unread = theirs.map_or(0, |s| u64::from(s.receive_queue));
        let undelivered = mine.map_or(0, |s| u64::from(s.send_queue));
        Ok(Miss::Silent { who, sent, read: sent.saturating_sub(unread + undelivered) })
    }

    /// Where the student's threads sleep, in words.
    pub fn where_it_sleeps(&self, sleepers: &[Sleeper]) -> Result<Vec<String>, Stop> {
        let sockets = self.sock_diag.sockets()?;
        let mut places: Vec<(String, usize)> = Vec::new();
        for sleeper in sleepers {
            let on = sleeper.socket.and_then(|inode| sockets.iter().find(|s| s.inode == inode && inode != 0));
            let place = match on {
                Some(socket) => format!("`{}` on {}", sleeper.call.name, self.name_of(socket)),
                None => match (sleeper.socket, sleeper.call.descriptor) {
                    (None, Some(0)) => format!("`{}` on stdin", sleeper.call.name),
                    (None, Some(1)) => format!("`{}` on stdout", sleeper.call.name),
                    _ => format!("`{}`", sleeper.call.name),
                },
            };
            match places.iter_mut().find(|(other, _)| *other == place) {
                Some((_, count)) => *count += 1,
                None => places.push((place, 1)),
            }
        }
        let all = sleepers.len();
        Ok(places
            .into_iter()
            .map(|(place, count)| match count {
                1 if all == 1 => format!("the program sleeps in {place}"),
                _ if count == all => format!("all {all} threads of the program sleep in {place}"),
                _ => format!("{count} of {all} threads of the program sleep in {place}"),
            })
            .collect())
    }

    fn name_of(&self, socket: &Socket) -> String {
        if socket.state == State::Listen {
            return format!("its listening socket, port {}", socket.local.port());
        }
        for actor in &self.actors {
            for (seat, connection) in actor.seats.iter().enumerate() {
                if connection.as_ref().is_some_and(|c| c.local == socket.remote && c.peer == socket.local) {
                    return format!("the connection of `{}`", actor.seat_name(seat));
                }
            }
        }
        if let Some(tool) = self.tools.last().filter(|_| self.leads_to_tool(socket)) {
            return format!("the connection of `{}`", tool.who);
        }
        match socket.state {
            State::Bound => format!("its socket bound to port {}", socket.local.port()),
            _ => format!("its connection with {}", socket.remote),
        }
    }

    /// Of a program without a thread that sleeps.
    fn what_keeps_it(&self) -> Result<Option<String>, Stop> {
        let now = self.look()?;
        let any = |state: char| now.threads().any(|(_, thread)| thread.state == state);
        Ok(match () {
            () if any('R') => Some("the program runs, or stands in line for a processor".to_owned()),
            () if any('D') => Some("the kernel keeps the program in the middle of a call".to_owned()),
            () => None,
        })
    }

    /// What the kernel shows at this moment: where the program sleeps, who waits in its accept queue.
    pub fn observations(&self) -> Result<Vec<String>, Stop> {
        let mut observed = match (self.student.status(), self.student.child()) {
            (Some(Status::Exited(status)), _) => vec![format!("the program has ended with exit status {status}")],
            (Some(status @ (Status::TooMuchMemory | Status::TooManyProcesses)), _) => {
                vec![format!("the program was {status}")]
            }
            (Some(Status::Signaled(signal)), _) => {
                vec![format!("the program was killed by signal {signal} ({})", signal_name(signal))]
            }
            (None, None) => vec!["the program has not been started yet".to_owned()],
            (None, Some(_)) => match self.sleepers()? {
                none if none.is_empty() => self.what_keeps_it()?.into_iter().collect(),
                sleepers => self.where_it_sleeps(&sleepers)?,
            },
        };
        for (listener, own) in self.listeners()? {
            if own && listener.receive_queue > 0 {
                let waiting = match listener.receive_queue {
                    1 => "1 connection waits".to_owned(),
                    count => format!("{count} connections wait"),
                };
                observed.push(format!("{waiting} in the accept queue of port {}", listener.local.port()));
            }
        }
        Ok(observed)
    }
}

/// If the connection is still in the accept queue (or not even there): how many wait.
fn not_accepted(connection: &Connection, theirs: Option<&Socket>, sockets: &[Socket]) -> Option<u32> {
    let waits = match theirs {
        None => connection.inbox.is_open(),
        Some(socket) => {
            socket.inode == 0 && matches!(socket.state, State::Established | State::CloseWait | State::SynReceived)
        }
    };
    let listener = sockets.iter().find(|s| s.state == State::Listen && s.local.port() == connection.peer.port());
    waits.then(|| listener.map_or(1, |listener| listener.receive_queue.max(1)))
}

/// The miss of a program that has ended.
pub fn ended_with(status: Status, stderr: &str) -> Miss {
    match status {
        Status::TooMuchMemory => Miss::TooMuchMemory { limit: MEMORY_LIMIT },
        Status::TooManyProcesses => Miss::TooManyProcesses { limit: PROCESS_LIMIT },
        Status::Signaled(signal) => Miss::Died { signal, name: signal_name(signal).into() },
        Status::Exited(status) => match panic_message(stderr).filter(|_| status == 101) {
            Some(message) => Miss::Panicked { message },
            None => Miss::Exited { status },
        },
    }
}

/// The line after `thread 'main' panicked at src/server.rs:12:5:`.
fn panic_message(stderr: &str) -> Option<String> {
    let mut lines = stderr.lines().skip_while(|line| !line.contains("panicked at"));
    lines.next()?;
    lines.next().map(str::to_owned)
}

pub fn signal_name(signal: i32) -> &'static str {
    nix::sys::signal::Signal::try_from(signal).map_or("unknown", nix::sys::signal::Signal::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_from_another_exit_status() {
        let stderr = "thread 'main' (7) panicked at src/server.rs:12:5:\nnot yet implemented: step 1\nnote: run with";
        let message = "not yet implemented: step 1".to_owned();
        assert_eq!(ended_with(Status::Exited(101), stderr), Miss::Panicked { message });
        assert_eq!(ended_with(Status::Exited(1), stderr), Miss::Exited { status: 1 });
        assert_eq!(ended_with(Status::Signaled(11), ""), Miss::Died { signal: 11, name: "SIGSEGV".into() });
    }
}
