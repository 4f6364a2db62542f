//! The cell's network: a loopback with addresses of its own, and a net that cannot be reached.

use std::fs;
use std::net::Ipv4Addr;
use std::os::fd::AsRawFd;

use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::socket::{AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket};

use crate::cell::wire::{Step, Trouble};

/// The loopback's index in every network namespace.
const LOOPBACK: u32 = 1;

/// The last bytes of the 10.99.0.x that the cell has. They are not loopback addresses, without which `getaddrinfo`
/// (`AI_ADDRCONFIG`) asks for no IPv4 addresses; and they are several, so that clients can come from different ones.
const ADDRESSES: std::ops::RangeInclusive<u8> = 1..=9;

/// To here, connections fail with `EHOSTUNREACH`; to everywhere else with `ENETUNREACH`, for want of a route.
const UNREACHABLE: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 98, 0, 0), 16);

/// How many chains the table of TCP sockets has. A look at all sockets walks all of them, and by default there are as
/// many as the machine's memory allows.
const CHAINS: &str = "128";

/// What the kernel derives from the size of that table, as it is on a machine with much memory.
const DERIVED: [(&str, &str); 2] = [("tcp_max_tw_buckets", "262144"), ("tcp_max_syn_backlog", "4096")];

/// Exchanges the network for one with a small table, which can only be asked for beforehand. Whether it did.
pub(super) fn shrink() -> Result<bool, Trouble> {
    // Kernels before 6.1, and a /proc that is read-only, have no more than slower looks.
    if sysctl("tcp_child_ehash_entries", CHAINS).is_err() {
        return Ok(false);
    }
    unshare(CloneFlags::CLONE_NEWNET).step("make the cell's network").map(|()| true)
}

pub(super) fn bring_up() -> Result<(), Trouble> {
    let mut batch = Batch::default();
    let up = libc::IFF_UP as u32;
    // struct ifinfomsg: family, type, index, flags, which of the flags.
    batch.add(libc::RTM_NEWLINK, 0, &[&[0; 4], &LOOPBACK.to_ne_bytes(), &up.to_ne_bytes(), &up.to_ne_bytes()], &[]);
    for last in ADDRESSES {
        let address = [10, 99, 0, last];
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        let head = [libc::AF_INET as u8, 32, 0, libc::RT_SCOPE_UNIVERSE];
        let attributes = [(libc::IFA_LOCAL, address), (libc::IFA_ADDRESS, address)];
        batch.add(libc::RTM_NEWADDR, NEW, &[&head, &LOOPBACK.to_ne_bytes()], &attributes);
    }
    let (net, length) = UNREACHABLE;
    // struct rtmsg: family, lengths of destination and source, type of service; table, protocol, scope, type; flags.
    let head = [libc::AF_INET as u8, length, 0, 0];
    let kind = [libc::RT_TABLE_MAIN, libc::RTPROT_STATIC, libc::RT_SCOPE_UNIVERSE, libc::RTN_UNREACHABLE];
    batch.add(libc::RTM_NEWROUTE, NEW, &[&head, &kind, &[0; 4]], &[(libc::RTA_DST, net.octets())]);
    batch.run().step("set up the cell's loopback and routes")
}

/// Opens the low ports, and caps the buffers that TCP sockets of the cell get.
pub(super) fn tune(small: bool, receive: Option<u64>, send: Option<u64>) -> Result<(), Trouble> {
    sysctl("ip_unprivileged_port_start", "0")?;
    for (name, value) in DERIVED.iter().filter(|_| small) {
        sysctl(name, value)?;
    }
    for (name, cap) in [("tcp_rmem", receive), ("tcp_wmem", send)] {
        if let Some(cap) = cap {
            sysctl(name, &format!("{} {cap} {cap}", cap.min(4096)))?;
        }
    }
    Ok(())
}

fn sysctl(name: &str, value: &str) -> Result<(), Trouble> {
    fs::write(format!("/proc/sys/net/ipv4/{name}"), value).step(format!("set net.ipv4.{name} in the cell"))
}

const NEW: i32 = libc::NLM_F_CREATE | libc::NLM_F_EXCL;

/// Requests to rtnetlink, sent as one and acknowledged one by one.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    count: usize,
}

impl Batch {
    fn add(&mut self, kind: u16, flags: i32, body: &[&[u8]], attributes: &[(u16, [u8; 4])]) {
        let body_length: usize = body.iter().map(|part| part.len()).sum();
        // struct nlmsghdr (16 bytes), and 4 bytes of struct rtattr before each attribute: all multiples of 4 here.
        let length = (16 + body_length + 8 * attributes.len()) as u32;
        let flags = (libc::NLM_F_REQUEST | libc::NLM_F_ACK | flags) as u16;
        self.count += 1;
        self.bytes.extend(length.to_ne_bytes());
        self.bytes.extend(kind.to_ne_bytes());
        self.bytes.extend(flags.to_ne_bytes());
        self.bytes.extend((self.count as u32).to_ne_bytes());
        self.bytes.extend([0; 4]);
        body.iter().for_each(|part| self.bytes.extend(*part));
        for (kind, value) in attributes {
            self.bytes.extend(8u16.to_ne_bytes());
            self.bytes.extend(kind.to_ne_bytes());
            self.bytes.extend(value);
        }
    }

    fn run(self) -> nix::Result<()> {
        let netlink =
            socket(AddressFamily::Netlink, SockType::Datagram, SockFlag::SOCK_CLOEXEC, SockProtocol::NetlinkRoute)?;
        send(netlink.as_raw_fd(), &self.bytes, MsgFlags::empty())?;
        let mut acknowledged = 0;
        let mut buffer = [0; 4096];
        while acknowledged < self.count {
            let length = recv(netlink.as_raw_fd(), &mut buffer, MsgFlags::empty())?;
            acknowledged += acknowledgements(&buffer[..length])?;
        }
        Ok(())
    }
}

/// How many there are in an answer of the kernel, or the first error.
fn acknowledgements(mut answer: &[u8]) -> nix::Result<usize> {
    let mut count = 0;
    while let Some((length, rest)) = answer.split_first_chunk::<4>() {
        let length = u32::from_ne_bytes(*length) as usize;
        // struct nlmsgerr begins after the 16 bytes of the header, with the error as a negative number.
        let Some(error) = rest.get(12..16) else { return Err(Errno::EBADMSG) };
        let error = error.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte)) as i32;
        if error != 0 {
            return Err(Errno::from_raw(-error));
        }
        count += 1;
        answer = answer.get(length.next_multiple_of(4).max(16)..).unwrap_or_default();
    }
    Ok(count)
}
