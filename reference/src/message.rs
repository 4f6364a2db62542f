//! A request as a server reads it: where its head ends, what the head says, and what is wrong with it. RFC 9112.
//!
//! ```text
//! GET /a/b.html?x=1 HTTP/1.0     request line: method, target, version
//! Host: www.lab:8080             headers: name, colon, value
//! User-Agent: curl/8.5.0
//!                                an empty line: the head is over
//! ```
//!
//! `client get` has the other half of the conversation, in [`http`](crate::http). The difference is trust: a client
//! chose its server, a server answers whoever comes. So nothing is believed here: not that the head ever ends, not that
//! it comes in one piece, not that it is HTTP.

use std::os::fd::AsFd;

use nix::errno::Errno;

use crate::rio::read_some;

/// The head of a request, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`. Any word: which methods a server has is not the syntax's business.
    pub method: String,
    /// What is asked for, as it was sent: `/a/b.html?x=1`, or a whole URL when a proxy is asked.
    pub target: String,
    pub version: Version,
    /// In the order in which they came. Values are bytes: nothing says that they are UTF-8, and a proxy hands them on.
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
/// What came behind the empty line is dropped: a GET has no body, and this server answers one request a connection.
pub fn read_head(connection: impl AsFd, limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
    let mut came = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        // `read(2)` gives what has come: half a line, or one byte. So all that has come is looked at, not the last
        // piece: the empty line itself may come in two.
        if let Some(end) = end_of_head(&came) {
            came.truncate(end);
            return if end <= limit { Ok(Some(came)) } else { Err(Trouble::TooLarge) };
        }
        // Without a limit anybody could fill our memory, with one header that never ends.
        if came.len() > limit {
            return Err(Trouble::TooLarge);
        }
        match read_some(&connection, &mut buffer) {
            // Browsers open connections that they might need, and close them unused: that is nobody's mistake.
            Ok(0) if came.is_empty() => return Ok(None),
            Ok(0) => return Err(Trouble::Cut),
            Ok(count) => came.extend_from_slice(&buffer[..count]),
            Err(errno) => return Err(Trouble::Lost(errno)),
        }
    }
}

/// Where the head ends: behind its empty line.
///
/// Lines end with CR LF. A bare LF will do as well, as RFC 9112 allows: people type requests into `nc`.
fn end_of_head(came: &[u8]) -> Option<usize> {
    let mut begin = 0;
    while let Some(length) = came[begin..].iter().position(|byte| *byte == b'\n') {
        let line = &came[begin..begin + length];
        begin += length + 1;
        if matches!(line, b"" | b"\r") {
            return Some(begin);
        }
    }
    None
}

/// Understands a head, from the request line to the empty line.
pub fn parse_request(head: &[u8]) -> Result<Request, Trouble> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let (method, target, version) = parse_request_line(lines.next().unwrap_or_default())?;
    // Another major version may mean anything else by its headers: we can't read on. Minor versions only add to it,
    // and a server of 1.0 answers clients of 1.1.
    if version.major != 1 {
        return Err(Trouble::Version);
    }
    let headers = lines.take_while(|line| !line.is_empty()).map(parse_header).collect::<Result<_, _>>()?;
    Ok(Request { method, target, version, headers })
}

/// `GET /index.html HTTP/1.0`: three words with one blank between them.
pub fn parse_request_line(line: &[u8]) -> Result<(String, String, Version), Trouble> {
    // HTTP 0.9 had two words, `GET /`, and answers without a head. No client means that today.
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Trouble::Malformed);
    };
    if !is_token(method) || target.is_empty() || target.iter().any(u8::is_ascii_control) {
        return Err(Trouble::Malformed);
    }
    let version = match version {
        [b'H', b'T', b'T', b'P', b'/', major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9'] => {
            Version { major: major - b'0', minor: minor - b'0' }
        }
        _ => return Err(Trouble::Malformed),
    };
    Ok((text(method)?, text(target)?, version))
}

