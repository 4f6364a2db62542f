//! What can go wrong for a client, in the labs' words: the grader looks for these phrases on stderr.
//!
//! This file is complete in the starter too.

use std::fmt;

use nix::errno::Errno;

use crate::names::NameError;

/// Why an operation failed. The program says it on stderr and ends with exit status 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The host has no IPv4 address.
    UnknownHost(NameError),
    /// The machine is there, but nobody listens on the port: it answered our SYN with RST.
    Refused,
    /// Nobody answered in time.
    TimedOut,
    /// There is no way to the machine.
    Unreachable,
    /// The peer hung up while we had more to say.
    ClosedByPeer,
    /// The connection was torn down by the peer's RST.
    Reset,
    /// The answer ended before its `Content-Length`.
    Truncated,
    /// The peer answered, but not in HTTP.
    BadResponse,
    /// An HTTP status other than 2xx: the whole status line.
    Status(String),
    /// Anything else that a system call says.
    System(Errno),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Failure::UnknownHost(error) => write!(f, "unknown host: {error}"),
            Failure::Refused => f.write_str("connection refused"),
            Failure::TimedOut => f.write_str("connection timed out"),
            Failure::Unreachable => f.write_str("host unreachable"),
            Failure::ClosedByPeer => f.write_str("connection closed by peer"),
            Failure::Reset => f.write_str("connection reset"),
            Failure::Truncated => f.write_str("answer truncated"),
            Failure::BadResponse => f.write_str("bad response"),
            Failure::Status(line) => f.write_str(line),
            Failure::System(errno) => f.write_str(errno.desc()),
        }
    }
}

impl std::error::Error for Failure {}

/// What `errno` says, as far as it has a phrase of its own.
impl From<Errno> for Failure {
    fn from(errno: Errno) -> Failure {
        match errno {
            Errno::ECONNREFUSED => Failure::Refused,
            Errno::ETIMEDOUT => Failure::TimedOut,
            // No route at all, and a route whose last hop does not find the machine.
            Errno::ENETUNREACH | Errno::EHOSTUNREACH => Failure::Unreachable,
            Errno::ECONNRESET => Failure::Reset,
            other => Failure::System(other),
        }
    }
}

impl From<NameError> for Failure {
    fn from(error: NameError) -> Failure {
        Failure::UnknownHost(error)
    }
}
