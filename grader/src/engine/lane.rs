//! One connection of the student's that is passed on, byte by byte, to another program in its own cell.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use socket2::Socket;

use super::connection::Connection;
use super::fill::Bytes;
use super::inbox::Inbox;
use super::miss::Ending;
use super::quote::counted;
use super::say::count;
use super::trace::Direction::{self, FromStudent, ToStudent};

/// What may wait between the two before the one that sends has to wait: the kernel's buffers come to about as much.
const ROOM: usize = 256 << 10;
/// A reset overtakes what the kernel still holds. So long it waits for whoever is slow to take that.
const PATIENCE: Duration = Duration::from_millis(200);

/// The student's side is a connection of the actor's; here is the other one.
pub struct Lane {
    /// Of the actor: where the student's side is.
    pub seat: usize,
    far: Far,
    /// What the program has said to the student, for those who expect something of it.
    pub said: Inbox,
    /// Whether the student has been heard: of each side the first bytes are told.
    heard: bool,
    answered: bool,
    /// Whose end has been passed on.
    ended: Ends,
    /// Since when a reset waits.
    reset: Option<Instant>,
}

enum Far {
    Calling(Socket),
    Refused(io::Error),
    Open(Box<Connection>),
    /// It is over, on both sides.
    Gone,
}

#[derive(Default)]
struct Ends {
    students: bool,
    programs: bool,
}

/// What passed, for the trace.
pub type Note = (Direction, String);

impl Lane {
    pub fn new(seat: usize, call: io::Result<Socket>) -> Lane {
        let far = call.map_or_else(Far::Refused, Far::Calling);
        Lane { seat, far, said: Inbox::default(), heard: false, answered: false, ended: Ends::default(), reset: None }
    }

    pub fn connection(&self) -> Option<&Connection> {
        match &self.far {
            Far::Open(connection) => Some(connection),
            _ => None,
        }
    }

    /// Something will come of it without anybody's doing.
    pub fn is_under_way(&self) -> bool {
        self.reset.is_some() && !matches!(self.far, Far::Gone)
    }

    pub fn interest(&self) -> Option<(BorrowedFd<'_>, bool, bool)> {
        match &self.far {
            Far::Calling(socket) => Some((socket.as_fd(), false, true)),
            Far::Open(connection) => connection.interest(),
            Far::Refused(_) | Far::Gone => None,
        }
    }

    /// Moves what can be moved without waiting between the student's side, `near`, and the program's; gives back whether
    /// anything changed. `called` hears of the connection's ends when there is one.
    pub fn pump(
        &mut self,
        near: &mut Connection,
        scratch: &mut [u8],
        notes: &mut Vec<Note>,
        called: &mut impl FnMut(SocketAddr, SocketAddr),
    ) -> bool {
        let mut moved = false;
        if let Far::Calling(socket) = &self.far {
            self.far = match answer(socket) {
                None => {
                    near.paused = near.inbox.waiting().len() > ROOM;
                    return false;
                }
                Some(Ok(connection)) => {
                    called(connection.local, connection.peer);
                    Far::Open(Box::new(connection))
                }
                Some(Err(error)) => Far::Refused(error),
            };
            moved = true;
        }
        if let Far::Refused(error) = &self.far {
            notes.push((ToStudent, format!("the program takes no connection: {error}; reset (RST)")));
            self.far = Far::Gone;
            self.said.end(Ending::Reset);
            // If it cannot be reset, it is as gone as that.
            let _ = near.reset();
            return true;
        }
        let Far::Open(far) = &mut self.far else { return false };
        moved |= far.pump(scratch);
        if let Some(bytes) = pass(near, far, scratch) {
            tell(&mut self.heard, &bytes, FromStudent, notes);
            moved = true;
        }
        if let Some(bytes) = pass(far, near, scratch) {
            tell(&mut self.answered, &bytes, ToStudent, notes);
            self.said.push(&bytes);
            moved = true;
        }
        moved |= pass_end(near, far, &mut self.ended.students, FromStudent, notes);
        if pass_end(far, near, &mut self.ended.programs, ToStudent, notes) {
            self.said.end(Ending::Eof);
            moved = true;
        }
        if is_dead(near) || is_dead(far) {
            moved |= self.pass_reset(near, notes);
        } else if near.has_finished_writing() && far.has_finished_writing() && !near.inbox.is_open() {
            near.close();
            far.close();
            self.far = Far::Gone;
            moved = true;
        }
        moved
    }

    /// Of one side to the other, when that has taken what came before it.
    fn pass_reset(&mut self, near: &mut Connection, notes: &mut Vec<Note>) -> bool {
        let Far::Open(far) = &mut self.far else { return false };
        let students = is_dead(near);
        let left: &mut Connection = if students { far } else { near };
        let since = *self.reset.get_or_insert_with(Instant::now);
        let taken = left.outbox.is_empty() && left.unacknowledged() == 0;
        if !taken && !is_dead(left) && since.elapsed() < PATIENCE {
            return false;
        }
        let direction = if students { FromStudent } else { ToStudent };
        notes.push((direction, "reset (RST)".to_owned()));
        self.said.end(Ending::Reset);
        // Whoever cannot be reset has gone before us.
        let _ = far.reset();
        let _ = near.reset();
        self.far = Far::Gone;
        true
    }
}

/// Whether the program has answered, and how.
fn answer(socket: &Socket) -> Option<io::Result<Connection>> {
    match socket.take_error() {
        Ok(None) if socket.peer_addr().is_err() => None,
        Ok(None) => Some(socket.try_clone().and_then(|socket| Connection::new(TcpStream::from(socket)))),
        Ok(Some(error)) | Err(error) => Some(Err(error)),
    }
}

/// What has come from one side goes to the other when that has taken all before it; who is too quick has to wait.
fn pass(from: &mut Connection, to: &mut Connection, scratch: &mut [u8]) -> Option<Bytes> {
    let bytes = from.inbox.waiting();
    // Nobody will read it any more.
    let lost = is_dead(to) || !to.is_open();
    let passed = (!bytes.is_empty() && (lost || to.outbox.is_empty())).then(|| Bytes::new(bytes.to_vec()));
    if let Some(bytes) = &passed {
        from.inbox.take(bytes.len());
        if !lost {
            to.outbox.push(bytes, 0..bytes.len());
            to.pump(scratch);
        }
    }
    from.paused = from.inbox.waiting().len() > ROOM;
    passed
}

fn pass_end(
    from: &Connection,
    to: &mut Connection,
    passed: &mut bool,
    direction: Direction,
    notes: &mut Vec<Note>,
) -> bool {
    let has_all = from.inbox.waiting().is_empty() && from.inbox.ended() == Ending::Eof;
    if *passed || !has_all || !to.is_open() {
        return false;
    }
    *passed = true;
    to.finish_writing();
    notes.push((direction, format!("end of file (FIN), after {}", count(from.inbox.total(), "byte"))));
    true
}

fn tell(told: &mut bool, bytes: &[u8], direction: Direction, notes: &mut Vec<Note>) {
    if !std::mem::replace(told, true) {
        notes.push((direction, counted(bytes)));
    }
}

/// Reset, or left with what it was sent.
fn is_dead(connection: &Connection) -> bool {
    connection.inbox.ended() == Ending::Reset || connection.write_failed.is_some()
}
