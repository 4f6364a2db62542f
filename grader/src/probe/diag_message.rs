//! The bytes of `inet_diag_req_v2` and `inet_diag_msg` (linux/inet_diag.h).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::socket::{Family, Socket, State, Timer, Traffic};

/// A bit for each; bit 13 asks for bound sockets that neither listen nor connect.
pub(super) const ALL_STATES: u32 = (1 << 14) - 1;
pub(super) const LISTEN: u32 = 1 << 10;
pub(super) const BOUND: u32 = 1 << 13 | 1 << 7;
/// inet_diag_msg without its attributes.
const MESSAGE: usize = 72;
const SKV6ONLY: u16 = 11;
/// `struct tcp_info` (linux/tcp.h), and where its counts of bytes are.
const INFO: u16 = 2;
const BYTES_ACKED: usize = 120;
const BYTES_RECEIVED: usize = 128;

/// `inet_diag_req`: all sockets in one of these states, a bit each. This older request takes IPv4 and IPv6 together, in
/// half the time of two of the newer kind.
pub(super) fn dump_request(states: u32) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    bytes.extend(sockid(None));
    bytes.extend(states.to_ne_bytes());
    bytes.extend([0; 4]);
    bytes
}

/// `inet_diag_req_v2`: the socket with these two addresses, seen from the process that has it.
pub(super) fn request(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    let family = if local.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let mut bytes = vec![family as u8, libc::IPPROTO_TCP as u8, 1 << (INFO - 1), 0];
    bytes.extend(ALL_STATES.to_ne_bytes());
    bytes.extend(sockid(Some((local, remote))));
    bytes
}

/// `inet_diag_sockid`: ports, addresses, interface, cookie.
fn sockid(addresses: Option<(SocketAddr, SocketAddr)>) -> [u8; 48] {
    let mut bytes = [0; 48];
    if let Some((local, remote)) = addresses {
        bytes[0..2].copy_from_slice(&local.port().to_be_bytes());
        bytes[2..4].copy_from_slice(&remote.port().to_be_bytes());
        bytes[4..20].copy_from_slice(&sixteen(local.ip()));
        bytes[20..36].copy_from_slice(&sixteen(remote.ip()));
    }
    // No cookie: we do not know the socket yet.
    bytes[40..].fill(0xff);
    bytes
}

/// `None` for a message that is too short, or of a family or state that we do not know.
pub(super) fn parse(message: &[u8]) -> Option<Socket> {
    let (fixed, attributes) = message.split_at_checked(MESSAGE)?;
    let family = match i32::from(fixed[0]) {
        libc::AF_INET => Family::V4,
        libc::AF_INET6 => Family::V6,
        _ => return None,
    };
    let word = |at: usize| u32::from_ne_bytes(fixed[at..at + 4].try_into().expect("four bytes"));
    let port = |at: usize| u16::from_be_bytes([fixed[at], fixed[at + 1]]);
    let v6_only = attribute(attributes, SKV6ONLY).and_then(|value| value.first());
    Some(Socket {
        local: SocketAddr::new(address(family, &fixed[8..24]), port(4)),
        remote: SocketAddr::new(address(family, &fixed[24..40]), port(6)),
        family,
        state: State::from_number(fixed[1])?,
        timer: Timer::from_number(fixed[2]),
        receive_queue: word(56),
        send_queue: word(60),
        uid: word(64),
        inode: u64::from(word(68)),
        dual_stack: v6_only == Some(&0),
    })
}

/// What has passed over a connection that [`request`] has asked for. `None` on kernels that do not count.
pub(super) fn traffic(message: &[u8]) -> Option<Traffic> {
    let info = attribute(message.get(MESSAGE..)?, INFO)?;
    let count = |at: usize| Some(u64::from_ne_bytes(info.get(at..at + 8)?.try_into().ok()?));
    Some(Traffic { sent: count(BYTES_ACKED)?, received: count(BYTES_RECEIVED)? })
}

fn sixteen(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&address.octets());
            bytes
        }
        IpAddr::V6(address) => address.octets(),
    }
}

fn address(family: Family, bytes: &[u8]) -> IpAddr {
    match family {
        Family::V4 => {
            let octets: [u8; 4] = bytes[..4].try_into().expect("four bytes");
            Ipv4Addr::from(octets).into()
        }
        Family::V6 => {
            let octets: [u8; 16] = bytes.try_into().expect("sixteen bytes");
            Ipv6Addr::from(octets).to_canonical()
        }
    }
}

/// The value of the first attribute of this type: length 2, type 2, value, padded to four bytes.
fn attribute(mut bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16::from_ne_bytes(bytes.get(..2)?.try_into().ok()?));
        let kind = u16::from_ne_bytes(bytes.get(2..4)?.try_into().ok()?);
        let value = bytes.get(4..length)?;
        if kind == wanted {
            return Some(value);
        }
        bytes = bytes.get(length.next_multiple_of(4)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A listener on [::]:8080, backlog 5, two connections waiting, as the kernel sent it.
    fn listener() -> Vec<u8> {
        let mut bytes = vec![10, 10, 0, 0, 0x1f, 0x90, 0, 0];
        bytes.extend([0; 16 + 16 + 4]);
        bytes.extend([1, 0, 0, 0, 0, 0, 0, 0]);
        for word in [0u32, 2, 5, 1000, 4711] {
            bytes.extend(word.to_ne_bytes());
        }
        for (kind, value) in [(8u16, 0u8), (SKV6ONLY, 0)] {
            bytes.extend(5u16.to_ne_bytes());
            bytes.extend(kind.to_ne_bytes());
            bytes.extend([value, 0, 0, 0]);
        }
        bytes
    }

    #[test]
    fn a_listener_is_taken_apart() {
        let socket = parse(&listener()).unwrap();
        assert_eq!(socket.local, "[::]:8080".parse().unwrap());
        assert_eq!(socket.remote, "[::]:0".parse().unwrap());
        assert_eq!((socket.state, socket.family, socket.dual_stack), (State::Listen, Family::V6, true));
        assert_eq!((socket.receive_queue, socket.send_queue), (2, 5));
        assert_eq!((socket.uid, socket.inode), (1000, 4711));
    }

    #[test]
    fn a_mapped_address_is_given_as_ipv4() {
        let mut bytes = listener();
        bytes[18..24].copy_from_slice(&[0xff, 0xff, 127, 0, 0, 1]);
        assert_eq!(parse(&bytes).unwrap().local, "127.0.0.1:8080".parse().unwrap());
        assert_eq!(parse(&bytes).unwrap().family, Family::V6);
    }

    #[test]
    fn a_message_cut_anywhere_or_filled_with_anything_does_no_harm() {
        let bytes = listener();
        for length in 0..bytes.len() {
            assert_eq!(parse(&bytes[..length]).is_some(), length >= MESSAGE);
        }
        for fill in 0..=255 {
            let mut bytes = bytes.clone();
            bytes[MESSAGE..].fill(fill);
            assert!(!parse(&bytes).unwrap().dual_stack);
        }
    }

    #[test]
    fn requests_have_the_kernels_length() {
        assert_eq!(dump_request(ALL_STATES).len(), 60);
        let request = request("127.0.0.1:80".parse().unwrap(), "127.0.0.2:4000".parse().unwrap());
        assert_eq!(request.len(), 56);
        assert_eq!(&request[8..20], [0, 80, 0x0f, 0xa0, 127, 0, 0, 1, 0, 0, 0, 0]);
    }
}
