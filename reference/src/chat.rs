//! A relay point: what one client says goes to all the others, one loop for everybody.
//!
//! ```text
//!    poll ──► the listener is readable: a client came                     welcome
//!      │      a client is readable:     its lines, one by one             hear ─► obey ─► send_line
//!      │      a client is writable:     what still waits for it           flush
//!      └───── and back: nobody else was ever waited for
//! ```
//!
//! Lab 03 had a process or a thread for each client. Here all clients share one thing, the room: who is in it, under
//! which name. With threads, every look at it needs a lock, and a thread that writes to a slow client while it holds
//! the lock holds up everybody. This program has one thread instead, and a rule: **it waits nowhere but in `poll`**.
//! Every socket is non-blocking: a call that would have to wait says EAGAIN at once, and we come back later.
//!
//! Two things make that work, and each client has one of each: a buffer for a line that has not come to its end
//! ([`LineReader`]), and a queue for lines that the client has not taken yet. A queue has to be *bounded*: a client
//! that never reads would fill our memory with what the others say.
//!
//! See `poll(2)`, `fcntl(2)` under O_NONBLOCK, `read(2)` and `write(2)` under EAGAIN.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;

use nix::Result;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::write;

use crate::lines::{Line, LineReader};
use crate::server::accept_client;

/// The most bytes of a line, its newline not counted.
const LONGEST_LINE: usize = 1024;

/// The most characters of a name.
const LONGEST_NAME: usize = 16;

/// Bytes that may wait for a client here, beside those that the kernel keeps for it.
const MOST_WAITING: usize = 1 << 20;

/// Clients at a time. Each takes a descriptor, and a process has 1024 of them by default (`getrlimit(2)`); whoever
/// comes when we are full waits in the backlog until somebody leaves.
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

/// Step 1: from now on, calls on this descriptor don't wait: they say EAGAIN where they would have to.
///
/// `fcntl(2)`, F_SETFL with O_NONBLOCK. The flag belongs to what was opened, not to the number: a copy of the
/// descriptor has it too.
pub fn never_wait(fd: &OwnedFd) -> Result<()> {
    let flags = OFlag::from_bits_retain(fcntl(fd, FcntlArg::F_GETFL)?);
    fcntl(fd, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK)).map(drop)
}

/// Step 2: lets in everybody who waits at the door.
///
/// `accept(2)`, on a listener that does not wait: EAGAIN means that nobody is left. It can say so the first time:
/// between `poll`, which saw a client, and `accept` that client may have gone. A listener that blocks would then wait
/// for the next one, and with it the whole room.
pub fn welcome(listener: &OwnedFd, clients: &mut Vec<Client>) -> Result<()> {
    while clients.len() < MOST_CLIENTS {
        let socket = match accept_client(listener) {
            Ok((socket, _)) => socket,
            Err(Errno::EAGAIN) => break,
            Err(errno) => return Err(errno),
        };
        // accept does not pass the listener's O_NONBLOCK on (on Linux): it is set anew for each connection.
        never_wait(&socket)?;
        let socket = Rc::new(socket);
        clients.push(Client {
            lines: LineReader::new(Rc::clone(&socket), LONGEST_LINE),
            socket,
            name: None,
            waiting: VecDeque::new(),
            ending: false,
            broken: false,
        });
    }
    Ok(())
}

/// Step 3: what a line says. Whether it may be said is another question.
pub fn parse(line: &[u8]) -> Command<'_> {
    // The text is all that stands behind the first space, further spaces too: it is the speaker's, not ours.
    if let Some(name) = line.strip_prefix(b"NICK ") {
        Command::Nick(name)
    } else if let Some(text) = line.strip_prefix(b"SAY ") {
        Command::Say(text)
    } else if line == b"WHO" {
        Command::Who
    } else if line == b"QUIT" {
        Command::Quit
    } else {
        Command::Unknown
    }
}

/// Step 4: whether this can be a name: 1 to 16 letters, digits, `_` and `-`.
///
/// It will stand in front of everything its owner says: with a space, a colon or a newline in it, one could speak in
/// somebody else's name.
pub fn is_name(name: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b'-';
    (1..=LONGEST_NAME).contains(&name.len()) && name.iter().all(fits)
}

