//! Ports for the student and for the grader's servers: drawn in a cell, where all are free; on a network that is shared,
//! another grader of this user must not choose the same one before it is used.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;

use nix::fcntl::Flock;
use nix::unistd::geteuid;
use socket2::{Domain, Socket, Type};

use crate::scratch;

/// Where the locks lie.
const PLACES: [&str; 3] = ["/run", "/var/tmp", "/tmp"];

/// A port of a cell that nobody has been given yet.
pub fn draw(random: &mut fastrand::Rng, given: &[u16]) -> u16 {
    loop {
        let port = random.u16(20_000..32_000);
        let swapped = port.swap_bytes();
        // Two equal bytes would hide a missing `htons`, and so would a server of ours on the port that comes of it.
        if swapped != port && !given.iter().any(|other| [port, swapped].contains(other)) {
            return port;
        }
    }
}

/// A port that was free a moment ago, and that no other grader of this user takes as long as this lives.
#[derive(Debug)]
pub struct PortLease {
    pub port: u16,
    _lock: Option<Flock<File>>,
}

impl PortLease {
    /// Nothing when no port is free.
    pub fn take() -> Option<PortLease> {
        loop {
            let port = portpicker::pick_unused_port()?;
            let Some(folder) = folder() else { return Some(PortLease { port, _lock: None }) };
            match scratch::lock(folder, &port.to_string()) {
                // It may have been used, and left to us, since it was seen to be free.
                Ok(Some(lock)) if is_free(port) => return Some(PortLease { port, _lock: Some(lock) }),
                Ok(_) => {}
                Err(_) => return Some(PortLease { port, _lock: None }),
            }
        }
    }
}

/// Also of connections in TIME_WAIT, which `portpicker` does not mind: it sets SO_REUSEADDR. A student need not, and would be
/// told that the port is in use.
fn is_free(port: u16) -> bool {
    let bound = Socket::new(Domain::IPV4, Type::STREAM, None)
        .and_then(|socket| socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, port)).into()));
    bound.is_ok() && portpicker::is_free_tcp(port)
}

fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOLDER.get_or_init(|| scratch::own_folder(&PLACES, &format!("grader-ports-{}", geteuid()), 0o700).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Read;
    use std::net::{TcpListener, TcpStream};

    use super::{PortLease, draw, is_free};

    #[test]
    fn a_port_whose_connections_linger_is_not_free() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = listener.local_addr().expect("it has one").port();
        let mut client = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        // Whoever closes first keeps the connection.
        drop(listener.accept().expect("there is a client"));
        drop(listener);
        assert_eq!(client.read(&mut [0]).expect("the end comes"), 0);
        drop(client);
        assert!(!is_free(port));
        assert!(is_free(PortLease::take().expect("a port").port));
    }

    #[test]
    fn no_two_actors_of_a_cell_draw_the_same_port_or_its_bytes_swapped() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut given: Vec<u16> = Vec::new();
        for _ in 0..5000 {
            given.push(draw(&mut random, &given));
        }
        let with_swapped: BTreeSet<u16> = given.iter().flat_map(|port| [*port, port.swap_bytes()]).collect();
        assert_eq!(with_swapped.len(), 2 * given.len());
    }

    #[test]
    fn no_two_have_the_same_port() {
        let leases: Vec<PortLease> = (0..300).map(|_| PortLease::take().expect("a port")).collect();
        let ports: BTreeSet<u16> = leases.iter().map(|lease| lease.port).collect();
        assert_eq!(ports.len(), leases.len());
    }
}
