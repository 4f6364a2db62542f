//! A server that is a client too: a forward proxy, which asks in its clients' name and hands on what it is told.
//!
//! ```text
//!   client                     proxy                           origin
//!     │ GET http://origin/x HTTP/1.0 │                              │
//!     ├─────────────────────────────>│ GET /x HTTP/1.0              │
//!     │                              │ Host: origin                 │
//!     │                              │ Via: 1.0 socket-labs         │
//!     │                              ├─────────────────────────────>│
//!     │                              │              HTTP/1.0 200 OK │
//!     │              HTTP/1.0 200 OK │<─────────────────────────────┤
//!     │<─────────────────────────────┤                          ... │
//!     │ ...                          │<─────────────────────────────┤
//!     │<─────────────────────────────┤                              │
//! ```
//!
//! There are two connections, and nothing ties them together but this program. Whatever ends one of them, ends the
//! other only if the proxy sees to it; how fast one of them is, slows down the other only if the proxy waits. And the
//! status of an answer tells the client which of the two is to blame: 4xx is about its own request, 502 and 504 are
//! about the one behind the proxy.
//!
//! The door is lab 02's ([`server`]), the way to the origin lab 01's ([`client`]), a request's head lab 04's
//! ([`message`]). See RFC 9110, section 7.6, for what a proxy owes to both sides, and `poll(2)` for waiting.

use std::convert::Infallible;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{Shutdown, shutdown};
use nix::unistd;

use crate::client;
use crate::failure::Failure;
use crate::http::Url;
use crate::message::{self, Request, Trouble};
use crate::rio::{read_some, writen};
use crate::server::{self, say};

/// A longer head is refused: it is somebody else's memory test.
const LONGEST_HEAD: usize = 64 * 1024;

/// Bytes read at once. What has come is handed on, be it one byte: the size is no reason to wait.
const BUFFER: usize = 64 * 1024;

/// How long a client may take to end its connection after an answer.
const PARTING: Duration = Duration::from_secs(1);

/// How long the door stays shut when no descriptor or no thread is free.
const BREATHER: Duration = Duration::from_millis(50);

/// The headers of a message that are about one connection only, and not for whoever comes behind it: RFC 9110, 7.6.1.
///
/// `Proxy-Connection` stands in no standard; old clients say it instead of `Connection` when they know of the proxy.
const HOP_BY_HOP: [&str; 8] = [
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Proxy-Authorization",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Why the proxy answers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not HTTP, or no `http://` URL in it.
    BadRequest,
    /// A head that does not end.
    TooLarge,
    /// Any method but GET.
    NotImplemented,
    /// The origin can't be reached, or hung up without a word.
    BadGateway,
    /// The origin does not say anything.
    GatewayTimeout,
    /// HTTP, but not of major version 1.
    Version,
}

impl Refusal {
    /// The status and its words. This function is complete in the starter too.
    pub fn status(self) -> &'static str {
        match self {
            Refusal::BadRequest => "400 Bad Request",
            Refusal::TooLarge => "431 Request Header Fields Too Large",
            Refusal::NotImplemented => "501 Not Implemented",
            Refusal::BadGateway => "502 Bad Gateway",
            Refusal::GatewayTimeout => "504 Gateway Timeout",
            Refusal::Version => "505 HTTP Version Not Supported",
        }
    }
}

/// Step 1: what the client wants: its request, and the URL in it.
pub fn understand(head: &[u8]) -> Result<(Request, Url), Refusal> {
    let request = message::parse_request(head).map_err(|trouble| match trouble {
        Trouble::Version => Refusal::Version,
        _ => Refusal::BadRequest,
    })?;
    // Before the target is looked at: that of CONNECT is no URL, only `www.example.net:443`, and rightly so.
    if request.method != "GET" {
        return Err(Refusal::NotImplemented);
    }
    // A server is asked for `/index.html`, since the client is connected to the right machine already. A proxy has to
    // be told where to go: the target is the whole URL. Without it we would have nobody to ask.
    let url = Url::parse(&request.target).ok_or(Refusal::BadRequest)?;
    Ok((request, url))
}

