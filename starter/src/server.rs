//! The server's view: a socket's life from `socket` to `close`, one function a step.
//!
//! Work from top to bottom; `src/bin/server.rs` calls the steps in this order. Replace each `todo!` by the call that
//! its comment names. `nix` has each call under the name of its man page, in `nix::sys::socket` and `nix::unistd`;
//! reading and writing all of something is in your `rio.rs`, names of hosts are in `names.rs`.
//!
//! See `socket(7)`, `ip(7)`, `tcp(7)`, and the man page that stands at each step.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;

use nix::Result;

/// Step 1: a socket for TCP over IPv4: `socket(2)`.
///
/// Close-on-exec (`SockFlag::SOCK_CLOEXEC`) is a good habit: programs you start don't inherit the descriptor.
pub fn open_socket() -> Result<OwnedFd> {
    todo!("step 1: open_socket")
}

/// Step 2: lets a restarted server have its port back at once: `setsockopt(2)`, SO_REUSEADDR in `socket(7)`.
pub fn allow_quick_restart(listener: &OwnedFd) -> Result<()> {
    todo!("step 2: allow_quick_restart")
}

/// Step 3: gives the socket its port, on every address of this machine: `bind(2)`, `ip(7)`.
pub fn bind_to(listener: &OwnedFd, port: u16) -> Result<()> {
    todo!("step 3: bind_to")
}

/// Step 4: turns the socket into a listener, with room for at least 10 clients that wait: `listen(2)`.
pub fn start_listening(listener: &OwnedFd) -> Result<()> {
    todo!("step 4: start_listening")
}

/// Step 5: says `listening on ADDRESS:PORT` (with `say`, below), as the kernel knows them: `getsockname(2)`.
pub fn announce(listener: &OwnedFd) -> Result<()> {
    todo!("step 5: announce")
}

/// Step 6: waits for the next client: its connection, and the address it comes from: `accept(2)`, `getpeername(2)`.
///
/// `nix` hands out the new descriptor as a bare number, which you make an `OwnedFd` of:
/// `unsafe { OwnedFd::from_raw_fd(number) }`. That is right for a descriptor that has just been made, and no other.
///
/// Which errors are this one client's, and which are the server's? `accept(2)` has a section on that.
pub fn accept_client(listener: &OwnedFd) -> Result<(OwnedFd, Ipv4Addr)> {
    todo!("step 6: accept_client")
}

/// Step 7: says `Got connection from HOSTNAME (IP)`, with `unknown hostname` for an address that has no name:
/// `getnameinfo(3)`, here `names::name_of`.
pub fn log_client(address: Ipv4Addr) {
    todo!("step 7: log_client")
}

/// Step 8: sends back all that comes, until the client has no more to say: `read(2)`, `write(2)`, here those of `rio`.
pub fn echo(client: &OwnedFd) -> Result<()> {
    todo!("step 8: echo")
}

/// Step 9: ends the connection and gives the descriptor back: `close(2)`.
pub fn close(client: OwnedFd) -> Result<()> {
    todo!("step 9: close")
}

/// Step 10: one client after another, for good: steps 6 to 9 in a loop.
///
/// Until you get there, `loop { nix::unistd::pause() }` keeps the program alive: steps 1 to 5 earn their points then.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    todo!("step 10: serve")
}

/// A line on stderr, in one `write`, so that the lines of several programs on one terminal don't mix.
pub fn say(line: &str) {
    // Not eprintln!, which panics when nobody reads any more; a server does not die of its log.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}
