//! Which stage of the socket's life went wrong: the data. `words.rs` beside this file has the sentences.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::cell::Status;
use crate::rubric::{Bound, SocketState};

/// More than any report shows.
const EXCERPT: usize = 4096;

/// How an exchange came to differ from what the rubric's line asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Miss {
    // The program as a whole
    /// It could not be executed: `exec format error`, a missing interpreter.
    NotStarted {
        why: String,
    },
    Died {
        signal: i32,
        name: Cow<'static, str>,
    },
    /// It was ended for that: its limit in bytes.
    TooMuchMemory {
        limit: u64,
    },
    TooManyProcesses {
        limit: u64,
    },
    /// Rust's exit status 101 with a panic message.
    Panicked {
        message: String,
    },
    /// It ended although it was still needed.
    Exited {
        status: i32,
    },
    /// It ended without a byte on `who` (stdout).
    SaidNothing {
        who: String,
        status: i32,
    },
    WrongStatus {
        expected: Vec<u8>,
        got: i32,
    },
    /// It ended before it could have waited long enough.
    TooSoon {
        after: Duration,
        ended: Duration,
    },
    StillRunning,
    /// Of the `lines` that came on the stream none is as it should be.
    Lacks {
        who: String,
        wanted: String,
        lines: usize,
        #[serde(default)]
        got: Excerpt,
    },

    // A server's life, in order
    NeverMadeSocket,
    MadeSocketOnly,
    /// None of its sockets is of TCP.
    NoTcpSocket {
        protocol: String,
    },
    BoundNotListening {
        port: u16,
    },
    ListeningOnOtherPort {
        asked: u16,
        listening: Vec<SocketAddr>,
    },
    ListeningOnlyOn {
        address: IpAddr,
        port: u16,
    },
    Ipv6Only {
        port: u16,
    },
    PortBelongsToAnother {
        port: u16,
        owner: Option<String>,
    },
    /// A process of the program that was killed still has the listener.
    PortKept {
        port: u16,
        by: String,
    },
    /// It listened before, and does so no more.
    StoppedListening {
        port: u16,
    },
    /// Another socket listens there now, or none, and a connection that nobody had said a word on was reset.
    ListenerClosed {
        who: String,
        port: u16,
    },
    Backlog {
        expected: Bound,
        got: u64,
    },
    /// The connection waits in the accept queue with `waiting` in all.
    NotAccepting {
        waiting: u32,
    },
    ConnectFailed {
        error: String,
    },

    // A client's life
    NeverConnected,
    /// It waits for an answer from `to`.
    ConnectsElsewhere {
        to: SocketAddr,
        expected: SocketAddr,
    },

    /// It waits for an answer of another server of the exchange meanwhile.
    HeldUpConnecting {
        by: String,
        expected: String,
    },
    /// A client of its own was told this instead.
    AnsweredInstead {
        expected: String,
        who: String,
        got: Excerpt,
    },

    // A connection's life; `who` is `the connection of slow`, `stdout`
    /// It took `read` of `sent` bytes and said nothing; or nothing more than the `said` bytes that were expected before.
    Silent {
        who: String,
        sent: u64,
        read: u64,
        #[serde(default)]
        said: u64,
    },
    /// The student stopped reading: `sent` of `total` bytes could be handed over.
    StoppedReading {
        who: String,
        sent: u64,
        total: u64,
    },
    WrongBytes {
        who: String,
        difference: Difference,
    },
    TooFew {
        who: String,
        expected: u64,
        got: u64,
        tail: Vec<u8>,
        ended: Ending,
    },
    TooMany {
        who: String,
        expected: u64,
        extra: Excerpt,
    },
    /// Bytes where there should be none.
    NotSilent {
        who: String,
        got: Excerpt,
    },
    LineDiffers {
        who: String,
        pattern: String,
        got: Excerpt,
    },
    LinesDiffer {
        who: String,
        missing: Vec<String>,
        unexpected: Vec<String>,
    },
    /// Line `number` is nobody's next: `next` would have been, and those of `others` more senders.
    LineOutOfTurn {
        who: String,
        number: u64,
        got: Excerpt,
        next: Vec<String>,
        others: u64,
    },
    /// All that has come is `got`, and the bytes are not among it.
    NeverCame {
        who: String,
        wanted: String,
        got: Excerpt,
    },
    HttpDiffers {
        who: String,
        what: String,
        got: Excerpt,
    },
    ClosedEarly {
        who: String,
        how: Ending,
        after: u64,
    },
    /// The grader could not hand over its bytes: the student had hung up.
    ClosedWhileSending {
        who: String,
        sent: u64,
        total: u64,
        how: Ending,
    },
    /// `waits`: it sleeps in a read of that connection, until the peer ends it.
    NotClosed {
        who: String,
        waits: bool,
    },
    WrongClose {
        who: String,
        expected: Ending,
        got: Ending,
    },

    // A real program that played with it
    /// It ended otherwise than it should have; `said` is its stderr.
    ToolFailed {
        tool: String,
        expected: Vec<u8>,
        got: Status,
        said: Excerpt,
    },
    /// It still ran when nothing more could come, or its time was over. The student had `sent` it so much.
    ToolWaits {
        tool: String,
        sent: u64,
        said: Excerpt,
    },

    // What the kernel shows
    Leaks {
        what: Cow<'static, str>,
        before: u64,
        after: u64,
    },
    Count {
        what: String,
        expected: Bound,
        got: u64,
    },
    SocketsIn {
        state: SocketState,
        expected: Bound,
        got: u64,
    },
    /// The process that serves runs another program than the one that started it.
    NotForked {
        parent: String,
        child: String,
    },
    Busy {
        used: Duration,
        over: Duration,
    },
    NeverAsleep,
}

/// Bytes that a program wrote, or as many of them as anybody will read: there may be megabytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Excerpt {
    head: Vec<u8>,
    /// Of all of them.
    pub total: u64,
}

impl From<&[u8]> for Excerpt {
    fn from(bytes: &[u8]) -> Excerpt {
        Excerpt { head: bytes[..bytes.len().min(EXCERPT)].to_vec(), total: bytes.len() as u64 }
    }
}

impl Deref for Excerpt {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.head
    }
}

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    Eof,
    Reset,
    /// It is still open.
    Open,
}

/// The first difference between two byte strings, with a window around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Offset of the first byte that differs, in the expected bytes.
    pub offset: u64,
    /// Offset of the windows' first byte.
    pub start: u64,
    pub expected: Vec<u8>,
    pub got: Vec<u8>,
    pub expected_total: u64,
    pub got_total: u64,
}
