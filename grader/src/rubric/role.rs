//! Who takes part in a step's exchange.

use std::net::Ipv4Addr;

use super::files::Laid;
use super::place::Place;

/// The name every exchange has for the program that is graded.
pub const STUDENT: &str = "student";

/// An actor that the grader plays, or starts.
#[derive(Debug, Clone)]
pub struct Actor {
    pub name: String,
    pub role: Role,
    /// What a program finds in its `{files}`; nothing for everybody else.
    pub files: Vec<Laid>,
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Connects to the student.
    Client,
    /// `{ clients: 50 }`: a crowd that acts as one, each with its number `{i}` (from 0).
    Clients(u32),
    /// Listens from before the first line: `server`, `{ server: silent, at: 127.0.0.2 }`. With `port: 80` on that port
    /// (needs a cell, where every port is free), otherwise on any.
    Server { manner: Manner, at: Ipv4Addr, port: Option<u16> },
    /// A real program of the machine, `curl`, beside the student's.
    Tool,
    /// `{ program: httpd }`: another program of a submission, a server, in a cell of its own. The student reaches it as it
    /// reaches a server of the grader's, who passes on every byte.
    Program(String),
}

/// What a server of the grader does with connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Accepts them when the exchange says `accept`.
    Willing,
    /// Its accept queue is full from the start: a SYN is never answered.
    Silent,
    /// Nobody listens on its port: a SYN is answered with RST.
    Refusing,
    /// It listens on the student's own `{port}`, before the student starts.
    Squatting,
    /// There is no route to it: connect fails with ENETUNREACH or EHOSTUNREACH. Needs a cell.
    Unreachable,
}
