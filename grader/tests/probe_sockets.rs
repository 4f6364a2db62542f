//! Sockets in every state, made here and seen through sock_diag.

mod probe_support;

use std::io::{Read as _, Write as _};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd as _;
use std::sync::atomic::{AtomicBool, Ordering};

use grader::probe::{Endings, Family, SockDiag, Socket, State, Timer};
use probe_support::wait_for;
use socket2::{Domain, Socket as Raw, Type};

fn diag() -> SockDiag {
    SockDiag::open().unwrap()
}

/// Not yet listening.
fn bound(address: &str) -> Raw {
    let address: SocketAddr = address.parse().unwrap();
    let raw = Raw::new(Domain::for_address(address), Type::STREAM, None).unwrap();
    raw.bind(&address.into()).unwrap();
    raw
}

fn listening(address: &str, backlog: i32) -> TcpListener {
    let raw = bound(address);
    raw.listen(backlog).unwrap();
    raw.into()
}

fn port(raw: &Raw) -> u16 {
    raw.local_addr().unwrap().as_socket().unwrap().port()
}

fn inode(socket: &impl std::os::fd::AsFd) -> u64 {
    nix::sys::stat::fstat(socket).unwrap().st_ino
}

/// The one with this inode.
fn seen(socket: &impl std::os::fd::AsFd) -> Socket {
    let inode = inode(socket);
    diag().sockets().unwrap().into_iter().find(|it| it.inode == inode).expect("in the table")
}

/// (server's end, client's end)
fn connected() -> (TcpStream, TcpStream) {
    let listener = listening("127.0.0.1:0", 1);
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, client)
}

fn end(stream: &TcpStream) -> Option<Socket> {
    diag().lookup(stream.local_addr().unwrap(), stream.peer_addr().unwrap()).unwrap()
}

#[test]
fn backlog_and_waiting_connections_of_a_listener_are_exact() {
    for (backlog, waiting) in [(0, 0), (0, 1), (1, 2), (5, 3), (128, 20)] {
        let listener = listening("127.0.0.1:0", backlog);
        let address = listener.local_addr().unwrap();
        let clients: Vec<_> = (0..waiting).map(|_| TcpStream::connect(address).unwrap()).collect();
        let socket = seen(&listener);
        assert_eq!((socket.state, socket.local, socket.remote.port()), (State::Listen, address, 0));
        assert_eq!((socket.send_queue, socket.receive_queue), (backlog as u32, waiting));
        if waiting > 0 {
            listener.accept().unwrap();
            assert_eq!(seen(&listener).receive_queue, waiting - 1);
        }
        drop(clients);
    }
}

#[test]
fn listeners_are_the_listeners() {
    let (listener, silent) = (listening("127.0.0.1:0", 1), bound("127.0.0.1:0"));
    let inodes: Vec<_> = diag().listeners().unwrap().iter().map(|socket| socket.inode).collect();
    assert!(inodes.contains(&inode(&listener)));
    assert!(!inodes.contains(&inode(&silent)));
}

#[test]
fn connections_are_all_that_is_no_listener() {
    let listener = listening("127.0.0.1:0", 1);
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let silent = bound("127.0.0.1:0");
    let connections = diag().connections().unwrap();
    let seen = |socket: u64| connections.iter().any(|it| it.inode == socket);
    assert!(seen(inode(&client)) && !seen(inode(&listener)) && !seen(inode(&silent)));
}

#[test]
fn a_bound_socket_that_does_not_listen_is_seen() {
    let raw = bound("127.0.0.1:0");
    // Kernels before 6.8 do not show it.
    if let Some(found) = diag().sockets().unwrap().iter().find(|socket| socket.local.port() == port(&raw)) {
        assert_eq!((found.state, found.inode), (State::Bound, inode(&raw)));
        raw.listen(1).unwrap();
        assert_eq!(seen(&raw).state, State::Listen);
    }
}

#[test]
fn a_dual_stack_listener_is_told_from_an_ipv6_one() {
    for only_v6 in [false, true] {
        // A machine may be without IPv6.
        let Ok(raw) = Raw::new(Domain::IPV6, Type::STREAM, None) else { return };
        raw.set_only_v6(only_v6).unwrap();
        raw.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into()).unwrap();
        let before = diag().sockets().unwrap().into_iter().find(|socket| socket.local.port() == port(&raw));
        assert!(before.is_none_or(|socket| socket.dual_stack != only_v6));
        raw.listen(1).unwrap();
        let socket = seen(&raw);
        assert_eq!((socket.family, socket.dual_stack), (Family::V6, !only_v6));
        assert!(socket.local.ip().is_unspecified() && socket.local.is_ipv6());
    }
    assert!(!seen(&listening("0.0.0.0:0", 1)).dual_stack);
}

