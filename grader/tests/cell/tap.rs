//! Listening to a cell's loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use etherparse::{LaxPacketHeaders, TransportHeader};
use grader::cell::{Cell, Level, Tap};
use socket2::Socket;

use crate::support::Lab;

/// A connection inside of the cell: both of its ends.
fn connection(cell: &Cell) -> (TcpStream, TcpStream) {
    let at: SocketAddr = "127.0.0.1:80".parse().unwrap();
    let listener = Socket::from(cell.tcp_socket().unwrap());
    listener.bind(&at.into()).unwrap();
    listener.listen(8).unwrap();
    let client = Socket::from(cell.tcp_socket().unwrap());
    client.connect(&at.into()).unwrap();
    let server = TcpListener::from(listener).accept().unwrap().0;
    (client.into(), server)
}

#[derive(Debug, PartialEq)]
struct Segment {
    at: Duration,
    to_server: bool,
    flags: String,
    /// On the wire, and what there is of them.
    bytes: (usize, usize),
}

fn take(tap: &Tap) -> Vec<Segment> {
    let mut space = vec![0; 128 << 10];
    let mut segments = Vec::new();
    while let Some(seen) = tap.take(&mut space).unwrap() {
        let headers = LaxPacketHeaders::from_ethernet(seen.bytes).unwrap();
        let Some(TransportHeader::Tcp(tcp)) = headers.transport else { continue };
        let there = headers.payload.slice().len();
        let set = [(tcp.syn, 'S'), (tcp.ack, 'A'), (tcp.psh, 'P'), (tcp.fin, 'F'), (tcp.rst, 'R')];
        segments.push(Segment {
            at: seen.at,
            to_server: tcp.destination_port == 80,
            flags: set.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect(),
            bytes: (there + seen.length as usize - seen.bytes.len(), there),
        });
    }
    segments
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

#[test]
fn each_frame_is_seen_once_and_in_order_with_the_time_at_which_it_passed() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let tap = cell.tap(4 << 20).unwrap();
    let begun = now();
    let (mut client, mut server) = connection(&cell);
    client.write_all(b"hello").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    drop(server);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    let ended = now();
    let segments = take(&tap);
    let told: Vec<_> = segments.iter().map(|it| (it.to_server, it.flags.as_str(), it.bytes.0)).collect();
    let expected =
        [(true, "S", 0), (false, "SA", 0), (true, "A", 0), (true, "AP", 5), (false, "A", 0), (false, "AF", 0)];
    // The last acknowledgement may still be on its way.
    assert_eq!(told[..6], expected);
    // The kernel's clock is no finer than that where it stamps.
    let slack = Duration::from_millis(1);
    assert!(segments.iter().all(|it| it.at + slack >= begun), "{begun:?} {segments:?}");
    assert!(segments[..6].iter().all(|it| it.at <= ended + slack), "{ended:?} {segments:?}");
    assert_eq!((tap.lost(), take(&tap).len()), (0, 0));
}

#[test]
fn what_there_is_no_room_for_is_counted() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let tap = cell.tap(16 << 10).unwrap();
    let (mut client, mut server) = connection(&cell);
    for _ in 0..1000 {
        client.write_all(b"x").unwrap();
        server.read_exact(&mut [0]).unwrap();
    }
    assert!(tap.is_filling());
    let taken = take(&tap).len() as u64;
    assert!(!tap.is_filling());
    let lost = tap.lost();
    assert!(taken > 4 && lost > 900 && taken + lost >= 1003, "{taken} taken, {lost} lost");
    assert_eq!(tap.lost(), 0);
}

#[test]
fn with_little_room_long_frames_lose_their_tails_and_no_frame_is_lost() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let tap = cell.tap(200 << 10).unwrap();
    let (mut client, mut server) = connection(&cell);
    let long = vec![7; 100_000];
    let mut segments = Vec::new();
    for _ in 0..40 {
        client.write_all(&long).unwrap();
        server.read_exact(&mut vec![0; long.len()]).unwrap();
        client.write_all(b"short").unwrap();
        server.read_exact(&mut [0; 5]).unwrap();
        if tap.is_filling() {
            segments.extend(take(&tap));
        }
    }
    segments.extend(take(&tap));
    let sum = |of: fn(&Segment) -> usize| segments.iter().map(of).sum::<usize>();
    assert_eq!((sum(|it| it.bytes.0), tap.lost()), (40 * 100_005, 0));
    assert!(sum(|it| it.bytes.1) < 40 * 10_000, "{}", sum(|it| it.bytes.1));
    assert!(segments.iter().filter(|it| it.bytes.0 < 1000).all(|it| it.bytes.0 == it.bytes.1));
}

#[test]
fn a_program_in_the_cell_has_nothing_of_it() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let _tap = cell.tap(4 << 20).unwrap();
    let run = lab.run(&cell, "ls -l /proc/self/fd /proc/$$/fd | grep -c 'socket:'");
    assert_eq!(run.stdout, "0\n", "{}", run.stderr);
    let code = "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)";
    assert!(lab.run(&cell, &format!("python3 -c '{code}'")).stderr.contains("Error"));
}
