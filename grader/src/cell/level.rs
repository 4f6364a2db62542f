//! How well a student's processes are isolated on this machine.

use std::fmt;

/// What the kernel lets us have, best first. Found out by trying, never by guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Namespaces of its own, the network among them.
    Cell,
    /// The machine's own network, ports by chance, no names of our own; a process group and a sub-reaper.
    Shared,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Level::Cell => "cell",
            Level::Shared => "shared",
        })
    }
}