/// Step 2: whether a header ends here. The others are for the origin, and go on to it as they came.
pub fn ends_here(request: &Request, name: &str) -> bool {
    // `Connection` is about this connection, and lists further headers that are: `Connection: close, X-Trace`. It may
    // come more than once.
    let connection = request.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case("Connection"));
    let mut named = connection.flat_map(|(_, value)| value.split(|byte| *byte == b','));
    HOP_BY_HOP.iter().any(|known| known.eq_ignore_ascii_case(name))
        || named.any(|known| known.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}

/// Step 3: the request as the origin gets it.
pub fn request_for_origin(request: &Request, url: &Url) -> Vec<u8> {
    // HTTP/1.0, whatever the client speaks: a version is spoken by the two ends of a connection, and the client is not
    // at this one. Of 1.0 we know that the origin closes after its answer, and sends no chunks, which a client of 1.0
    // could not read.
    let mut head = format!("GET {} HTTP/1.0\r\n", url.path).into_bytes();
    // From the URL, not from the client's own `Host`, which it may have left out, or made up.
    let host = match url.port {
        80 => url.host.clone(),
        port => format!("{}:{port}", url.host),
    };
    head.extend(format!("Host: {host}\r\n").into_bytes());
    for (name, value) in &request.headers {
        // We don't hand on a body, so we must not announce one: the origin would wait for it.
        let about_a_body = name.eq_ignore_ascii_case("Content-Length");
        if !name.eq_ignore_ascii_case("Host") && !about_a_body && !ends_here(request, name) {
            head.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
    }
    // Who has handed it on, in which version it came. One line more each time, so the last proxy stands last; a proxy
    // that finds itself in there is running in circles.
    head.extend(format!("Via: 1.{} socket-labs\r\n\r\n", request.version.minor).into_bytes());
    head
}

/// Step 4: a connection to the origin: `socket(2)`, `connect(2)`, as in lab 01.
pub fn reach(url: &Url, timeout: Duration) -> Result<OwnedFd, Refusal> {
    client::connect(&url.host, url.port, timeout).map_err(|failure| match failure {
        // Nobody said no; nobody said anything.
        Failure::TimedOut => Refusal::GatewayTimeout,
        // Refused, unreachable, or a name that nobody knows: the client could not have known. That is no 4xx.
        _ => Refusal::BadGateway,
    })
}

/// What a wait for the origin has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// There is something to read from the origin, if only its end of file.
    Ready,
    TimedOut,
    /// The client has torn its connection down.
    ClientGone,
}

/// Step 5: waits until the origin says something, for at most `timeout`: `poll(2)`.
///
/// A plain `read` would wait as long as the origin likes, and would not notice that nobody waits for the answer any more.
pub fn wait_for(origin: &OwnedFd, client: &OwnedFd, timeout: Duration) -> nix::Result<Event> {
    let begun = Instant::now();
    loop {
        // Counted anew each time round: a signal must not give the origin the whole timeout again.
        let left = timeout.saturating_sub(begun.elapsed());
        let milliseconds = left.as_nanos().div_ceil(1_000_000);
        let patience = PollTimeout::try_from(milliseconds).unwrap_or(PollTimeout::MAX);
        let mut watched = [
            PollFd::new(origin.as_fd(), PollFlags::POLLIN),
            // Asked for nothing, poll still reports POLLERR and POLLHUP: a reset. Not POLLIN: a client has nothing more
            // to say. And not its end of file: `nc` half-closes when its stdin ends, and waits for the answer.
            PollFd::new(client.as_fd(), PollFlags::empty()),
        ];
        match poll(&mut watched, patience) {
            Ok(0) if begun.elapsed() >= timeout => return Ok(Event::TimedOut),
            Ok(0) | Err(Errno::EINTR) => continue,
            Ok(_) => {}
            Err(errno) => return Err(errno),
        }
        return Ok(if watched[1].any().unwrap_or(false) { Event::ClientGone } else { Event::Ready });
    }
}

