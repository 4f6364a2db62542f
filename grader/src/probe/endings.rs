//! Hears of connections that have ended, each with what has passed over it.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, NetlinkAddr, bind, recv};

use super::diag_message;
use super::netlink::bodies;
use super::socket::Traffic;

/// SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY (linux/sock_diag.h), a bit each.
const TCP: u32 = 1 << 0 | 1 << 2;
const LONGEST: usize = 8 << 10;

/// One end of a connection that is no more: its own address, the other's, and what it had sent and received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    pub local: SocketAddr,
    pub remote: SocketAddr,
    pub traffic: Traffic,
}

#[derive(Debug)]
pub struct Endings(OwnedFd);

impl Endings {
    /// Over a NETLINK_SOCK_DIAG socket of the network in question, which is for nothing else. Not on kernels before 4.2.
    pub fn over(socket: OwnedFd) -> io::Result<Endings> {
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, TCP))?;
        Ok(Endings(socket))
    }

    /// Those since the last time. The kernel tells a moment after the end. When there were too many for its buffer, some are
    /// missing.
    pub fn heard(&self) -> Vec<Ending> {
        let mut heard = Vec::new();
        let mut datagram = vec![0; LONGEST];
        loop {
            match recv(self.0.as_raw_fd(), &mut datagram, MsgFlags::MSG_DONTWAIT) {
                Ok(length) => heard.extend(bodies(&datagram[..length]).filter_map(ending)),
                Err(Errno::EINTR | Errno::ENOBUFS) => {}
                Err(_) => return heard,
            }
        }
    }
}

fn ending(message: &[u8]) -> Option<Ending> {
    let socket = diag_message::parse(message)?;
    Some(Ending { local: socket.local, remote: socket.remote, traffic: diag_message::traffic(message)? })
}
