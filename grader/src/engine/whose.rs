//! Whose a socket is: the student's, the grader's, or a stranger's.

use std::collections::HashSet;

use super::connection::Connection;
use super::stage::{Stage, Stop};
use crate::cell::Level;
use crate::probe::{Process, Socket, State};

impl Stage<'_> {
    /// Inodes of all sockets that the student's processes hold, without those of a program that was killed before.
    pub fn students_inodes(&self) -> Result<HashSet<u64>, Stop> {
        let mut held = self.proc().sockets()?;
        held.retain(|_, holders| holders.iter().any(|pid| !self.former.contains(pid)));
        Ok(held.into_keys().collect())
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

    pub fn owner_of(&self, socket: &Socket) -> Option<String> {
        let actor = self.actors.iter().find(|actor| actor.address.is_some_and(|a| a.port() == socket.local.port()))?;
        Some(format!("the grader's `{}`", actor.name))
    }

    /// The connections that the grader's clients have made, by their names.
    pub fn clients(&self) -> impl Iterator<Item = (String, &Connection)> {
        let clients = self.actors.iter().filter(|actor| actor.listener.is_none());
        clients.flat_map(|actor| {
            let seats = actor.seats.iter().enumerate();
            seats.filter_map(|(seat, connection)| Some((actor.seat_name(seat), connection.as_ref()?)))
        })
    }

    /// The process of a former life of the program that holds this socket.
    pub fn left_behind(&self, socket: &Socket) -> Result<Option<String>, Stop> {
        let holders = self.proc().holders(socket.inode)?;
        let processes = self.look()?.processes;
        let left = |process: &&Process| self.former.contains(&process.pid) && holders.contains(&process.pid);
        Ok(processes.iter().find(left).map(|process| process.name.clone()))
    }
}