/// Step 5: hands as much to the kernel as it takes now; the rest goes on waiting.
///
/// `write(2)`. What comes back short is not an error, and neither is EAGAIN: the client's buffers are full, since it
/// reads slowly or not at all. Bytes that were not taken stay at the front of the queue. Dropping them, or starting the
/// line anew, would tear a line in the middle.
pub fn flush(client: &mut Client) {
    while !client.waiting.is_empty() && !client.broken {
        // The queue is a ring: its oldest bytes are the first of its two slices.
        match write(&client.socket, client.waiting.as_slices().0) {
            Ok(taken) => drop(client.waiting.drain(..taken)),
            Err(Errno::EINTR) => {}
            // No room. `poll` tells when there is some (POLLOUT).
            Err(Errno::EAGAIN) => break,
            // ECONNRESET or EPIPE: nobody is there any more. (EPIPE comes with SIGPIPE, which would end the program. Rust
            // ignores it before `main`; in C it is yours to ignore, or send(2) with MSG_NOSIGNAL.)
            Err(_) => client.broken = true,
        }
    }
    // Looked at when the kernel has had its chance: what waits now, it does not want. Such a client has not read for a
    // megabyte and more, and nobody can tell whether it ever will.
    if client.waiting.len() > MOST_WAITING {
        client.broken = true;
    }
}

/// Step 6: sends a line, or as much of it as goes out now.
///
/// Through the queue, always: written directly, it would overtake what still waits there.
pub fn send_line(client: &mut Client, parts: &[&[u8]]) {
    for part in parts {
        client.waiting.extend(*part);
    }
    client.waiting.push_back(b'\n');
    flush(client);
}

/// Step 7: sends a line to everybody who has a name, but not to the client at `from`.
///
/// Lines are whole in every queue, one behind the other, so no two can mix; and everybody gets the lines of one sender
/// in the order in which it said them.
pub fn tell_others(clients: &mut [Client], from: usize, parts: &[&[u8]]) {
    for (at, client) in clients.iter_mut().enumerate() {
        if at != from && client.name.is_some() {
            send_line(client, parts);
        }
    }
}

/// Step 8: `NICK name`.
pub fn take_name(clients: &mut [Client], at: usize, name: &[u8]) {
    if !is_name(name) {
        return send_line(&mut clients[at], &[b"ERR bad nick"]);
    }
    // Between this look and the line that takes the name, nobody else can take it: there is only one of us. With
    // threads, one lock has to be held over both.
    if clients.iter().any(|client| client.name.as_deref() == Some(name)) {
        return send_line(&mut clients[at], &[b"ERR nick taken"]);
    }
    clients[at].name = Some(name.to_vec());
    // In this order: whoever has read its OK is in, and whatever others are told from now on, it is told too.
    send_line(&mut clients[at], &[b"OK"]);
    tell_others(clients, at, &[b"* ", name, b" joined"]);
}

/// Step 9: `WHO`: everybody's names, sorted.
pub fn list_names(clients: &mut [Client], at: usize) {
    let mut names: Vec<Vec<u8>> = clients.iter().filter_map(|client| client.name.clone()).collect();
    // By their bytes: `Z` (0x5a) comes before `_` (0x5f), and that before `a` (0x61), whatever the user's language is.
    names.sort();
    send_line(&mut clients[at], &[b"OK ", &names.join(&b' ')]);
}

/// Step 10: the client at `at` is not in the room any more, for whatever reason; the others are told, once.
///
/// Its name is free from now on. The connection stays until what waits for it has gone out.
pub fn leave(clients: &mut [Client], at: usize) {
    clients[at].ending = true;
    if let Some(name) = clients[at].name.take() {
        tell_others(clients, at, &[b"* ", &name, b" left"]);
    }
}

/// Step 11: does what a line asks for.
pub fn obey(clients: &mut [Client], at: usize, line: &[u8]) {
    let name = clients[at].name.clone();
    match (parse(line), name) {
        (Command::Quit, _) => {
            send_line(&mut clients[at], &[b"bye"]);
            leave(clients, at);
        }
        (Command::Nick(name), _) => take_name(clients, at, name),
        (_, None) => send_line(&mut clients[at], &[b"ERR nick first"]),
        (Command::Say(text), Some(name)) => tell_others(clients, at, &[&name, b": ", text]),
        (Command::Who, Some(_)) => list_names(clients, at),
        (Command::Unknown, Some(_)) => send_line(&mut clients[at], &[b"ERR unknown command"]),
    }
}

