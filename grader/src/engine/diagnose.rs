//! From what the kernel shows to the stage of the socket's life that went wrong.

use std::net::{IpAddr, Ipv4Addr};

use super::connection::Connection;
use super::in_flight::ends;
use super::miss::Miss;
use super::stage::{Stage, Stop};
use crate::cell::Level;
use crate::probe::{Socket, State};

impl Stage<'_> {
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
            return Ok(Miss::Silent { who, sent: 0, read: 0, said: 0 });
        };
        let (mine, theirs) = ends(connection, &sockets);
        let sent = connection.outbox.total();
        if let Some(waiting) = not_accepted(connection, theirs, &sockets) {
            return Ok(Miss::NotAccepting { waiting });
        }
        let unread = theirs.map_or(0, |s| u64::from(s.receive_queue));
        let undelivered = mine.map_or(0, |s| u64::from(s.send_queue));
        let said = connection.inbox.total();
        Ok(Miss::Silent { who, sent, read: sent.saturating_sub(unread + undelivered), said })
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
