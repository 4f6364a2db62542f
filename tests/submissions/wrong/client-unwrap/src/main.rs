//! A client for days on which nothing goes wrong: every error is unwrapped.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::thread;
use std::time::Duration;

fn resolve(host: &str) -> Vec<Ipv4Addr> {
    let mut found = Vec::new();
    for address in (host, 0).to_socket_addrs().unwrap() {
        if let SocketAddr::V4(address) = address {
            if !found.contains(address.ip()) {
                found.push(*address.ip());
            }
        }
    }
    found
}

fn connect(host: &str, port: &str, timeout: f64) -> TcpStream {
    let address = SocketAddr::from((resolve(host)[0], port.parse().unwrap()));
    TcpStream::connect_timeout(&address, Duration::from_secs_f64(timeout)).unwrap()
}

fn send(mut connection: TcpStream) {
    let mut incoming = connection.try_clone().unwrap();
    let listener = thread::spawn(move || io::copy(&mut incoming, &mut io::sink()).unwrap());
    io::copy(&mut io::stdin().lock(), &mut connection).unwrap();
    connection.shutdown(Shutdown::Write).unwrap();
    listener.join().unwrap();
}

fn get(url: &str) {
    let rest = url.strip_prefix("http://").unwrap();
    let (site, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = site.split_once(':').unwrap_or((site, "80"));
    let path = if path.is_empty() { "/" } else { path };
    let site = if port == "80" { host } else { site };
    let mut connection = connect(host, port, 5.0);
    write!(connection, "GET {path} HTTP/1.0\r\nHost: {site}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let end = loop {
        if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    };
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    assert!(head.split(' ').nth(1).unwrap().starts_with('2'), "{head}");
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
    });
    let mut body = Vec::new();
    match length {
        Some(length) => {
            body.resize(length, 0);
            connection.read_exact(&mut body).unwrap();
        }
        None => _ = connection.read_to_end(&mut body).unwrap(),
    }
    io::stdout().write_all(&body).unwrap();
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["resolve", host] => resolve(host).iter().for_each(|address| println!("{address}")),
        ["sockaddr", ip, port] => {
            let [high, low] = port.parse::<u16>().unwrap().to_be_bytes();
            let [a, b, c, d] = ip.parse::<Ipv4Addr>().unwrap().octets();
            println!("0200{high:02x}{low:02x}{a:02x}{b:02x}{c:02x}{d:02x}{:016}", 0);
        }
        ["connect", host, port] | ["connect", host, port, "--timeout", _] => {
            let timeout = arguments.get(4).map_or(5.0, |seconds| seconds.parse().unwrap());
            let connection = connect(host, port, timeout);
            println!("connected to {} from {}", connection.peer_addr().unwrap(), connection.local_addr().unwrap());
        }
        ["send", host, port] => send(connect(host, port, 5.0)),
        ["recv", host, port] => {
            io::copy(&mut connect(host, port, 5.0), &mut io::stdout()).unwrap();
        }
        ["get", url] => get(url),
        _ => panic!("unknown command"),
    }
}
