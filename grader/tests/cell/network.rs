//! The cell's network and its names.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use grader::cell::{Cell, Level, Plan, Status};
use nix::errno::Errno;
use socket2::Socket;

use crate::support::{LIMIT, Lab, Run};

fn connect(socket: OwnedFd, to: &str) -> Result<TcpStream, Errno> {
    let socket = Socket::from(socket);
    let to: SocketAddr = to.parse().unwrap();
    match socket.connect_timeout(&to.into(), LIMIT) {
        Ok(()) => Ok(socket.into()),
        Err(error) => Err(Errno::from_raw(error.raw_os_error().unwrap_or_default())),
    }
}

fn listen(cell: &Cell, at: &str) -> TcpListener {
    let socket = Socket::from(cell.tcp_socket().unwrap());
    socket.bind(&at.parse::<SocketAddr>().unwrap().into()).unwrap();
    socket.listen(8).unwrap();
    socket.into()
}

#[test]
fn names_resolve_forward_and_backward() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    assert_eq!(lab.run(&cell, "getent ahostsv4 alice.lab | head -n 1").stdout, "10.99.0.2       STREAM alice.lab\n");
    assert_eq!(lab.run(&cell, "getent hosts alice.lab").stdout, "10.99.0.2       alice.lab\n");
    assert_eq!(lab.run(&cell, "getent hosts 10.99.0.2").stdout, "10.99.0.2       alice.lab\n");
    assert_eq!(lab.run(&cell, "getent ahostsv4 localhost | head -n 1").stdout, "127.0.0.1       STREAM localhost\n");
    // Its own name can be looked up as well.
    assert_eq!(lab.run(&cell, "getent ahosts $(hostname) > /dev/null"), Run::said(""));
}

#[test]
fn unknown_names_and_addresses_fail_at_once() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    for what in ["hosts eve.lab", "ahosts eve", "hosts 10.99.0.7"] {
        let start = Instant::now();
        assert_eq!(lab.run(&cell, &format!("getent {what}")).status, Status::Exited(2), "{what}");
        // The resolver itself would have asked again after a second.
        assert!(start.elapsed() < Duration::from_secs(1), "{what}");
    }
}

#[test]
fn a_name_that_does_not_exist_is_told_from_a_resolver_in_trouble() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    lab.file("resolve.py", "import socket\ntry: socket.getaddrinfo('eve.lab', 80)\nexcept socket.gaierror as e: print(e.errno == socket.EAI_NONAME)\n", 0o644);
    assert_eq!(lab.run(&cell, "python3 /run/lab/resolve.py"), Run::said("True\n"));
}

#[test]
fn there_is_one_unreachable_net_and_no_way_to_the_others() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let attempt = |to| connect(cell.tcp_socket().unwrap(), to).map(drop);
    assert_eq!(attempt("10.98.0.1:80"), Err(Errno::EHOSTUNREACH));
    assert_eq!(attempt("10.77.0.1:80"), Err(Errno::ENETUNREACH));
    assert_eq!(attempt("127.0.0.1:80"), Err(Errno::ECONNREFUSED));
}

#[test]
fn clients_come_from_different_addresses() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let listener = listen(&cell, "0.0.0.0:7");
    for last in 1..=9 {
        let socket = Socket::from(cell.tcp_socket().unwrap());
        let from = SocketAddr::from((Ipv4Addr::new(10, 99, 0, last), 0));
        socket.bind(&from.into()).unwrap();
        let _client = connect(socket.into(), "10.99.0.1:7").unwrap();
        assert_eq!(listener.accept().unwrap().1.ip(), from.ip());
    }
}

#[test]
fn programs_can_have_low_ports_and_ipv6() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let code = "import socket; s = socket.create_server(('127.0.0.1', 80)); print('ok'); t = socket.create_server(('::1', 80), family=socket.AF_INET6); print('ok')";
    let run = lab.run(&cell, &format!("python3 -c \"{code}\""));
    let ipv6 = std::path::Path::new("/proc/net/if_inet6").exists();
    assert_eq!(run.stdout, if ipv6 { "ok\nok\n" } else { "ok\n" }, "{}", run.stderr);
}

#[test]
fn two_cells_have_a_port_each() {
    let lab = Lab::new();
    let cells = [lab.cell(Level::Cell), lab.cell(Level::Cell)];
    let listeners = cells.each_ref().map(|cell| listen(cell, "127.0.0.1:80"));
    for (number, (cell, listener)) in cells.iter().zip(listeners).enumerate() {
        let mut client = connect(cell.tcp_socket().unwrap(), "127.0.0.1:80").unwrap();
        listener.accept().unwrap().0.write_all(&[number as u8]).unwrap();
        let mut said = Vec::new();
        client.read_to_end(&mut said).unwrap();
        assert_eq!(said, [number as u8]);
    }
}

#[test]
fn buffers_are_capped_when_the_plan_says_so() {
    let lab = Lab::new();
    let plan = Plan { receive_buffer: Some(8192), send_buffer: Some(2048), ..lab.plan(Level::Cell) };
    let cell = lab.try_cell(&plan).unwrap();
    let run = lab.run(&cell, "cat /proc/sys/net/ipv4/tcp_rmem /proc/sys/net/ipv4/tcp_wmem");
    assert_eq!(run.stdout, "4096\t8192\t8192\n2048\t2048\t2048\n");
    assert_eq!(Socket::from(cell.tcp_socket().unwrap()).recv_buffer_size().unwrap(), 8192);
}

#[test]
fn many_connections_may_wait_for_their_end() {
    let lab = Lab::new();
    let cell = lab.cell(Level::Cell);
    let listener = listen(&cell, "127.0.0.1:80");
    for _ in 0..300 {
        let client = connect(cell.tcp_socket().unwrap(), "127.0.0.1:80").unwrap();
        drop(listener.accept().unwrap());
        drop(client);
    }
    // The last segments may still be under way.
    let waiting = lab.run(&cell, "grep -o 'tw [0-9]*' /proc/net/sockstat").stdout;
    assert!(waiting.trim().strip_prefix("tw ").unwrap().parse::<u32>().unwrap() > 250, "{waiting}");
}
