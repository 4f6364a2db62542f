//! Ports of a network that is shared: another grader of this user must not choose the same one before it is used.

use std::fs::File;
use std::path::PathBuf;
use std::sync::OnceLock;

use nix::fcntl::Flock;
use nix::unistd::geteuid;

use crate::scratch;

/// Where the locks lie.
const PLACES: [&str; 3] = ["/run", "/var/tmp", "/tmp"];

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

    use super::PortLease;

    #[test]
    fn no_two_have_the_same_port() {
        let leases: Vec<PortLease> = (0..300).map(|_| PortLease::take().expect("a port")).collect();
        let ports: BTreeSet<u16> = leases.iter().map(|lease| lease.port).collect();
        assert_eq!(ports.len(), leases.len());
    }
}
