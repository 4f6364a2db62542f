//! The client's view: from a name to a connection, and bytes through it both ways.
//!
//! The functions stand in the order in which a client needs them: [`resolve`] the name, know what a socket address is
//! made of ([`sockaddr`]), make a socket and connect it ([`connect_to`], [`connect`]), see what came of it ([`ends`]),
//! talk ([`send`], [`recv`]), and [`hang_up`].
//!
//! # SIGPIPE
//!
//! A write to a connection that the peer has reset does not only fail with `EPIPE`: the kernel also sends SIGPIPE, and
//! what SIGPIPE does by default is kill, without a word. No program that talks over a network wants that.
//! **Rust programs don't see it**, because the runtime ignores SIGPIPE before `main` begins. In C it is up to you:
//! `signal(SIGPIPE, SIG_IGN)` once at the start, or `send` with `MSG_NOSIGNAL` for every write.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::Duration;

use crate::failure::Failure;

/// Every IPv4 address of `host`, each once. A dotted quad is its own address.
///
/// `names::addresses` asks the C library's `getaddrinfo(3)`. Look at what it returns before you use it: print it for
/// `localhost`. Keep the order, it is advice about which to try first. No address is `Failure::UnknownHost`.
pub fn resolve(host: &str) -> Result<Vec<Ipv4Addr>, Failure> {
    todo!("client::resolve")
}

/// The 16 bytes of Linux's `struct sockaddr_in`, which is what `connect(2)` and `bind(2)` are given: see `ip(7)`.
///
/// ```text
/// offset  0        2      4            8
///         family   port   address      zero
/// ```
///
/// The family (`nix::libc::AF_INET`, 16 bits) is for this machine's kernel: host order. Port and address go into packets
/// as they are: network order.
pub fn sockaddr(address: Ipv4Addr, port: u16) -> [u8; 16] {
    todo!("client::sockaddr")
}

/// A connection to this one address, or the reason why there is none.
///
/// - `socket(2)`: a stream over IPv4.
/// - `connect(2)`, but for at most `timeout`. A plain `connect` waits as long as the kernel goes on asking, two minutes and
///   more. One way out: a non-blocking socket (`SockFlag::SOCK_NONBLOCK`), for which `connect` says `EINPROGRESS`; then
///   `poll(2)`, which takes a timeout; then the socket option `SO_ERROR` (`sockopt::SocketError`), which has the outcome.
/// - `fcntl(2)`: give back a blocking socket, or `send` and `recv` will wonder about `EAGAIN`.
/// - Past `timeout` the failure is `Failure::TimedOut`; for an errno, `Failure::from` has the right one.
pub fn connect_to(address: SocketAddrV4, timeout: Duration) -> Result<OwnedFd, Failure> {
    todo!("client::connect_to")
}

/// A connection to `host`. `timeout` bounds each attempt.
///
/// Begin with the first of its addresses. For extra credit: when one fails try the next, with a new socket; when none can
/// be had, the failure is that of the last attempt.
pub fn connect(host: &str, port: u16, timeout: Duration) -> Result<OwnedFd, Failure> {
    todo!("client::connect")
}

/// The two ends of a connection, the peer's and ours: `getpeername(2)`, `getsockname(2)`.
///
/// `nix`'s `SockaddrIn` turns into a `SocketAddrV4` with `.into()`.
pub fn ends(connection: &OwnedFd) -> Result<(SocketAddrV4, SocketAddrV4), Failure> {
    todo!("client::ends")
}

/// Sends everything that `input` has, says that this was all, and waits until the peer has ended too.
///
/// - Every byte of `input`, to its end of file. A newline and a NUL are bytes like others.
/// - What the peer says meanwhile is read and thrown away, *while* we are sending: both sides can have more to say than the
///   buffers between them hold. Two threads, or one with `poll(2)`.
/// - Then a half-close: `shutdown(2)` of the writing direction. Then wait for the peer's end of file.
/// - A write that fails is `Failure::ClosedByPeer`.
pub fn send(connection: BorrowedFd<'_>, input: BorrowedFd<'_>) -> Result<(), Failure> {
    todo!("client::send")
}

/// Hands on to `output` everything that comes, byte for byte, until the peer's end of file.
///
/// When the connection is reset, what came before it must have been written; then the failure is `Failure::Reset`, which
/// is what `Failure::from` makes of `ECONNRESET`.
pub fn recv(connection: BorrowedFd<'_>, output: BorrowedFd<'_>) -> Result<(), Failure> {
    todo!("client::recv")
}

/// Closes the connection: `close(2)`.
///
/// What would happen if you had left something unread?
pub fn hang_up(connection: OwnedFd) -> Result<(), Failure> {
    todo!("client::hang_up")
}
