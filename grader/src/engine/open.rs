//! How connections begin: from the grader's clients, and at its servers.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use socket2::{SockRef, Socket};

use super::act::{ANSWER, Context, START};
use super::act_socket::Seat;
use super::connection::Connection;
use super::diary::{Diary, Event};
use super::miss::Miss;
use super::stage::{Stage, Stop};
use super::trace::Direction::{Act, FromStudent, ToStudent};
use super::verdict::Ended;
use crate::cell::Level;
use crate::probe::{Socket as Listener, State};
use crate::rubric::Manner;

/// Waits until the student itself listens on its port: asked of the kernel, since a connection to find it out would
/// be one that the student has to accept.
pub fn wait_until_listening(stage: &mut Stage, context: Context) -> Result<Listener, Stop> {
    let waited = stage.wait(context.within(START), |stage| stage.own_listener())?;
    match waited {
        Ok(listener) => Ok(listener),
        Err(ended) => {
            let miss = stage.why_not_listening()?;
            Err(stage.miss(miss, ended))
        }
    }
}

pub fn connect(
    stage: &mut Stage,
    seat: &Seat,
    from: Option<Ipv4Addr>,
    to: Option<Ipv4Addr>,
    context: Context,
) -> Result<(), Stop> {
    let listener = wait_until_listening(stage, context)?;
    let to = to.unwrap_or(Ipv4Addr::LOCALHOST);
    if let Some(miss) = Stage::wrong_address(&listener, to) {
        return Err(stage.miss(miss, Ended::Event));
    }
    wait_for_room(stage, seat, &listener, context)?;
    let socket = Socket::from(stage.cell.tcp_socket()?);
    socket.set_nonblocking(true)?;
    if let Some(from) = from {
        socket.bind(&SocketAddr::from((from, 0)).into())?;
    }
    let to = SocketAddr::from((to, stage.port));
    // The answer comes below: EINPROGRESS, or at once.
    let begun = socket.connect(&to.into());
    // Asked for now: a socket that was refused forgets it.
    let local = socket.local_addr().ok().and_then(|local| local.as_socket());
    let local = local.unwrap_or(SocketAddr::from((from.unwrap_or(Ipv4Addr::LOCALHOST), 0)));
    if let Err(error) = begun
        && error.raw_os_error() != Some(libc::EINPROGRESS)
    {
        return Err(refused(stage, seat, (local, to), &error.to_string()));
    }
    let waited = stage.wait(context.within(ANSWER), |_| match socket.take_error()? {
        Some(error) => Ok(Some(Err(error.to_string()))),
        None => Ok(socket.peer_addr().is_ok().then_some(Ok(()))),
    })?;
    match waited {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(refused(stage, seat, (local, to), &error)),
        Err(ended) => {
            no_connection(stage, local, to, Event::Unanswered);
            let waiting = stage.own_listener()?.map_or(1, |listener| listener.receive_queue);
            stage.note(&seat.who, ToStudent, format!("connects to {to}: no answer"));
            return Err(stage.miss(Miss::NotAccepting { waiting }, ended));
        }
    }
    let mut connection = Connection::new(TcpStream::from(socket))?;
    connection.listener = Some(listener.inode);
    stage.note(&seat.who, ToStudent, format!("connects to {to} from {}", connection.local));
    seat_down(stage, seat, connection, true);
    Ok(())
}

fn no_connection(stage: &mut Stage, local: SocketAddr, to: SocketAddr, how: Event) {
    if stage.recorder.wants_diaries() {
        stage.recorder.keep(Some(Diary::new(local, to, true, how)));
    }
}

/// A SYN that finds the accept queue full is dropped, and comes again only after a second: it waits here until the student
/// has made room, as a crowd does that is larger than the backlog.
fn wait_for_room(stage: &mut Stage, seat: &Seat, listener: &Listener, context: Context) -> Result<(), Stop> {
    let has_room = |listener: &Listener| listener.receive_queue <= listener.send_queue;
    if has_room(listener) {
        return Ok(());
    }
    let room = |stage: &mut Stage| Ok(stage.own_listener()?.as_ref().is_none_or(has_room).then_some(()));
    match stage.wait(context.within(ANSWER), room)? {
        Ok(()) => Ok(()),
        Err(ended) => {
            stage.note(&seat.who, ToStudent, "cannot connect: the accept queue is full");
            let waiting = stage.own_listener()?.map_or(1, |listener| listener.receive_queue);
            Err(stage.miss(Miss::NotAccepting { waiting }, ended))
        }
    }
}

fn refused(stage: &mut Stage, seat: &Seat, (local, to): (SocketAddr, SocketAddr), error: &str) -> Stop {
    no_connection(stage, local, to, Event::Refused);
    stage.note(&seat.who, ToStudent, format!("connects to {to}: {error}"));
    let miss = match stage.own_listener() {
        Ok(None) => Miss::StoppedListening { port: stage.port },
        _ => Miss::ConnectFailed { error: error.to_owned() },
    };
    stage.miss_or_death(miss)
}

/// `asked`: it was we who asked for the connection.
fn seat_down(stage: &mut Stage, seat: &Seat, mut connection: Connection, asked: bool) {
    if stage.recorder.wants_diaries() {
        connection.diary = Some(Diary::new(connection.local, connection.peer, asked, Event::Established));
    }
    connection.paused = stage.actors[seat.actor].paused;
    stage.ours.insert((connection.local, connection.peer));
    let name = &stage.actors[seat.actor].name;
    stage.facts.set(format!("{name}.peer"), connection.peer);
    stage.facts.set(format!("{name}.local"), connection.local);
    let former = stage.actors[seat.actor].seats[seat.seat].replace(connection);
    stage.recorder.keep(former.and_then(|mut former| former.diary.take()));
}