/// Step 12: one turn of a client that has sent something: the lines that have come to their end.
///
/// Reads until it has one line, and takes those that came with it. It does not go on until the kernel has nothing
/// more: a client that sends faster than we read would keep us for ever, and the others would wait.
pub fn hear(clients: &mut [Client], at: usize) {
    let mut next = match clients[at].lines.next_line() {
        Ok(line) => Some(line),
        // Half a line. The rest comes when it comes; meanwhile there are others to listen to.
        Err(Errno::EAGAIN) => return,
        // ECONNRESET: it vanished. That is the end of this client, and news for the others; not an error of ours.
        Err(_) => {
            clients[at].broken = true;
            return leave(clients, at);
        }
    };
    while let Some(line) = next {
        match line {
            Line::Whole(line) => obey(clients, at, &line),
            Line::TooLong => {
                send_line(&mut clients[at], &[b"ERR line too long"]);
                leave(clients, at);
            }
            // Its FIN: it has no more to say. What it said before has been done; the answers still go out.
            Line::End => leave(clients, at),
        }
        // After QUIT nobody listens, whatever else was in the same segment.
        next = if clients[at].ending { None } else { clients[at].lines.take_line() };
    }
}

/// Step 13: waits until somebody can be served; gives back what `poll` says of the listener, and of each client.
///
/// `poll(2)`: the only place where this program sleeps. What is asked for is asked again each time, so it has to be what
/// we would really do something about. POLLOUT, for one, is true nearly always: asked for with an empty queue, `poll`
/// returns at once, for ever, and the loop spins.
pub fn wait(listener: &OwnedFd, clients: &[Client]) -> Result<(PollFlags, Vec<PollFlags>)> {
    let wish = |wanted, flag| if wanted { flag } else { PollFlags::empty() };
    let mut polled = vec![PollFd::new(listener.as_fd(), wish(clients.len() < MOST_CLIENTS, PollFlags::POLLIN))];
    for client in clients {
        let read = wish(!client.ending, PollFlags::POLLIN);
        let write = wish(!client.waiting.is_empty(), PollFlags::POLLOUT);
        polled.push(PollFd::new(client.socket.as_fd(), read | write));
    }
    while let Err(errno) = poll(&mut polled, PollTimeout::NONE) {
        if errno != Errno::EINTR {
            return Err(errno);
        }
    }
    // POLLHUP and POLLERR come unasked. They count as readable: `read` then says what it is.
    let mut seen = polled.iter().map(|polled| polled.revents().unwrap_or(PollFlags::empty()));
    let door = seen.next().unwrap_or(PollFlags::empty());
    Ok((door, seen.collect()))
}

/// Step 14: everybody's turn, for good.
///
/// Returns only when waiting or accepting fails for a reason of our own.
pub fn serve(listener: &OwnedFd) -> Result<Infallible> {
    never_wait(listener)?;
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let (door, seen) = wait(listener, &clients)?;
        for (at, flags) in seen.into_iter().enumerate() {
            if flags.contains(PollFlags::POLLOUT) {
                flush(&mut clients[at]);
            }
            let other = flags.difference(PollFlags::POLLOUT);
            if !other.is_empty() && !clients[at].ending {
                hear(&mut clients, at);
            } else if !other.is_empty() {
                // It said goodbye before, and now its connection is reset: there is nothing to wait for.
                clients[at].broken = true;
            }
        }
        // Nobody is taken out of the list while it is walked: in here, the news of one who leaves can break the
        // connection of another one, who then leaves too. Hence until nobody is left to be told of.
        while let Some(at) = clients.iter().position(|client| client.broken && client.name.is_some()) {
            leave(&mut clients, at);
        }
        // Dropping a client closes its connection, with FIN if we have read all it sent.
        let is_done = |client: &Client| client.broken || (client.ending && client.waiting.is_empty());
        clients.retain(|client| !is_done(client));
        if !door.is_empty() {
            welcome(listener, &mut clients)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_whole_word() {
        assert_eq!(parse(b"SAY  two  spaces "), Command::Say(b" two  spaces "));
        assert_eq!(parse(b"SAY "), Command::Say(b""));
        assert_eq!(parse(b"NICK ann"), Command::Nick(b"ann"));
        for line in [b"SAYING".as_slice(), b"WHOM", b"who", b" WHO", b""] {
            assert_eq!(parse(line), Command::Unknown);
        }
    }

    #[test]
    fn a_name_is_short_and_of_plain_characters() {
        assert!(is_name(b"A-z_09") && is_name(b"0123456789abcdef"));
        for name in [b"".as_slice(), b"0123456789abcdefg", b"a b", b"a:b", b"\xc3\xbc"] {
            assert!(!is_name(name));
        }
    }
}
