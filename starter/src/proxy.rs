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
//! ```
//!
//! Work from top to bottom. The door is your `server.rs` of lab 02, the way to the origin your `client.rs` of lab 01
//! (`resolve`, `connect_to`, `connect`), the head of a request your `message.rs` of lab 04; `rio.rs` reads and writes. What
//! you don't have yet of these, write now: their comments say what to do. `src/bin/proxy.rs` is complete.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::time::Duration;

use crate::http::Url;
use crate::message::Request;

/// A longer head is refused.
const LONGEST_HEAD: usize = 64 * 1024;

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
    /// The status and its words.
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

/// Step 1: what the client wants: its request (`message::parse_request`), and the URL that is its target (`Url::parse`).
///
/// What is not GET is `NotImplemented`, whatever its target looks like. No `http://` URL is a `BadRequest`.
pub fn understand(head: &[u8]) -> Result<(Request, Url), Refusal> {
    todo!("step 1: understand")
}

/// Step 2: whether a header ends here and does not go on to the origin.
///
/// That is `Connection`, every header that `Connection` names (there may be several, with commas between them),
/// `Keep-Alive`, `Proxy-Connection`, `TE`, `Upgrade` and their like: RFC 9110, 7.6.1.
pub fn ends_here(request: &Request, name: &str) -> bool {
    todo!("step 2: ends_here")
}

/// Step 3: the request as the origin gets it.
///
/// `GET PATH HTTP/1.0`, `Host` as the URL has it (with `:PORT` unless it is 80), the client's other headers except for those
/// that end here, and `Via: 1.0 NAME`, by a name of your choice.
pub fn request_for_origin(request: &Request, url: &Url) -> Vec<u8> {
    todo!("step 3: request_for_origin")
}

/// Step 4: a connection to the origin: `socket(2)`, `connect(2)`, here those of `client::connect`.
///
/// Which of its failures is a `GatewayTimeout`? All others are a `BadGateway`.
pub fn reach(url: &Url, timeout: Duration) -> Result<OwnedFd, Refusal> {
    todo!("step 4: reach")
}

/// What a wait for the origin has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// There is something to read from the origin, if only its end of file.
    Ready,
    TimedOut,
    /// The client has torn its connection down. For extra credit: until then you need not find out.
    ClientGone,
}

/// Step 5: waits until the origin says something, for at most `timeout`: `poll(2)`.
///
/// For extra credit poll the client too, for no event: `poll` then reports only that the connection is torn down.
pub fn wait_for(origin: &OwnedFd, client: &OwnedFd, timeout: Duration) -> nix::Result<Event> {
    todo!("step 5: wait_for")
}

/// Step 6: hands on the answer while it comes: `read(2)`, `write(2)`, and step 5 before each `read`.
///
/// As long as the client has not got a byte, what goes wrong at the origin is a `BadGateway` or a `GatewayTimeout`. After
/// that it is simply the end: `Ok`. When the client has gone it is the end, too: nobody wants the rest.
pub fn relay(origin: &OwnedFd, client: &OwnedFd, timeout: Duration) -> Result<(), Refusal> {
    todo!("step 6: relay")
}

/// Step 7: an answer of our own: status line, headers, and a line for people.
pub fn refuse(client: &OwnedFd, refusal: Refusal) -> nix::Result<()> {
    todo!("step 7: refuse")
}

/// Step 8: ends a client's connection so that all of its answer arrives: `shutdown(2)`, `close(2)`.
///
/// `close` alone sends RST when something of the client's is still unread, and then the answer can get lost. Say FIN,
/// read on until the client has ended too, but not for ever, and close.
pub fn hang_up(client: OwnedFd) -> nix::Result<()> {
    todo!("step 8: hang_up")
}

/// Step 9: one client from its request (`message::read_head`) to the end of its answer, with the steps before this one.
///
/// Who closes the connection to the origin, on each of the ways out of here?
pub fn exchange(client: &OwnedFd, timeout: Duration) -> Result<(), Refusal> {
    todo!("step 9: exchange")
}

/// Step 10: takes client after client (`server::accept_client`), each in a thread of its own, for good: `exchange`, `refuse`
/// when there is a `Refusal`, `hang_up`.
///
/// Until you get there, `loop { nix::unistd::pause() }` keeps the program alive: the first step passes then. Then serve one
/// client after another, and come back for the threads.
pub fn serve(listener: &OwnedFd, timeout: Duration) -> nix::Result<Infallible> {
    todo!("step 10: serve")
}
