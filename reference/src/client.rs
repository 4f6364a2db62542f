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
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{self, AddressFamily, Shutdown, SockFlag, SockType, SockaddrIn, sockopt};
use nix::unistd::close;

use crate::failure::Failure;
use crate::names::{self, NameError};
use crate::rio::{read_some, writen};

/// How much is read from one side before it is written to the other. Any size is right; one byte would be slow.
const BUFFER: usize = 64 * 1024;

/// Every IPv4 address of `host`, each once, the one to try first in front. A dotted quad is its own address.
pub fn resolve(host: &str) -> Result<Vec<Ipv4Addr>, Failure> {
    // Digits need no resolver. (getaddrinfo would take them too, and other spellings of an address besides: `127.1`.)
    if let Ok(address) = host.parse() {
        return Ok(vec![address]);
    }
    // A name may have many addresses, and getaddrinfo(3) lists each once for every type of socket. Sorting them would
    // make the duplicates go away, but also the order, and that order is advice: RFC 6724 puts the best one first.
    let mut addresses = Vec::new();
    for address in names::addresses(host)? {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(Failure::UnknownHost(NameError { code: libc::EAI_NONAME }));
    }
    Ok(addresses)
}

/// The 16 bytes of Linux's `struct sockaddr_in`, which is what `connect(2)` and `bind(2)` are given: see `ip(7)`.
///
/// ```text
/// offset  0        2      4            8
///         family   port   address      zero
/// ```
pub fn sockaddr(address: Ipv4Addr, port: u16) -> [u8; 16] {
    let mut bytes = [0; 16];
    // The family never leaves this machine: the kernel reads it as one of its own numbers, in host order.
    let family = libc::AF_INET as libc::sa_family_t;
    bytes[0..2].copy_from_slice(&family.to_ne_bytes());
    // Port and address go into packets as they stand here: network order, the most significant byte first. This is
    // what htons(3) does in C, and it changes the bytes on little-endian machines only, which is why forgetting it
    // went unnoticed on some.
    bytes[2..4].copy_from_slice(&port.to_be_bytes());
    bytes[4..8].copy_from_slice(&address.octets());
    // The rest is padding to the size of a struct sockaddr, and has to be zero.
    bytes
}

/// A connection to this one address, or the reason why there is none.
///
/// A plain `connect(2)` waits as long as the kernel goes on repeating its SYN, two minutes and more. So the socket is
/// made non-blocking for the handshake, and `poll(2)` does the waiting, which takes a timeout.
pub fn connect_to(address: SocketAddrV4, timeout: Duration) -> Result<OwnedFd, Failure> {
    // socket(2): an endpoint for a stream (TCP) over IPv4. No packet is sent; it has no address yet, and no peer.
    // CLOEXEC: no program that we might start later inherits it.
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let connection = socket::socket(AddressFamily::Inet, SockType::Stream, flags, None)?;
    // connect(2): the kernel picks a free port for our end, and sends a SYN. As the socket is non-blocking it does not
    // wait for the answer: EINPROGRESS says that the handshake is on its way.
    match socket::connect(connection.as_raw_fd(), &SockaddrIn::from(address)) {
        Ok(()) => {}
        Err(Errno::EINPROGRESS) => {
            // The socket becomes writable when the handshake is over, whichever way it ended…
            wait_until_writable(&connection, timeout)?;
            // …and SO_ERROR has the way: 0, or the error that a blocking connect would have returned (socket(7)).
            let errno = socket::getsockopt(&connection, sockopt::SocketError)?;
            if errno != 0 {
                return Err(Errno::from_raw(errno).into());
            }
        }
        Err(errno) => return Err(errno.into()),
    }
    // From here on reads and writes are to wait: fcntl(2) takes the flag away again.
    let flags = OFlag::from_bits_retain(fcntl(&connection, FcntlArg::F_GETFL)?);
    fcntl(&connection, FcntlArg::F_SETFL(flags - OFlag::O_NONBLOCK))?;
    Ok(connection)
    // On every other way out the OwnedFd is dropped, and with it the descriptor closed: a failed attempt leaks nothing.
}

/// Waits for the end of a handshake.
fn wait_until_writable(connection: &OwnedFd, timeout: Duration) -> Result<(), Failure> {
    let begun = Instant::now();
    loop {
        // Counted anew each time round: a signal must not give the peer the whole timeout again.
        let left = timeout.saturating_sub(begun.elapsed());
        // poll counts in milliseconds. Round up, or the last part of one would be spent asking over and over.
        let milliseconds = left.as_nanos().div_ceil(1_000_000);
        let patience = PollTimeout::try_from(milliseconds).unwrap_or(PollTimeout::MAX);
        let mut watched = [PollFd::new(connection.as_fd(), PollFlags::POLLOUT)];
        match poll(&mut watched, patience) {
            Ok(0) if begun.elapsed() >= timeout => return Err(Failure::TimedOut),
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(()),
            Err(errno) => return Err(errno.into()),
        }
    }
}