/// Step 6: hands on the answer while it comes.
///
/// `read(2)`, `write(2)`. The bytes are not looked at: the status line and the headers are for the client, and it
/// understands them better than we do. So there is no body that could come out wrong, and none that is too long for our
/// memory.
///
/// An `Err` is for the client, who has not got a byte yet. Once it has, no status of ours can reach it any more: it would
/// stand in the middle of the origin's answer. Then all that is left to say is the end of the connection.
pub fn relay(origin: &OwnedFd, client: &OwnedFd, timeout: Duration) -> Result<(), Refusal> {
    let mut buffer = vec![0; BUFFER];
    let mut begun = false;
    loop {
        // The timeout is for each wait. A long answer may take hours, as long as it goes on coming.
        match wait_for(origin, client, timeout) {
            Ok(Event::Ready) => {}
            Ok(Event::TimedOut) if !begun => return Err(Refusal::GatewayTimeout),
            Ok(Event::TimedOut | Event::ClientGone) => return Ok(()),
            Err(_) => return if begun { Ok(()) } else { Err(Refusal::BadGateway) },
        }
        match read_some(origin, &mut buffer) {
            // The end of file, or a reset. With nothing before it there is no answer to hand on, not even a bad one.
            Ok(0) | Err(_) => return if begun { Ok(()) } else { Err(Refusal::BadGateway) },
            Ok(count) => {
                // At once, what there is: the origin may be a news ticker, or think for a minute between two lines.
                //
                // If the client is slow this blocks, we don't read meanwhile, and the origin is slowed down in turn:
                // TCP's flow control works through a proxy that does not read more than it can write.
                //
                // If the client has gone it fails with ECONNRESET or EPIPE. (C programs get SIGPIPE as well, and die
                // of it: see `client`.) Nobody is left to answer, and so the origin's work is for nobody: we return,
                // its connection is closed, and it will notice.
                if writen(client, &buffer[..count]).is_err() {
                    return Ok(());
                }
                begun = true;
            }
        }
    }
}

/// Step 7: an answer of our own.
pub fn refuse(client: &OwnedFd, refusal: Refusal) -> nix::Result<()> {
    let status = refusal.status();
    let page = format!("{status}, says the proxy\n");
    let length = page.len();
    let head = format!("HTTP/1.0 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n");
    writen(client, (head + &page).as_bytes())
}

/// Step 8: ends a client's connection so that all of its answer arrives: `shutdown(2)`, `close(2)`.
///
/// Closing a socket that still has unread bytes, such as the body of a POST that we refuse, sends RST instead of FIN,
/// and a client that hears RST may forget what it has not read yet: our answer. So we say FIN first, and read what the
/// client still sends until it has ended too; but only so long, since it need not ever end.
pub fn hang_up(client: OwnedFd) -> nix::Result<()> {
    // ENOTCONN, when the client was quicker. Then there is nobody to part with.
    if shutdown(client.as_raw_fd(), Shutdown::Write).is_ok() {
        let until = Instant::now() + PARTING;
        let mut buffer = [0; 4096];
        loop {
            let left = until.saturating_duration_since(Instant::now()).as_millis();
            let patience = PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO);
            match poll(&mut [PollFd::new(client.as_fd(), PollFlags::POLLIN)], patience) {
                Ok(0) => break,
                Ok(_) if matches!(read_some(&client, &mut buffer), Ok(0) | Err(_)) => break,
                Ok(_) | Err(_) => {}
            }
        }
    }
    unistd::close(client)
}

/// Step 9: one client from its request to the end of its answer: the steps before this one, in their order.
pub fn exchange(client: &OwnedFd, timeout: Duration) -> Result<(), Refusal> {
    let head = match message::read_head(client, LONGEST_HEAD) {
        Ok(Some(head)) => head,
        // It has gone without a request. There is nothing to answer, and perhaps nobody.
        Ok(None) | Err(Trouble::Lost(_)) => return Ok(()),
        Err(Trouble::TooLarge) => return Err(Refusal::TooLarge),
        Err(_) => return Err(Refusal::BadRequest),
    };
    let (request, url) = understand(&head)?;
    let origin = reach(&url, timeout)?;
    // An origin that does not want the request may have hung up already. What it said before that counts more than our
    // error; if it said nothing, `relay` finds out.
    _ = writen(&origin, &request_for_origin(&request, &url));
    // No half-close here: some servers take the end of file for a client that has gone.
    relay(&origin, client, timeout)
    // `origin` is dropped, and so closed, on every way out of here: nothing may be left of an exchange that is over.
}