/// `Name: value`, with blanks around the value if somebody likes them.
pub fn parse_header(line: &[u8]) -> Result<(String, Vec<u8>), Trouble> {
    let colon = line.iter().position(|byte| *byte == b':').ok_or(Trouble::Malformed)?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    // No blank before the colon, and none at the line's beginning, where it once meant "the last line goes on": two
    // programs that read such a line differently can be played against each other.
    if !is_token(name) {
        return Err(Trouble::Malformed);
    }
    Ok((text(name)?, value.trim_ascii().to_vec()))
}

/// A word of HTTP: letters, digits and some signs; no blanks, and not empty.
fn is_token(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn text(bytes: &[u8]) -> Result<String, Trouble> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Trouble::Malformed)
}

#[cfg(test)]
mod tests {
    use std::os::fd::OwnedFd;

    use nix::sys::socket::{AddressFamily, SockFlag, SockType, socketpair};

    use super::*;
    use crate::rio::writen;

    /// What `read_head` finds when these pieces come, and then the end of file.
    fn head_of(pieces: &[&[u8]], limit: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let (near, far): (OwnedFd, OwnedFd) =
            socketpair(AddressFamily::Unix, SockType::Stream, None, SockFlag::SOCK_CLOEXEC).unwrap();
        for piece in pieces {
            writen(&near, piece).unwrap();
        }
        drop(near);
        read_head(far, limit)
    }

    #[test]
    fn a_head_ends_at_its_empty_line_wherever_it_was_cut() {
        let head = b"GET / HTTP/1.0\r\nA: b\r\n\r\n";
        assert_eq!(head_of(&[b"GET / HTTP/1.0\r\nA: b\r\n\r", b"\nrest"], 100), Ok(Some(head.to_vec())));
        assert_eq!(head_of(&[b"GET / HTTP/1.0\n\n"], 100), Ok(Some(b"GET / HTTP/1.0\n\n".to_vec())));
    }

    #[test]
    fn no_word_is_no_mistake_and_half_a_head_is_one() {
        assert_eq!(head_of(&[], 100), Ok(None));
        assert_eq!(head_of(&[b"GET / HTTP/1.0\r\n"], 100), Err(Trouble::Cut));
    }

    #[test]
    fn the_limit_counts_whether_the_head_ends_or_not() {
        assert_eq!(head_of(&[b"0123456\r\n\r\n"], 11).map(|head| head.is_some()), Ok(true));
        assert_eq!(head_of(&[b"01234567\r\n\r\n"], 11), Err(Trouble::TooLarge));
        assert_eq!(head_of(&[&[b'x'; 12]], 11), Err(Trouble::TooLarge));
    }

    #[test]
    fn a_request_is_method_target_version_and_headers() {
        let request = parse_request(b"GET /a?b HTTP/1.1\r\nHost:  a.lab \r\nX:\xff\r\n\r\n").unwrap();
        assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/a?b"));
        assert_eq!(request.version, Version { major: 1, minor: 1 });
        assert_eq!(request.header("HOST"), Some(b"a.lab".as_slice()));
        assert_eq!(request.header("x"), Some(b"\xff".as_slice()));
    }

    #[test]
    fn what_is_not_a_request_is_named() {
        for line in ["", "GET", "GET /", "GET  / HTTP/1.0", "GET / HTTP/1.0 x", "G(T / HTTP/1.0", "GET / http/1.0"] {
            assert_eq!(parse_request(format!("{line}\r\n\r\n").as_bytes()), Err(Trouble::Malformed), "{line}");
        }
        for header in ["no colon", "Blank : x", " folded: x", ": x"] {
            let head = format!("GET / HTTP/1.0\r\n{header}\r\n\r\n");
            assert_eq!(parse_request(head.as_bytes()), Err(Trouble::Malformed), "{header}");
        }
        assert_eq!(parse_request(b"GET / HTTP/2.0\r\n\r\n"), Err(Trouble::Version));
    }
}
