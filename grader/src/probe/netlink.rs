//! Requests to, and answers from, a netlink socket.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// How often a dump is begun anew that the kernel could not finish in one piece.
const ATTEMPTS: usize = 8;
const HEADER: usize = 16;
/// Larger than the 32 KiB that the kernel puts in one answer at most.
const ANSWER: usize = 64 * 1024;

/// A netlink socket and what one exchange with it needs.
#[derive(Debug)]
pub(super) struct Netlink {
    socket: OwnedFd,
    sequence: u32,
    answer: Vec<u8>,
}

/// How an answer goes on after one message.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    More,
    Done,
    /// The tables changed while the kernel walked them: something may be missing, or there twice.
    Interrupted,
}

impl Netlink {
    pub fn open(protocol: i32) -> io::Result<Netlink> {
        // SAFETY: plain numbers.
        let socket = unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, protocol) };
        if socket < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given us this descriptor, and nobody else knows it.
        Ok(Netlink::over(unsafe { OwnedFd::from_raw_fd(socket) }))
    }

    pub fn over(socket: OwnedFd) -> Netlink {
        Netlink { socket, sequence: 0, answer: vec![0; ANSWER] }
    }

    /// Every message of a dump's answer goes to `take`, which is called anew for a dump that has to be repeated.
    pub fn dump<T>(&mut self, kind: u16, body: &[u8], take: impl Fn(&[u8]) -> Option<T>) -> io::Result<Vec<T>> {
        for _ in 0..ATTEMPTS {
            let mut items = Vec::new();
            match self.exchange(kind, libc::NLM_F_DUMP as u16, body, |message| items.extend(take(message))) {
                Ok(true) => return Ok(items),
                Ok(false) => {}
                Err(error) if again(&error) => while self.receive().is_ok() {},
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("the kernel's table of sockets changes too fast to be read"))
    }

    /// A request with one message for an answer. `None`: there is no such thing.
    pub fn ask<T>(&mut self, kind: u16, body: &[u8], take: impl Fn(&[u8]) -> Option<T>) -> io::Result<Option<T>> {
        let mut item = None;
        match self.exchange(kind, 0, body, |message| item = take(message)) {
            Ok(_) => Ok(item),
            Err(error) if error.raw_os_error() == Some(libc::ENOENT) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `false`: the dump was interrupted.
    fn exchange(&mut self, kind: u16, flags: u16, body: &[u8], mut take: impl FnMut(&[u8])) -> io::Result<bool> {
        // By chance: another user of the same descriptor, or one before us, would count like us.
        self.sequence = fastrand::u32(1..);
        self.send(kind, flags | libc::NLM_F_REQUEST as u16, body)?;
        let dump = flags != 0;
        let mut whole = true;
        loop {
            let length = self.receive()?;
            let answer = self.answer.get(..length).ok_or_else(|| malformed("longer than ever"))?;
            for message in messages(answer) {
                let (header, body) = message?;
                if header.sequence != self.sequence {
                    continue;
                }
                match read(header, body, dump, &mut take)? {
                    Next::More => {}
                    Next::Interrupted => whole = false,
                    Next::Done => return Ok(whole && header.flags & libc::NLM_F_DUMP_INTR as u16 == 0),
                }
            }
        }
    }

    fn send(&self, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
        let mut request = Vec::with_capacity(HEADER + body.len());
        request.extend(((HEADER + body.len()) as u32).to_ne_bytes());
        request.extend(kind.to_ne_bytes());
        request.extend(flags.to_ne_bytes());
        request.extend(self.sequence.to_ne_bytes());
        request.extend([0; 4]);
        request.extend(body);
        // SAFETY: the buffer is ours and as long as we say.
        let sent = unsafe { libc::send(self.socket.as_raw_fd(), request.as_ptr().cast(), request.len(), 0) };
        if sent < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// The kernel answers within `send` and on each `recv`: never wait, or whoever has taken our answer stops us for good.
    fn receive(&mut self) -> io::Result<usize> {
        loop {
            // SAFETY: the buffer is ours and as long as we say; with MSG_TRUNC the result may be larger.
            let got = unsafe {
                libc::recv(
                    self.socket.as_raw_fd(),
                    self.answer.as_mut_ptr().cast(),
                    self.answer.len(),
                    libc::MSG_DONTWAIT | libc::MSG_TRUNC,
                )
            };
            match usize::try_from(got) {
                Ok(got) => return Ok(got),
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
    }
}

fn read(header: Header, body: &[u8], dump: bool, take: &mut impl FnMut(&[u8])) -> io::Result<Next> {
    match i32::from(header.kind) {
        libc::NLMSG_NOOP => return Ok(Next::More),
        libc::NLMSG_DONE | libc::NLMSG_ERROR => {
            // Both carry an error number, negative; a short NLMSG_DONE carries none.
            let code = body.first_chunk().map_or(0, |code| i32::from_ne_bytes(*code));
            return if code == 0 { Ok(Next::Done) } else { Err(io::Error::from_raw_os_error(code.saturating_neg())) };
        }
        _ => take(body),
    }
    if !dump {
        return Ok(Next::Done);
    }
    Ok(if header.flags & libc::NLM_F_DUMP_INTR as u16 != 0 { Next::Interrupted } else { Next::More })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    kind: u16,
    flags: u16,
    sequence: u32,
}

/// The messages in one answer, each padded to four bytes; after a malformed one, nothing.
fn messages(mut bytes: &[u8]) -> impl Iterator<Item = io::Result<(Header, &[u8])>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let message = split(bytes);
        bytes = match &message {
            Some((_, body)) => bytes.get((HEADER + body.len()).next_multiple_of(4)..).unwrap_or_default(),
            None => &[],
        };
        Some(message.ok_or_else(|| malformed("cut off")))
    })
}

/// What is in the messages of one datagram.
pub(super) fn bodies(datagram: &[u8]) -> impl Iterator<Item = &[u8]> {
    messages(datagram).map_while(Result::ok).map(|(_, body)| body)
}

fn split(bytes: &[u8]) -> Option<(Header, &[u8])> {
    let length = u32::from_ne_bytes(bytes.get(..4)?.try_into().ok()?);
    let body = bytes.get(HEADER..usize::try_from(length).ok()?)?;
    let half = |at: usize| u16::from_ne_bytes([bytes[at], bytes[at + 1]]);
    let sequence = u32::from_ne_bytes(bytes[8..12].try_into().ok()?);
    Some((Header { kind: half(4), flags: half(6), sequence }, body))
}

fn again(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EBUSY | libc::EAGAIN | libc::ENOBUFS | libc::EINTR))
}