/// A connection to `host`: to the first of its addresses that can be had. `timeout` bounds each attempt.
///
/// When none can be had the failure is that of the last attempt.
pub fn connect(host: &str, port: u16, timeout: Duration) -> Result<OwnedFd, Failure> {
    let mut last = Failure::UnknownHost(NameError { code: libc::EAI_NONAME });
    // A name with several addresses is one service on several machines, of which one may be down. Each attempt needs
    // a socket of its own: after a failed connect the state of a socket is unspecified, says connect(2).
    for address in resolve(host)? {
        match connect_to(SocketAddrV4::new(address, port), timeout) {
            Ok(connection) => return Ok(connection),
            Err(failure) => last = failure,
        }
    }
    Err(last)
}

/// The two ends of a connection, the peer's and ours. The four numbers in them are its name all over the internet.
pub fn ends(connection: &OwnedFd) -> Result<(SocketAddrV4, SocketAddrV4), Failure> {
    // getpeername(2): where we are connected to. getsockname(2): from which address and port; connect chose them.
    let peer: SockaddrIn = socket::getpeername(connection.as_raw_fd())?;
    let own: SockaddrIn = socket::getsockname(connection.as_raw_fd())?;
    Ok((peer.into(), own.into()))
}

/// Sends everything that `input` has, says that this was all, and waits until the peer has ended too. What the peer
/// says meanwhile is read and thrown away.
pub fn send(connection: BorrowedFd<'_>, input: BorrowedFd<'_>) -> Result<(), Failure> {
    thread::scope(|scope| {
        // Two things at once, because each can block for as long as the peer likes. A client that only writes stops
        // when the peer's buffer is full, and a peer that has filled ours may be waiting for us to read: neither would
        // ever move again. The other cure is one thread, non-blocking descriptors and poll(2).
        let listener = scope.spawn(move || discard(connection));
        let sent = copy_all(input, connection);
        match sent {
            // Half-close (shutdown(2)): a FIN tells the peer that no more will come, while our end still reads. Closing
            // would be wrong: data that arrives at a closed socket is answered with RST, and an RST makes the peer
            // lose what it has not read yet.
            Ok(()) => socket::shutdown(connection.as_raw_fd(), Shutdown::Write).map_err(|_| Failure::ClosedByPeer)?,
            // The connection is of no use any more. The listener may sleep in read: this wakes it. Should the kernel
            // say that there is nothing left to shut down, so much the better.
            Err(_) => _ = socket::shutdown(connection.as_raw_fd(), Shutdown::Both),
        }
        // The peer's end of file says that it has read ours, and all before it: only now do we know that it arrived.
        let ended = listener.join().expect("the listener does not panic");
        sent?;
        ended.map_err(|_| Failure::ClosedByPeer)
    })
}

/// Copies `input` to the connection, until the end of file.
fn copy_all(input: BorrowedFd<'_>, connection: BorrowedFd<'_>) -> Result<(), Failure> {
    let mut buffer = vec![0; BUFFER];
    loop {
        // The count is all that says how much came: the bytes are anything, NULs and newlines too.
        match read_some(input, &mut buffer)? {
            0 => return Ok(()),
            // EPIPE, ECONNRESET, ETIMEDOUT: which of them depends on what the kernel had heard when we wrote. (No
            // SIGPIPE: see the top of this file.)
            count => writen(connection, &buffer[..count]).map_err(|_| Failure::ClosedByPeer)?,
        }
    }
}

/// Reads to the end of the connection and keeps nothing.
fn discard(connection: BorrowedFd<'_>) -> nix::Result<()> {
    let mut buffer = vec![0; BUFFER];
    while read_some(connection, &mut buffer)? > 0 {}
    Ok(())
}

/// Hands on to `output` everything that comes, until the peer's end of file.
pub fn recv(connection: BorrowedFd<'_>, output: BorrowedFd<'_>) -> Result<(), Failure> {
    let mut buffer = vec![0; BUFFER];
    loop {
        // Only 0 is the end. A short count just says that this much had arrived; segments, and what the peer gave to
        // one write, leave no mark in the stream. ECONNRESET ends it too, but then we don't know what is missing.
        match read_some(connection, &mut buffer)? {
            0 => return Ok(()),
            // Written at once: should the connection fail later, what came before is not lost.
            count => writen(output, &buffer[..count]).map_err(Failure::System)?,
        }
    }
}

/// Closes the connection: FIN, when everything that came has been read, and RST when it has not.
pub fn hang_up(connection: OwnedFd) -> Result<(), Failure> {
    // close(2). Dropping the OwnedFd would do the same and keep quiet about it.
    Ok(close(connection)?)
}
