//! One connection between an actor of the grader and the student.

use std::io::{self, Read};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};

use super::diary::{Diary, Side, Told};
use super::inbox::Inbox;
use super::miss::Ending;
use super::outbox::Outbox;

/// A connection of an actor; it stays here after it is closed, so that its story can be told.
#[derive(Debug)]
pub struct Connection {
    /// `None` once the grader has closed it.
    stream: Option<TcpStream>,
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub inbox: Inbox,
    pub outbox: Outbox,
    /// The grader leaves in the kernel's buffers what comes.
    pub paused: bool,
    /// FIN goes out once the outbox is empty.
    finishing: bool,
    finished: bool,
    /// How writing failed: the student hung up.
    pub write_failed: Option<Ending>,
    /// The inode of the student's socket that it was made to.
    pub listener: Option<u64>,
    /// Where the network cannot be listened to, and somebody wants to see it.
    pub diary: Option<Diary>,
}

impl Connection {
    /// `stream` is made non-blocking.
    pub fn new(stream: TcpStream) -> io::Result<Connection> {
        stream.set_nonblocking(true)?;
        // What an actor sends is a segment of its own, not joined with the next by Nagle's algorithm (RFC 896).
        stream.set_nodelay(true)?;
        Ok(Connection {
            local: stream.local_addr()?,
            peer: stream.peer_addr()?,
            stream: Some(stream),
            inbox: Inbox::default(),
            outbox: Outbox::default(),
            paused: false,
            finishing: false,
            finished: false,
            write_failed: None,
            listener: None,
            diary: None,
        })
    }

    pub fn is_open(&self) -> bool {
        self.stream.is_some()
    }

    /// The descriptor to wait on, and whether for reading and for writing.
    pub fn interest(&self) -> Option<(BorrowedFd<'_>, bool, bool)> {
        let stream = self.stream.as_ref()?;
        let read = !self.paused && self.inbox.is_open();
        let write = !self.outbox.is_empty() && self.write_failed.is_none();
        (read || write).then(|| (stream.as_fd(), read, write))
    }

    /// Moves what can be moved without waiting; gives back whether anything changed.
    pub fn pump(&mut self, scratch: &mut [u8]) -> bool {
        // Reading first: a reset's error is handed out once, and the reader is who has to learn of it.
        let read = self.pump_in(scratch);
        self.pump_out(scratch) || read
    }

    fn pump_in(&mut self, scratch: &mut [u8]) -> bool {
        let Some(stream) = self.stream.as_mut() else { return false };
        let mut moved = false;
        // A bound, so that a student who floods one connection does not keep the loop from looking at the rest.
        for _ in 0..64 {
            if self.paused || !self.inbox.is_open() {
                break;
            }
            match stream.read(scratch) {
                Ok(0) => {
                    self.inbox.end(Ending::Eof);
                    note(&mut self.diary, Side::Theirs, Told::End);
                }
                Ok(count) => {
                    self.inbox.push(&scratch[..count]);
                    if let Some(diary) = &mut self.diary {
                        diary.bytes(Side::Theirs, &scratch[..count]);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => {
                    self.inbox.end(Ending::Reset);
                    note(&mut self.diary, Side::Theirs, Told::Reset);
                }
            }
            moved = true;
        }
        moved
    }

    fn pump_out(&mut self, scratch: &mut [u8]) -> bool {
        let Some(stream) = self.stream.as_mut() else { return false };
        let mut moved = false;
        if self.write_failed.is_none() {
            let diary = &mut self.diary;
            let flushed = self.outbox.flush(stream, |taken| {
                if let Some(diary) = diary {
                    diary.bytes(Side::Mine, taken);
                }
            });
            match flushed {
                Ok(any) => moved = any,
                Err(error) => {
                    // EPIPE without a reset before it: the reset came after the student's FIN.
                    let reset = error.kind() == io::ErrorKind::ConnectionReset;
                    if self.inbox.ended() != Ending::Reset {
                        note(&mut self.diary, Side::Theirs, Told::Reset);
                    }
                    if reset {
                        // What came after the look above and before the reset is there all the same.
                        while !self.paused
                            && let Ok(count @ 1..) = stream.read(scratch)
                        {
                            self.inbox.push(&scratch[..count]);
                        }
                        self.inbox.end(Ending::Reset);
                    }
                    self.write_failed = Some(if reset { Ending::Reset } else { self.inbox.ended() });
                    moved = true;
                }
            }
        }
        if self.finishing && !self.finished && (self.outbox.is_empty() || self.write_failed.is_some()) {
            // The student may have reset the connection: then there is nothing left to end.
            if stream.shutdown(Shutdown::Write).is_ok() {
                note(&mut self.diary, Side::Mine, Told::End);
            }
            self.finished = true;
            moved = true;
        }
        moved
    }

    /// FIN after all that is still to be sent.
    pub fn finish_writing(&mut self) {
        self.finishing = true;
        self.pump_out(&mut [0; 4096]);
    }

    pub fn has_finished_writing(&self) -> bool {
        self.finished
    }

    /// Bytes the student's kernel has not acknowledged yet (`SIOCOUTQ`).
    pub fn unacknowledged(&self) -> u64 {
        self.stream.as_ref().map_or(0, |stream| crate::probe::unacknowledged(stream.as_fd()).unwrap_or(0))
    }

    /// FIN, or RST where the kernel still holds bytes for the grader: read them away first.
    pub fn close(&mut self) {
        if let Some(stream) = self.stream.take() {
            let unread = self.diary.is_some() && stream.peek(&mut [0]).is_ok_and(|count| count > 0);
            if unread || !self.finished {
                note(&mut self.diary, Side::Mine, if unread { Told::Reset } else { Told::End });
            }
            crate::cell::close(stream);
        }
    }

    /// RST (`SO_LINGER` with 0 seconds).
    pub fn reset(&mut self) -> io::Result<()> {
        if let Some(stream) = self.stream.take() {
            socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO))?;
            crate::cell::close(stream);
            note(&mut self.diary, Side::Mine, Told::Reset);
        }
        Ok(())
    }
}

fn note(diary: &mut Option<Diary>, side: Side, told: Told) {
    if let Some(diary) = diary {
        diary.note(side, told);
    }
}