#[test]
fn a_dual_stack_servers_ipv4_connection_has_ipv4_addresses() {
    let Ok(raw) = Raw::new(Domain::IPV6, Type::STREAM, None) else { return };
    raw.set_only_v6(false).unwrap();
    raw.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into()).unwrap();
    raw.listen(1).unwrap();
    let client = TcpStream::connect(("127.0.0.1", port(&raw))).unwrap();
    let (server, _) = raw.accept().unwrap();
    let found = diag().lookup(client.peer_addr().unwrap(), client.local_addr().unwrap()).unwrap().unwrap();
    assert_eq!((found.inode, found.family, found.state), (inode(&server), Family::V6, State::Established));
    assert_eq!(found.local, client.peer_addr().unwrap());
    assert_eq!(seen(&server), found);
}

#[test]
fn one_connection_is_followed_from_the_queue_to_its_end() {
    let listener = listening("127.0.0.1:0", 1);
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (there, here) = (client.peer_addr().unwrap(), client.local_addr().unwrap());
    let server = || diag().lookup(there, here).unwrap();
    let waiting = server().unwrap();
    assert_eq!((waiting.state, waiting.inode), (State::Established, 0));

    let (mut accepted, _) = listener.accept().unwrap();
    assert_eq!(server().unwrap().inode, inode(&accepted));

    (&client).write_all(b"hello").unwrap();
    assert_eq!(server().unwrap().receive_queue, 5);
    accepted.read_exact(&mut [0; 3]).unwrap();
    assert_eq!(server().unwrap().receive_queue, 2);
    accepted.read_exact(&mut [0; 2]).unwrap();
    assert_eq!(server().unwrap().receive_queue, 0);

    client.shutdown(std::net::Shutdown::Write).unwrap();
    wait_for(|| (server().unwrap().state == State::CloseWait).then_some(()));
    assert_eq!(server().unwrap().receive_queue, 1);
    assert_eq!(accepted.read(&mut [0]).unwrap(), 0);
    assert_eq!(server().unwrap().receive_queue, 0);

    drop(accepted);
    assert_eq!((&client).read(&mut [0]).unwrap(), 0);
    wait_for(|| server().is_none().then_some(()));
    // We closed first, so the end that waits is ours.
    let ours = diag().lookup(here, there).unwrap();
    assert_eq!(ours.map(|socket| socket.state), Some(State::TimeWait));
}

#[test]
fn what_passed_over_a_connection_is_counted() {
    let (mut server, mut client) = connected();
    let (here, there) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
    client.write_all(b"hello").unwrap();
    let theirs = diag().traffic(there, here).unwrap().unwrap();
    assert_eq!((theirs.sent, theirs.received), (0, 5));
    server.read_exact(&mut [0; 5]).unwrap();
    server.write_all(b"good bye").unwrap();
    client.read_exact(&mut [0; 8]).unwrap();
    drop(client);
    // The end of file counts like a byte.
    let theirs = diag().traffic(there, here).unwrap().unwrap();
    assert_eq!((theirs.sent, theirs.received), (8, 6));
    drop(server);
    assert_eq!(diag().traffic(there, here).unwrap(), None);
}

#[test]
fn the_end_of_a_connection_is_heard_of_with_what_passed_over_it() {
    let socket = Raw::new(Domain::from(libc::AF_NETLINK), Type::DGRAM, Some(libc::NETLINK_SOCK_DIAG.into())).unwrap();
    let endings = Endings::over(socket.into()).unwrap();
    let (mut server, mut client) = connected();
    let (here, there) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
    client.write_all(b"hello").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    server.write_all(b"hi").unwrap();
    drop(server);
    client.read_to_end(&mut Vec::new()).unwrap();
    drop(client);
    let mut heard = Vec::new();
    while !(heard.contains(&there) && heard.contains(&here)) {
        for ending in endings.heard() {
            if ending.local == there && ending.remote == here {
                // Two bytes and the end of file; five and the end of file.
                assert_eq!((ending.traffic.sent, ending.traffic.received), (3, 6));
            }
            heard.push(ending.local);
        }
        std::thread::yield_now();
    }
}

