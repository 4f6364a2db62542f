//! The server's view: a socket's life from `socket` to `close`, one function a step.
//!
//! ```text
//!    server                                   client
//!    socket                                   socket
//!    setsockopt (SO_REUSEADDR)                  |
//!    bind     which port                        |
//!    listen   from here on the kernel           |
//!      |      answers: SYN, SYN+ACK, ACK  <─── connect
//!    accept   hands out a new descriptor        |
//!    read   <─────────── bytes ────────────── write
//!    write  ──────────── bytes ─────────────> read
//!    read = 0 <────────── FIN ─────────────── shutdown or close
//!    close  ───────────── FIN ──────────────> read = 0
//!      └─ and back to accept
//! ```
//!
//! This is an *iterative* server: while it talks to one client, the others wait in the kernel's queue. Their
//! connections are complete, and what they send is kept for us; only nobody has called `accept` for them yet.
//!
//! See `socket(7)`, `ip(7)`, `tcp(7)`: each `(2)` below is one call, these three pages are how the calls hang together.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, SockaddrIn, accept4, bind, getpeername, getsockname, listen,
    setsockopt, socket, sockopt,
};
use nix::{Result, unistd};

use crate::{names, rio};

/// How many clients may wait between the kernel's handshake and our `accept`.
///
/// While we serve one client the others queue up. When the queue is full the kernel ignores further SYNs; the client
/// tries again after 1 s, 3 s, 7 s … and its user thinks the network is slow. Room costs nearly nothing, so there is
/// plenty of it; the kernel caps the number at `/proc/sys/net/core/somaxconn`.
const BACKLOG: i32 = 128;

/// Bytes read at once.
///
/// Any size is correct, and a small one only costs more calls. A stream has no messages: however large the buffer is,
/// what one `write` sent may come in several reads, and what several writes sent in one.
const BUFFER: usize = 64 * 1024;

/// Step 1: a socket, one end of connections to come.
///
/// `socket(2)`. So far it is only a descriptor: no port, no peer, and no packet has been sent.
pub fn open_socket() -> Result<OwnedFd> {
    socket(
        // IPv4: addresses are `sockaddr_in`. (An AF_INET6 socket could serve both, see `ipv6(7)` under IPV6_V6ONLY.)
        AddressFamily::Inet,
        // A stream of bytes, in order and without loss: TCP. Datagrams would be UDP.
        SockType::Stream,
        // Programs that we might start must not inherit the descriptor: a copy of the listener that somebody else
        // still holds keeps the port taken after we are gone. Rust's own sockets have the flag as well.
        SockFlag::SOCK_CLOEXEC,
        // The protocol is implied: the only stream protocol of IPv4 that matters is TCP.
        None,
    )
}

/// Step 2: lets a restarted server have its port back at once.
///
/// `setsockopt(2)`, SO_REUSEADDR in `socket(7)`. The side that closes a connection *first* keeps its memory of it for
/// a minute (TIME_WAIT), so that stray packets of the old connection can't be mistaken for the next one's. A server
/// that is killed closes first, on all its connections. Without the option `bind` counts those memories as owners of
/// the port and answers EADDRINUSE until the last of them is gone.
///
/// The option does not let two servers listen on one port: that still fails, and should.
pub fn allow_quick_restart(listener: &OwnedFd) -> Result<()> {
    // Before `bind`: that is the call which looks at it.
    setsockopt(listener, sockopt::ReuseAddr, &true)
}

/// Step 3: gives the socket its address: the port that clients will ask for.
///
/// `bind(2)`, `ip(7)`. EADDRINUSE: somebody has the port. EACCES: it is below 1024, which takes privileges.
pub fn bind_to(listener: &OwnedFd, port: u16) -> Result<()> {
    // 0.0.0.0, INADDR_ANY: whichever of this machine's addresses the client used. With 127.0.0.1 here only clients on
    // this machine would get through, and everything would look fine from here.
    //
    // SockaddrIn::new puts address and port into network byte order, which in C is yours to do:
    // `address.sin_port = htons(port)`. Without it a little-endian machine binds 36895 for 8080.
    let [a, b, c, d] = Ipv4Addr::UNSPECIFIED.octets();
    bind(listener.as_raw_fd(), &SockaddrIn::new(a, b, c, d, port))
}

/// Step 4: turns the socket into a listener: the port is open from here on.
///
/// `listen(2)`. Before it, SYNs to the port are answered with RST ("connection refused") although it is bound. After
/// it the kernel shakes hands by itself, whether or not the program ever calls `accept`.
pub fn start_listening(listener: &OwnedFd) -> Result<()> {
    listen(listener, Backlog::new(BACKLOG)?)
}

/// Step 5: tells the user, and scripts that wait for it, that clients may come now.
///
/// Asks the kernel for the address (`getsockname(2)`) instead of repeating the argument: this is what is really bound.
/// The line goes to stderr: stdout is for data, and a server's data goes to its clients.
pub fn announce(listener: &OwnedFd) -> Result<()> {
    let address: SockaddrIn = getsockname(listener.as_raw_fd())?;
    say(&format!("listening on {address}"));
    Ok(())
}

