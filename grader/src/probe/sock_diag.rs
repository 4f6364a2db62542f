//! Asks the kernel for the TCP sockets of a network.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::diag_message;
use super::netlink::Netlink;
use super::socket::{Socket, State, Traffic};

const TCPDIAG_GETSOCK: u16 = 18;
const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// The network is the one in which the netlink socket was made. Shared between threads; do not make two of one
/// descriptor, as each could take the other's answers.
#[derive(Debug)]
pub struct SockDiag(Mutex<Netlink>);

impl SockDiag {
    /// Of the network we are in ourselves.
    pub fn open() -> io::Result<SockDiag> {
        Ok(SockDiag(Mutex::new(Netlink::open(libc::NETLINK_SOCK_DIAG)?)))
    }

    /// Over a NETLINK_SOCK_DIAG socket that was made in another network.
    pub fn new(socket: OwnedFd) -> SockDiag {
        SockDiag(Mutex::new(Netlink::over(socket)))
    }

    pub fn over(socket: BorrowedFd) -> io::Result<SockDiag> {
        Ok(SockDiag::new(socket.try_clone_to_owned()?))
    }

    /// All of them, IPv4 and IPv6, in all states.
    pub fn sockets(&self) -> io::Result<Vec<Socket>> {
        self.in_states(diag_message::ALL_STATES)
    }

    /// All but those that are only bound: these the kernel looks for in a table of ports of its own.
    pub fn in_use(&self) -> io::Result<Vec<Socket>> {
        self.in_states(diag_message::ALL_STATES & !diag_message::BOUND)
    }

    /// Much cheaper than `sockets`: the kernel walks its small table of listeners only.
    pub fn listeners(&self) -> io::Result<Vec<Socket>> {
        self.in_states(diag_message::LISTEN)
    }

    /// The end of a connection that has these addresses, as its own process sees them.
    pub fn lookup(&self, local: SocketAddr, remote: SocketAddr) -> io::Result<Option<Socket>> {
        let request = diag_message::request(local, remote);
        let found = self.lock().ask(SOCK_DIAG_BY_FAMILY, &request, diag_message::parse)?;
        // Where there is no such connection, the kernel names the listener that would take it.
        Ok(found.filter(|socket| socket.state != State::Listen))
    }

    /// What has passed over the connection so far, seen from the end that has these addresses.
    pub fn traffic(&self, local: SocketAddr, remote: SocketAddr) -> io::Result<Option<Traffic>> {
        self.lock().ask(SOCK_DIAG_BY_FAMILY, &diag_message::request(local, remote), diag_message::traffic)
    }

    /// All but listeners and sockets that are only bound: quick where the network's table was made small
    /// (`tcp_child_ehash_entries`).
    pub fn connections(&self) -> io::Result<Vec<Socket>> {
        self.in_states(diag_message::ALL_STATES & !diag_message::LISTEN & !diag_message::BOUND)
    }

    fn in_states(&self, states: u32) -> io::Result<Vec<Socket>> {
        self.lock().dump(TCPDIAG_GETSOCK, &diag_message::dump_request(states), diag_message::parse)
    }

    fn lock(&self) -> MutexGuard<'_, Netlink> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
