//! A relay point: what one client says goes to all the others, one loop for everybody.
//!
//! Work from top to bottom; `serve`, at the end, calls the steps. The door is the one you have built in `server.rs`,
//! lines are read with your `lines.rs`. The rule of this program: it waits nowhere but in `poll`. Every socket is
//! non-blocking, and a call that would have to wait says EAGAIN instead.
//!
//! See `poll(2)`, `fcntl(2)` under O_NONBLOCK, `read(2)` and `write(2)` under EAGAIN.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use nix::Result;
use nix::poll::PollFlags;

use crate::lines::LineReader;

/// The most bytes of a line, its newline not counted.
const LONGEST_LINE: usize = 1024;

/// The most characters of a name.
const LONGEST_NAME: usize = 16;

/// Bytes that may wait for a client here, beside those that the kernel keeps for it.
const MOST_WAITING: usize = 1 << 20;

/// Clients at a time: each takes a descriptor, and a process has 1024 of them by default (`getrlimit(2)`).
const MOST_CLIENTS: usize = 1000;

/// Somebody who is connected.
pub struct Client {
    socket: Rc<OwnedFd>,
    /// Puts lines together from what comes.
    lines: LineReader<Rc<OwnedFd>>,
    /// Who has one is in the room.
    name: Option<Vec<u8>>,
    /// What it has not taken yet, oldest byte first.
    waiting: VecDeque<u8>,
    /// It will not be heard any more; what waits for it still goes out.
    ending: bool,
    /// Its connection is of no more use.
    broken: bool,
}

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command<'a> {
    Nick(&'a [u8]),
    Say(&'a [u8]),
    Who,
    Quit,
    Unknown,
}

/// Step 1: from now on, calls on this descriptor say EAGAIN where they would have to wait: `fcntl(2)`, O_NONBLOCK.
pub fn never_wait(fd: &OwnedFd) -> Result<()> {
    todo!("step 1: never_wait")
}

/// Step 2: lets in everybody who waits at the door, and makes each a `Client`: `server::accept_client`.
///
/// The listener does not wait either. Which error says that nobody is left?
pub fn welcome(listener: &OwnedFd, clients: &mut Vec<Client>) -> Result<()> {
    todo!("step 2: welcome")
}

/// Step 3: what a line says. Whether it may be said is another question.
pub fn parse(line: &[u8]) -> Command<'_> {
    todo!("step 3: parse")
}

/// Step 4: whether this can be a name: 1 to 16 letters, digits, `_` and `-`.
pub fn is_name(name: &[u8]) -> bool {
    todo!("step 4: is_name")
}

/// Step 5: hands as much to the kernel as it takes now; the rest goes on waiting: `write(2)`.
///
/// Which errors mean "later", and which "never"? (`client.broken` is for those.) And when has so much been waiting that
/// the client has to go?
pub fn flush(client: &mut Client) {
    todo!("step 5: flush")
}

/// Step 6: sends a line, made of these parts and a newline, or as much of it as goes out now.
///
/// Something may be waiting already: what has to happen so that this line comes behind it?
pub fn send_line(client: &mut Client, parts: &[&[u8]]) {
    todo!("step 6: send_line")
}

/// Step 7: sends a line to everybody who has a name, but not to the client at `from`.
pub fn tell_others(clients: &mut [Client], from: usize, parts: &[&[u8]]) {
    todo!("step 7: tell_others")
}

/// Step 8: `NICK name`: the name is bad, or taken, or the client has it from now on, and the others hear of it.
pub fn take_name(clients: &mut [Client], at: usize, name: &[u8]) {
    todo!("step 8: take_name")
}

/// Step 9: `WHO`: everybody's names, sorted by their bytes.
pub fn list_names(clients: &mut [Client], at: usize) {
    todo!("step 9: list_names")
}

/// Step 10: the client at `at` is not in the room any more, for whatever reason; the others are told, once.
///
/// Its name is free from now on. The connection stays (`client.ending`) until what waits for it has gone out.
pub fn leave(clients: &mut [Client], at: usize) {
    todo!("step 10: leave")
}

/// Step 11: does what a line asks for.
pub fn obey(clients: &mut [Client], at: usize, line: &[u8]) {
    todo!("step 11: obey")
}

/// Step 12: one turn of a client that has sent something: `next_line`, then `take_line` for those that came with it.
///
/// Half a line (EAGAIN), a line that is too long, the end, a reset: what does each mean for the room?
pub fn hear(clients: &mut [Client], at: usize) {
    todo!("step 12: hear")
}

/// Step 13: waits until somebody can be served; gives back what `poll(2)` says of the listener, and of each client.
///
/// Ask for POLLOUT only where something waits to be written. What would poll do otherwise?
pub fn wait(listener: &OwnedFd, clients: &[Client]) -> Result<(PollFlags, Vec<PollFlags>)> {
    todo!("step 13: wait")
}

/// Step 14: everybody's turn, for good: `wait`, `flush` and `hear` those who are ready, part with those who are gone,
/// and `welcome` who has come.
///
/// Taking a client out of the list moves the others: when is a good moment for it? Until you get here,
/// `loop { nix::unistd::pause() }` keeps the program alive.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    todo!("step 14: serve")
}