/// Step 6: waits for the next client: its connection, and the address it comes from.
///
/// `accept(2)`. The listener stays as it was. What comes back is a *new* descriptor for this one connection: the first
/// one takes orders at the door, the second one sits at the table.
pub fn accept_client(listener: &OwnedFd) -> Result<(OwnedFd, Ipv4Addr)> {
    loop {
        let descriptor = match accept4(listener.as_raw_fd(), SockFlag::SOCK_CLOEXEC) {
            Ok(descriptor) => descriptor,
            // A signal came while we waited; nothing is lost.
            Err(Errno::EINTR) => continue,
            // This one client is gone, or its network is, before we got to it. That is its trouble, not ours: take the
            // next. (Linux hands out errors of the new connection here: `accept(2)` under "Error handling".)
            Err(Errno::ECONNABORTED | Errno::EPROTO | Errno::ENETDOWN | Errno::ENETUNREACH | Errno::EHOSTUNREACH) => {
                continue;
            }
            // What is left is our own trouble. EMFILE, no descriptor free, deserves a thought: the client stays in the
            // queue, so calling `accept` again at once would fail again at once, for ever. A server with many clients
            // closes one first, or waits until one leaves. This one has at most one client, so that it can only mean a
            // leak, and we rather stop and say so.
            Err(errno) => return Err(errno),
        };
        // SAFETY: accept4 has just made the descriptor, so it is open and nobody else's.
        let client = unsafe { OwnedFd::from_raw_fd(descriptor) };

        // Who is it? In C, accept(2) fills in the address by itself; here `getpeername(2)` asks for it.
        match getpeername::<SockaddrIn>(client.as_raw_fd()) {
            Ok(address) => return Ok((client, address.ip())),
            // Its RST came while it waited in the queue: we have a descriptor of a connection that is no more.
            // Dropping `client` closes it.
            Err(Errno::ENOTCONN) => continue,
            Err(errno) => return Err(errno),
        }
    }
}

/// Step 7: writes down who has come.
///
/// The way back from an address to a name is `getnameinfo(3)`; what it finds is what the address's owner claims. It
/// may ask a DNS server far away and take seconds, in which nobody is served here: busy servers don't, or do it later.
pub fn log_client(address: Ipv4Addr) {
    let name = names::name_of(address);
    let name = name.as_deref().unwrap_or("unknown hostname");
    say(&format!("Got connection from {name} ({address})"));
}

/// Step 8: sends back all that comes, until the client has no more to say.
///
/// `read(2)` and `write(2)`, in the robust versions of [`rio`]. Bytes are bytes: there may be zeros among them, they
/// need not be text, and they need not end with a newline.
pub fn echo(client: &OwnedFd) -> Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        // Returns as soon as *something* has come: one byte or a buffer full. Waiting for more than that could be for
        // ever: the client may be waiting for its echo before it goes on.
        let count = rio::read_some(client, &mut buffer)?;

        // Zero is the client's FIN: it will send no more. Everything it sent before has been read, and so echoed: the
        // end of a stream comes after its bytes. The other direction is still open (a half-close), so a client that
        // said "that was all" still gets the rest of its echo.
        if count == 0 {
            return Ok(());
        }

        // Only what was read: the rest of the buffer is older than this. If the client doesn't read, this blocks when
        // its receive buffer and our send buffer are full; then we don't read either, and the client is slowed down
        // in turn. TCP calls it flow control, and we need not do anything for it.
        //
        // If the client has reset the connection, this fails with ECONNRESET, or with EPIPE and a SIGPIPE, whose
        // default action kills the whole program. Rust's runtime ignores the signal before `main` (so that only the
        // EPIPE is left); in C a server begins with `signal(SIGPIPE, SIG_IGN)`, or sends with MSG_NOSIGNAL.
        rio::writen(client, &buffer[..count])?;
    }
}

/// Step 9: ends the connection and gives the descriptor back.
///
/// `close(2)`. If the client's bytes have all been read, this sends FIN: whatever we wrote is delivered first. With
/// unread bytes it would be RST, which also destroys what is still on its way to the client; [`echo`] reads up to the
/// end, so there are none. Descriptors are few (`ulimit -n`): a server that forgets this dies of its thousandth client.
pub fn close(client: OwnedFd) -> Result<()> {
    // Dropping `client` would close it just as well, without a word about it here.
    unistd::close(client)
}

/// Step 10: one client after another, for good.
///
/// Returns only when accepting fails for a reason of our own.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    loop {
        let (client, address) = accept_client(listener)?;
        log_client(address);

        // A connection that breaks is the end of this client, not of the server: no `?` here.
        if let Err(errno) = echo(&client) {
            say(&format!("lost {address}: {}", errno.desc()));
        }
        if let Err(errno) = close(client) {
            say(&format!("closing {address}: {}", errno.desc()));
        }
    }
}

/// A line on stderr, in one `write`, so that the lines of several programs on one terminal don't mix.
pub fn say(line: &str) {
    // Not eprintln!, which panics when nobody reads any more; a server does not die of its log.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}
