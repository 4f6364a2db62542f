//! What the grader plays in an exchange: clients and servers.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use super::connection::Connection;
use crate::rubric::{self, Manner, Role};

/// An actor with its connections.
pub struct Actor {
    pub name: String,
    pub role: Role,
    /// One a client of a crowd; a single client and a server have one. The last connection stays after its end.
    pub seats: Vec<Option<Connection>>,
    /// A server's listening socket; a refusing server's is bound only.
    pub listener: Option<TcpListener>,
    /// Where a server can be reached.
    pub address: Option<SocketAddr>,
    /// Connections are not read from the start.
    pub paused: bool,
    /// An `accept` line is being played.
    pub accepting: bool,
    /// The connection that fills a silent server's accept queue.
    pub filler: Option<TcpStream>,
}

impl Actor {
    pub fn new(actor: &rubric::Actor) -> Actor {
        let seats = match actor.role {
            Role::Clients(count) => count as usize,
            // Those of a program are as many as the student makes.
            Role::Tool | Role::Program(_) => 0,
            _ => 1,
        };
        Actor {
            name: actor.name.clone(),
            role: actor.role.clone(),
            seats: (0..seats).map(|_| None).collect(),
            listener: None,
            address: None,
            paused: false,
            accepting: false,
            filler: None,
        }
    }

    /// How a seat is called in traces and misses: `slow`, `crowd 7`.
    pub fn seat_name(&self, seat: usize) -> String {
        match self.role {
            Role::Clients(_) => format!("{} {seat}", self.name),
            _ => self.name.clone(),
        }
    }

    pub fn open_connections(&self) -> impl Iterator<Item = &Connection> {
        self.seats.iter().flatten().filter(|connection| connection.is_open())
    }

    /// A server's manner, and the address and port it is to have.
    pub fn serves(&self) -> Option<(Manner, Ipv4Addr, Option<u16>)> {
        match self.role {
            Role::Server { manner, at, port } => Some((manner, at, port)),
            // Before the program listens, nobody does.
            Role::Program(_) => Some((Manner::Refusing, Ipv4Addr::LOCALHOST, None)),
            _ => None,
        }
    }
}