/// Step 10: takes client after client, each in a thread of its own, for good.
///
/// Most of an exchange is waiting, for a client or for an origin, and neither has anything to do with the next client.
/// Returns only when accepting fails for a reason of our own.
pub fn serve(listener: &OwnedFd, timeout: Duration) -> nix::Result<Infallible> {
    loop {
        let client = match server::accept_client(listener) {
            Ok((client, _)) => client,
            // No descriptor is free. That passes, when an exchange ends: the next client waits in the queue until then.
            // Without the pause this loop would do nothing else but fail.
            Err(Errno::EMFILE | Errno::ENFILE | Errno::ENOBUFS | Errno::ENOMEM) => {
                thread::sleep(BREATHER);
                continue;
            }
            Err(errno) => return Err(errno),
        };
        let work = move || {
            // What goes wrong here is the end of this exchange, not of the proxy.
            if let Err(refusal) = exchange(&client, timeout) {
                _ = refuse(&client, refusal);
            }
            if let Err(errno) = hang_up(client) {
                say(&format!("closing: {}", errno.desc()));
            }
        };
        // Not thread::spawn, which panics when there can be no more threads. `client` is closed then, with the closure.
        // Nobody waits for the threads' ends: they clean up after themselves.
        if thread::Builder::new().spawn(work).is_err() {
            thread::sleep(BREATHER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(head: &str) -> String {
        let (request, url) = understand(head.as_bytes()).unwrap();
        String::from_utf8(request_for_origin(&request, &url)).unwrap()
    }

    #[test]
    fn the_host_is_the_url_s_and_the_target_its_path() {
        let asked = "GET http://www.lab:81/a/b?c HTTP/1.1\r\nhost: other.lab\r\nAccept: */*\r\n\r\n";
        let sent = "GET /a/b?c HTTP/1.0\r\nHost: www.lab:81\r\nAccept: */*\r\nVia: 1.1 socket-labs\r\n\r\n";
        assert_eq!(forwarded(asked), sent);
        let sent = "GET / HTTP/1.0\r\nHost: www.lab\r\nVia: 1.0 socket-labs\r\n\r\n";
        assert_eq!(forwarded("GET http://www.lab:80 HTTP/1.0\r\n\r\n"), sent);
    }

    #[test]
    fn what_connection_names_ends_here_in_any_case_and_place() {
        let asked = "GET http://a.lab/ HTTP/1.0\r\nx-one: 1\r\nConnection: close, X-ONE\r\nconnection:X-Two ,x\r\n\
                     TE: trailers\r\nX-Two: 2\r\nX-Three: 3\r\n\r\n";
        let sent = "GET / HTTP/1.0\r\nHost: a.lab\r\nX-Three: 3\r\nVia: 1.0 socket-labs\r\n\r\n";
        assert_eq!(forwarded(asked), sent);
    }

    #[test]
    fn what_is_no_request_for_a_proxy_is_refused() {
        let refusal = |line: &str| understand(format!("{line}\r\n\r\n").as_bytes()).unwrap_err();
        assert_eq!(refusal("GET /index.html HTTP/1.0"), Refusal::BadRequest);
        assert_eq!(refusal("GET ftp://a.lab/ HTTP/1.0"), Refusal::BadRequest);
        assert_eq!(refusal("GET http:///x HTTP/1.0"), Refusal::BadRequest);
        assert_eq!(refusal("GET http://a.lab:70000/ HTTP/1.0"), Refusal::BadRequest);
        assert_eq!(refusal("CONNECT a.lab:443 HTTP/1.0"), Refusal::NotImplemented);
        assert_eq!(refusal("POST http://a.lab/ HTTP/1.0"), Refusal::NotImplemented);
        assert_eq!(refusal("GET http://a.lab/ HTTP/2.0"), Refusal::Version);
    }
}
