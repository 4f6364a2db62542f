//! Ports for the student and for the grader's servers: drawn in a cell, where all are free; on a network that is shared,
//! another grader of this user must not choose the same one before it is used.

use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;

use nix::fcntl::Flock;
use nix::unistd::geteuid;

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
                Ok(Some(lock)) if portpicker::is_free_tcp(port) => return Some(PortLease { port, _lock: Some(lock) }),
                Ok(_) => {}
                Err(_) => return Some(PortLease { port, _lock: None }),
            }
        }
    }
}

fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    FOLDER.get_or_init(|| scratch::own_folder(&PLACES, &format!("grader-ports-{}", geteuid()), 0o700).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{PortLease, draw};

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
