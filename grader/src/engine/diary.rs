//! What an actor saw of one connection, kept where the network cannot be listened to: it is drawn from that.

use std::net::SocketAddr;
use std::time::Instant;

/// Of what goes over one connection so much is kept; of the rest, how much it was.
const MOST: usize = 1 << 20;
/// Events that are kept.
const EVENTS: usize = 20_000;

/// A connection's story.
#[derive(Debug)]
pub struct Diary {
    pub mine: SocketAddr,
    pub theirs: SocketAddr,
    /// The grader's actor asked for it; otherwise the student did.
    pub asked: bool,
    pub events: Vec<(Instant, Event)>,
    /// Events that there was no room for.
    pub missing: u64,
    kept: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Established,
    /// The SYN was answered with RST.
    Refused,
    /// The SYN was not answered.
    Unanswered,
    By(Side, Told),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Mine,
    Theirs,
}

/// What one side told the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// So many bytes, and what was kept of them.
    Bytes {
        length: usize,
        kept: Vec<u8>,
    },
    End,
    Reset,
}

impl Diary {
    pub fn new(mine: SocketAddr, theirs: SocketAddr, asked: bool, first: Event) -> Diary {
        Diary { mine, theirs, asked, events: vec![(Instant::now(), first)], missing: 0, kept: 0 }
    }

    pub fn bytes(&mut self, side: Side, bytes: &[u8]) {
        let room = (MOST - self.kept).min(bytes.len());
        self.kept += room;
        self.note(side, Told::Bytes { length: bytes.len(), kept: bytes[..room].to_vec() });
    }

    pub fn note(&mut self, side: Side, told: Told) {
        match self.events.len() < EVENTS {
            true => self.events.push((Instant::now(), Event::By(side, told))),
            false => self.missing += 1,
        }
    }
}