#[test]
fn nothing_is_found_where_only_a_listener_is() {
    let listener = listening("127.0.0.1:0", 1);
    let found = diag().lookup(listener.local_addr().unwrap(), "127.0.0.1:9".parse().unwrap());
    assert_eq!(found.unwrap(), None);
    drop(listener);
    let found = diag().lookup("127.0.0.1:9".parse().unwrap(), "127.0.0.1:9".parse().unwrap());
    assert_eq!(found.unwrap(), None);
}

#[test]
fn whoever_closes_first_stays_in_time_wait() {
    let (server, mut client) = connected();
    let (ours, theirs) = (server.local_addr().unwrap(), server.peer_addr().unwrap());
    drop(server);
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    drop(client);
    let waits = |socket: &&Socket| (socket.local, socket.remote, socket.state) == (ours, theirs, State::TimeWait);
    let socket = wait_for(|| diag().sockets().unwrap().iter().find(waits).copied());
    assert_eq!((socket.inode, socket.timer, socket.unsettled()), (0, Timer::TimeWait, false));
}

#[test]
fn handshakes_that_do_not_end_are_seen_on_both_sides() {
    let full = listening("127.0.0.1:0", 0);
    let _first = TcpStream::connect(full.local_addr().unwrap()).unwrap();
    let second = Raw::new(Domain::IPV4, Type::STREAM, None).unwrap();
    second.set_nonblocking(true).unwrap();
    assert!(second.connect(&full.local_addr().unwrap().into()).is_err());
    let socket = seen(&second);
    assert_eq!((socket.state, socket.unsettled()), (State::SynSent, true));

    // Such a listener keeps a connection half open until data comes.
    let patient = bound("127.0.0.1:0");
    defer_accept(&patient);
    patient.listen(1).unwrap();
    let client = TcpStream::connect(("127.0.0.1", port(&patient))).unwrap();
    let half_open = diag().lookup(client.peer_addr().unwrap(), client.local_addr().unwrap()).unwrap().unwrap();
    assert_eq!((half_open.state, half_open.inode, half_open.unsettled()), (State::SynReceived, 0, true));
    let address = client.local_addr().unwrap();
    let all = diag().sockets().unwrap();
    assert!(all.iter().any(|socket| socket.remote == address && socket.state == State::SynReceived));
}

fn defer_accept(listener: &Raw) {
    let seconds: libc::c_int = 60;
    let (value, length) = (&raw const seconds, size_of_val(&seconds) as libc::socklen_t);
    // SAFETY: the number is ours, of the option's type and as long as we say.
    let result = unsafe {
        libc::setsockopt(listener.as_raw_fd(), libc::IPPROTO_TCP, libc::TCP_DEFER_ACCEPT, value.cast(), length)
    };
    assert_eq!(result, 0);
}

#[test]
fn data_that_nobody_reads_is_seen_in_the_senders_queue() {
    let (server, client) = connected();
    client.set_nonblocking(true).unwrap();
    while (&client).write(&[0; 65536]).is_ok() {}
    let full = end(&client).unwrap();
    assert!(full.send_queue > 0);
    assert!(end(&server).unwrap().receive_queue > 0);
    // Once the kernel only asks whether there is room again, nothing is on its way any more.
    let settled = wait_for(|| end(&client).filter(|socket| socket.timer == Timer::ZeroWindow));
    assert!(!settled.unsettled());
}

#[test]
fn two_threads_share_one_descriptor_while_connections_come_and_go() {
    let diag = diag();
    let listener = listening("127.0.0.1:0", 512);
    let address = listener.local_addr().unwrap();
    // More than fits in one of the kernel's answers.
    let clients: Vec<_> = (0..400).map(|_| TcpStream::connect(address).unwrap()).collect();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                drop(connected());
            }
        });
        let lookups = scope.spawn(|| {
            for client in clients.iter().cycle().take(4000) {
                let found = diag.lookup(client.local_addr().unwrap(), address).unwrap().unwrap();
                assert_eq!(found.inode, inode(client));
            }
        });
        for _ in 0..50 {
            let sockets = diag.sockets().unwrap();
            let ours = sockets.iter().filter(|socket| socket.remote == address && socket.inode != 0);
            assert_eq!(ours.count(), clients.len());
            assert_eq!(seen(&listener).receive_queue, 400);
        }
        lookups.join().unwrap();
        done.store(true, Ordering::Relaxed);
    });
}