/// Ports that a server of the grader's tries.
const MOST_PORTS: u32 = 50;

/// Servers listen before the exchange's first line. For a program, its port is there.
pub fn listen(stage: &mut Stage, actor: usize) -> Result<(), Stop> {
    let Some((manner, at, port)) = stage.actors[actor].serves() else { return Ok(()) };
    let name = stage.actors[actor].name.clone();
    stage.facts.set(format!("{name}.address"), at);
    if manner == Manner::Unreachable {
        // Nobody gets there, so nobody has to listen.
        let port = port.map_or_else(|| stage.free_port(), Ok)?;
        stage.facts.set(format!("{name}.port"), port);
        stage.actors[actor].address = Some(SocketAddr::from((at, port)));
        return Ok(());
    }
    let given = port.or((manner == Manner::Squatting).then_some(stage.port));
    let mut tries = 0;
    // A port that was free when it was chosen may be held by a copy of the descriptor that tried it: in a process that
    // another thread has just forked, and that has not executed its program yet. Then another one does as well.
    let (socket, address) = loop {
        let port = given.map_or_else(|| stage.free_port(), Ok)?;
        let address = SocketAddr::from((at, port));
        let socket = Socket::from(stage.cell.tcp_socket()?);
        match socket.bind(&address.into()) {
            Ok(()) => break (socket, address),
            Err(error) if given.is_none() && error.kind() == ErrorKind::AddrInUse && tries < MOST_PORTS => tries += 1,
            Err(error) => return Err(error.into()),
        }
    };
    stage.facts.set(format!("{name}.port"), address.port());
    stage.actors[actor].address = Some(address);
    if let Some(partner) = stage.partners.iter().position(|partner| partner.actor == actor) {
        // In a network of its own it has the same one: then what the student says of it is true.
        let port = if stage.level == Level::Cell { address.port() } else { stage.free_port()? };
        stage.partners[partner].port = port;
    }
    let backlog = match manner {
        // Bound without listening: the port is taken and every SYN is answered with RST.
        Manner::Refusing => None,
        Manner::Silent => Some(0),
        _ => Some(128),
    };
    if let Some(backlog) = backlog {
        socket.listen(backlog)?;
    }
    if manner == Manner::Silent {
        // A backlog of 0 holds one connection; with it there, the kernel drops every further SYN.
        let filler = Socket::from(stage.cell.tcp_socket()?);
        filler.connect(&address.into())?;
        stage.actors[actor].filler = Some(TcpStream::from(filler));
    }
    socket.set_nonblocking(true)?;
    stage.actors[actor].listener = Some(TcpListener::from(socket));
    Ok(())
}

pub fn accept(stage: &mut Stage, seat: &Seat, context: Context) -> Result<(), Stop> {
    stage.actors[seat.actor].accepting = true;
    let waited = stage.wait(context.within(ANSWER), |stage| {
        let Some(listener) = stage.actors[seat.actor].listener.as_ref() else { return Ok(None) };
        match listener.accept() {
            Ok((stream, _)) => Ok(Some(stream)),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error.into()),
        }
    })?;
    stage.actors[seat.actor].accepting = false;
    let stream = match waited {
        Ok(stream) => stream,
        Err(ended) => {
            stage.note(&seat.who, FromStudent, "no connection");
            let miss = why_not_connected(stage, seat)?;
            return Err(stage.miss(miss, ended));
        }
    };
    SockRef::from(&stream).set_nonblocking(true)?;
    let connection = Connection::new(stream)?;
    stage.note(&seat.who, Act, format!("accepts the connection from {}", connection.peer));
    seat_down(stage, seat, connection, false);
    Ok(())
}

fn why_not_connected(stage: &mut Stage, seat: &Seat) -> Result<Miss, Stop> {
    if stage.student.status().is_some() {
        return Ok(stage.death()?.unwrap_or(Miss::NeverConnected));
    }
    let expected = stage.actors[seat.actor].address;
    let trying: Vec<SocketAddr> = {
        let sockets = stage.sock_diag.sockets()?.into_iter();
        let trying = sockets.filter(|s| s.state == State::SynSent && stage.is_students(s)).map(|s| s.remote);
        trying.filter(|remote| Some(*remote) != expected).collect()
    };
    let at = |address: &SocketAddr| stage.actors.iter().find(|actor| actor.address == Some(*address));
    if let (Some(to), Some(expected)) = (trying.iter().find(|to| at(to).is_none()), expected) {
        return Ok(Miss::ConnectsElsewhere { to: *to, expected });
    }
    if let Some(by) = trying.iter().find_map(at) {
        return Ok(Miss::HeldUpConnecting { by: by.name.clone(), expected: seat.who.clone() });
    }
    if let Some(other) = stage.other_protocol()? {
        return Ok(other);
    }
    let told = stage.clients().find(|(_, connection)| connection.inbox.waiting_total() > 0);
    Ok(match told {
        Some((who, connection)) => {
            Miss::AnsweredInstead { expected: seat.who.clone(), who, got: connection.inbox.waiting().into() }
        }
        None => Miss::NeverConnected,
    })
}
