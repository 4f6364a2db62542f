//! One HTTP/1.0 exchange: what `client get` says and understands. RFC 1945 is short; RFC 9110 and 9112 hold today.
//!
//! HTTP is text over a connection, and shows what every protocol over TCP has to settle: where does a message end?
//! A head ends at an empty line; a body after `Content-Length` bytes or, without one, at end of file.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use crate::client;
use crate::failure::Failure;
use crate::rio::{read_some, writen};

/// A head longer than this is none.
const LONGEST_HEAD: usize = 64 * 1024;

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
    /// `None` when `text` is no such URL. This function is complete in the starter too.
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

/// The request for `url`: a request line, headers, and the empty line that ends them. Lines end with CR LF.
pub fn request(url: &Url) -> String {
    // Many sites live at one address: `Host` says which is meant, by the name in the URL (not by its address), and with
    // the port, unless it is the one that everybody expects.
    let host = match url.port {
        80 => url.host.clone(),
        port => format!("{}:{port}", url.host),
    };
    // HTTP/1.0: the server closes after its answer, and does not cut it into chunks.
    format!("GET {} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: socket-labs\r\n\r\n", url.path)
}

/// Reads an answer up to the empty line after its headers. Returns the head, and what had come of the body with it.
pub fn read_head(connection: BorrowedFd<'_>) -> Result<(Head, Vec<u8>), Failure> {
    let mut came = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        // The head may come in many pieces, cut anywhere, in the middle of the CR LF CR LF too: so all that has come
        // is looked at, not just the last piece.
        if let Some(end) = came.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = came.split_off(end + 4);
            return Ok((parse_head(&came)?, body));
        }
        // Somebody who does not speak HTTP need not ever send an empty line.
        if came.len() > LONGEST_HEAD {
            return Err(Failure::BadResponse);
        }
        match read_some(connection, &mut buffer)? {
            // The end before the head's: no answer at all, or not one in HTTP.
            0 => return Err(Failure::BadResponse),
            count => came.extend_from_slice(&buffer[..count]),
        }
    }
}

/// Understands a head, from the status line to the empty line.
pub fn parse_head(head: &[u8]) -> Result<Head, Failure> {
    // Header values may hold bytes that are not UTF-8. They are not ours to judge; what we look for is ASCII.
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let status_line = lines.next().unwrap_or_default().to_owned();
    // `HTTP/1.0 404 Not Found`: version, three digits, and words for people, which may be missing.
    let mut words = status_line.split(' ');
    let version = words.next().unwrap_or_default();
    let digits = words.next().unwrap_or_default();
    if !version.starts_with("HTTP/") || digits.len() != 3 {
        return Err(Failure::BadResponse);
    }
    let status = digits.parse().map_err(|_| Failure::BadResponse)?;
    let mut length = None;
    for line in lines.take_while(|line| !line.is_empty()) {
        // The names of headers are the same in capitals and in small letters.
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = Some(value.trim().parse().map_err(|_| Failure::BadResponse)?);
        }
    }
    Ok(Head { status_line, status, length })
}

/// Hands on the body to `output`: `first`, which came with the head, and then what the connection has.
///
/// With a `length` it is that many bytes, and not one read more: the server may well keep the connection open, and
/// would let us wait. Without one the body goes on to the end of file.
pub fn copy_body(
    connection: BorrowedFd<'_>,
    first: &[u8],
    length: Option<u64>,
    output: BorrowedFd<'_>,
) -> Result<(), Failure> {
    let mut left = length.unwrap_or(u64::MAX);
    let mut buffer = vec![0; 64 * 1024];
    let mut piece = first;
    loop {
        // What comes after the body is not ours.
        let part = &piece[..piece.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
        writen(output, part).map_err(Failure::System)?;
        left -= part.len() as u64;
        if left == 0 {
            return Ok(());
        }
        match read_some(connection, &mut buffer)? {
            // With a length the end of file comes too early here: this is how one knows that half an answer is only half.
            0 if length.is_some() => return Err(Failure::Truncated),
            0 => return Ok(()),
            count => piece = &buffer[..count],
        }
    }
}

/// Asks for `url` and writes the body of a 2xx answer to `output`.
pub fn get(url: &Url, timeout: Duration, output: BorrowedFd<'_>) -> Result<(), Failure> {
    let connection = client::connect(&url.host, url.port, timeout)?;
    // A request is small, but writen costs nothing. A server that does not want it may have hung up already; then
    // what it said before that is worth more than our error.
    _ = writen(&connection, request(url).as_bytes());
    // No half-close here. The empty line says that the request is over, and some servers take the end of file for a
    // client that has gone.
    let (head, first) = read_head(connection.as_fd())?;
    // Other answers have bodies too, error pages mostly. Whoever pipes our output into a file does not want them there.
    if !(200..300).contains(&head.status) {
        return Err(Failure::Status(head.status_line));
    }
    copy_body(connection.as_fd(), &first, head.length, output)?;
    client::hang_up(connection)
}
