//! One HTTP/1.0 exchange: what `client get` says and understands. RFC 1945 is short; RFC 9110 and 9112 hold today.
//!
//! HTTP is text over a connection, and shows what every protocol over TCP has to settle: where does a message end?
//! A head ends at an empty line; a body after `Content-Length` bytes or, without one, at end of file.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::failure::Failure;

/// `http://HOST[:PORT][/PATH]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    pub host: String,
    /// 80 when the URL has none.
    pub port: u16,
    /// With its slash, and with the query if there is one.
    pub path: String,
}

impl Url {
    /// `None` when `text` is no such URL. Complete: a URL is an argument like others.
    pub fn parse(text: &str) -> Option<Url> {
        let rest = text.strip_prefix("http://")?;
        // What follows `#` is for the one who reads the answer; it is not sent.
        let rest = rest.split('#').next()?;
        let (authority, path) = match rest.find(['/', '?']) {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (authority, 80),
        };
        let speakable = |text: &str| !text.contains(|c: char| c.is_ascii_control() || c == ' ');
        (!host.is_empty() && speakable(host) && speakable(&path)).then(|| Url { host: host.to_owned(), port, path })
    }
}

/// The head of an answer, as far as a client needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// `HTTP/1.0 404 Not Found`
    pub status_line: String,
    pub status: u16,
    /// `Content-Length`: the size of the body, when the server tells.
    pub length: Option<u64>,
}

/// The request for `url`: `GET PATH HTTP/1.0`, a `Host` header, and the empty line. Lines end with CR LF.
///
/// `Host` is the host as it stands in the URL, with `:PORT` unless the port is 80.
pub fn request(url: &Url) -> String {
    todo!("http::request")
}

/// Reads an answer up to the empty line after its headers. Returns the head, and what had come of the body with it.
///
/// The head may come in many pieces, cut anywhere, and its last piece may have some of the body behind it. An end of file
/// before the empty line is `Failure::BadResponse`.
pub fn read_head(connection: BorrowedFd<'_>) -> Result<(Head, Vec<u8>), Failure> {
    todo!("http::read_head")
}

/// Understands a head, from the status line to the empty line. What is not HTTP is `Failure::BadResponse`.
///
/// The names of headers are the same in capitals and in small letters, and around values there may be blanks.
pub fn parse_head(head: &[u8]) -> Result<Head, Failure> {
    todo!("http::parse_head")
}

/// Hands on the body to `output`: `first`, which came with the head, and then what the connection has.
///
/// With a `length` it is that many bytes, whatever follows them, and the end of file before is `Failure::Truncated`.
/// Without one the body goes on to the end of file.
pub fn copy_body(
    connection: BorrowedFd<'_>,
    first: &[u8],
    length: Option<u64>,
    output: BorrowedFd<'_>,
) -> Result<(), Failure> {
    todo!("http::copy_body")
}

/// Asks for `url` and writes the body of a 2xx answer to `output`.
///
/// Connect, send the request, read the head. Any other status is `Failure::Status` with the status line, and nothing is
/// written to `output`.
pub fn get(url: &Url, timeout: Duration, output: BorrowedFd<'_>) -> Result<(), Failure> {
    todo!("http::get")
}
