//! A TCP socket as the kernel describes it.

use std::net::SocketAddr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Socket {
    /// An IPv4 address that an IPv6 socket holds (`::ffff:127.0.0.1`) is given as IPv4.
    pub local: SocketAddr,
    /// Unspecified, with port 0, where there is no peer.
    pub remote: SocketAddr,
    /// Of the socket, whatever addresses it holds.
    pub family: Family,
    pub state: State,
    /// 0 when no process has it: not yet accepted, or closed.
    pub inode: u64,
    /// Bytes not read yet, one more for an end of file not read yet. Of a listener: connections that wait for `accept`.
    pub receive_queue: u32,
    /// Bytes not acknowledged yet, one more for the end. Of a listener: the backlog.
    pub send_queue: u32,
    pub uid: u32,
    /// An IPv6 socket without IPV6_V6ONLY; told of listeners and bound sockets only.
    pub dual_stack: bool,
    pub timer: Timer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    V4,
    V6,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    CloseWait,
    LastAck,
    Listen,
    Closing,
    /// It has an address, and neither listens nor connects. Kernels before 6.8 do not show it.
    Bound,
}

/// What the kernel itself is going to do with the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    None,
    Retransmit,
    Keepalive,
    TimeWait,
    /// The peer takes nothing more; the kernel asks now and then whether it does again.
    ZeroWindow,
    Other,
}

/// Bytes that have passed over a connection, seen from one end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Those that the peer's kernel has acknowledged. The SYN of who connected is one of them, and a FIN.
    pub sent: u64,
    /// Those that have arrived, the peer's FIN among them.
    pub received: u64,
}

impl Socket {
    /// Something of it is still on its way, and may arrive without anybody acting.
    pub fn unsettled(&self) -> bool {
        match self.state {
            State::SynSent | State::SynReceived | State::FinWait1 | State::Closing | State::LastAck => true,
            State::Listen | State::Bound | State::TimeWait => false,
            State::Established | State::FinWait2 | State::CloseWait => {
                self.send_queue > 0 && self.timer != Timer::ZeroWindow
            }
        }
    }
}

impl State {
    /// The kernel's numbers; a new one in a later kernel is none of ours.
    pub(super) fn from_number(number: u8) -> Option<State> {
        Some(match number {
            1 => State::Established,
            2 => State::SynSent,
            3 | 12 => State::SynReceived,
            4 => State::FinWait1,
            5 => State::FinWait2,
            6 => State::TimeWait,
            // CLOSE: only sockets with an address are in the kernel's tables.
            7 | 13 => State::Bound,
            8 => State::CloseWait,
            9 => State::LastAck,
            10 => State::Listen,
            11 => State::Closing,
            _ => return None,
        })
    }
}

impl Timer {
    pub(super) fn from_number(number: u8) -> Timer {
        match number {
            0 => Timer::None,
            1 => Timer::Retransmit,
            2 => Timer::Keepalive,
            3 => Timer::TimeWait,
            4 => Timer::ZeroWindow,
            _ => Timer::Other,
        }
    }
}
