//! A request as a server reads it: where its head ends, what the head says, and what is wrong with it. RFC 9112.
//!
//! ```text
//! GET /a/b.html?x=1 HTTP/1.0     request line: method, target, version
//! Host: www.lab:8080             headers: name, colon, value
//! User-Agent: curl/8.5.0
//!                                an empty line: the head is over
//! ```
//!
//! Nothing is believed here: not that the head ever ends, not that it comes in one piece, not that it is HTTP.

use std::os::fd::AsFd;

use nix::errno::Errno;

/// The head of a request, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, or any other word.
    pub method: String,
    /// What is asked for, as it was sent: `/a/b.html?x=1`, or a whole URL when a proxy is asked.
    pub target: String,
    pub version: Version,
    /// In the order in which they came.
    pub headers: Vec<(String, Vec<u8>)>,
}

/// The two digits of `HTTP/1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub major: u8,
    pub minor: u8,
}

/// Why there is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is not HTTP, or HTTP before 1.0: status 400.
    Malformed,
    /// A major version that we do not speak: status 505.
    Version,
    /// The head is longer than we want to read: status 431.
    TooLarge,
    /// The end of file in the middle of the head.
    Cut,
    /// The connection broke.
    Lost(Errno),
}

impl Request {
    /// The value of the first header of that name; names are the same in capitals and in small letters.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_slice())
    }
}

/// Reads a head, up to and with its empty line; `None` when the client hangs up without a word.
///
/// The head may come in many pieces, cut anywhere, in the middle of the empty line too. More than `limit` bytes are
/// `Trouble::TooLarge`, whether or not the head has ended by then. What came behind the empty line can be dropped.
pub fn read_head(connection: impl AsFd, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
    todo!("message::read_head")
}

/// Understands a head, from the request line to the empty line, with the two functions below.
///
/// A major version other than 1 is `Trouble::Version`.
pub fn parse_request(head: &[u8]) -> Result<Request, Trouble> {
    todo!("message::parse_request")
}

/// `GET /index.html HTTP/1.0`: three words with one blank between them, and the version is two digits.
pub fn parse_request_line(line: &[u8]) -> Result<(String, String, Version), Trouble> {
    todo!("message::parse_request_line")
}

/// `Name: value`, with blanks around the value if somebody likes them.
pub fn parse_header(line: &[u8]) -> Result<(String, Vec<u8>), Trouble> {
    todo!("message::parse_header")
}