fn malformed(how: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a netlink message is {how}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: i32, flags: i32, body: &[u8]) -> Vec<u8> {
        let mut bytes = ((HEADER + body.len()) as u32).to_ne_bytes().to_vec();
        bytes.extend((kind as u16).to_ne_bytes());
        bytes.extend((flags as u16).to_ne_bytes());
        bytes.extend(7u32.to_ne_bytes());
        bytes.extend([0; 4]);
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    fn header(kind: i32, flags: i32) -> Header {
        Header { kind: kind as u16, flags: flags as u16, sequence: 7 }
    }

    #[test]
    fn several_messages_of_one_answer_are_told_apart() {
        let bytes = [message(20, 2, b"abcde"), message(libc::NLMSG_DONE, 2, &[0; 4])].concat();
        let all: Vec<_> = messages(&bytes).map(Result::unwrap).collect();
        assert_eq!(all, [(header(20, 2), &b"abcde"[..]), (header(libc::NLMSG_DONE, 2), &[0; 4][..])]);
    }

    #[test]
    fn an_answer_cut_anywhere_ends_with_an_error() {
        let bytes = message(20, 2, b"abcdefgh");
        for length in 1..bytes.len() {
            assert!(messages(&bytes[..length]).last().unwrap().is_err());
        }
        for length in [0u32, 15, 1 << 31] {
            let bytes = [&length.to_ne_bytes()[..], &[0; 28]].concat();
            assert_eq!(messages(&bytes).filter(|message| message.is_err()).count(), 1);
        }
    }

    #[test]
    fn an_error_number_becomes_an_error() {
        let code = (-libc::EPERM).to_ne_bytes();
        let error = read(header(libc::NLMSG_ERROR, 0), &code, true, &mut |_| {}).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EPERM));
        let none = read(header(libc::NLMSG_ERROR, 0), &i32::MIN.to_ne_bytes(), true, &mut |_| {});
        assert!(none.is_err());
    }

    #[test]
    fn an_interrupted_dump_is_noticed() {
        let interrupted = header(20, libc::NLM_F_DUMP_INTR | libc::NLM_F_MULTI);
        assert_eq!(read(interrupted, b"", true, &mut |_| {}).unwrap(), Next::Interrupted);
        assert_eq!(read(header(20, libc::NLM_F_MULTI), b"", true, &mut |_| {}).unwrap(), Next::More);
        assert_eq!(read(header(20, 0), b"", false, &mut |_| {}).unwrap(), Next::Done);
        assert_eq!(read(header(libc::NLMSG_DONE, 2), b"", true, &mut |_| {}).unwrap(), Next::Done);
    }
}
