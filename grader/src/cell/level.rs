//! How well a student's processes are isolated on this machine.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the kernel lets us have, best first. Found out by trying, never by guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Namespaces of its own, the network among them; a root of its own, Landlock, seccomp and rlimits.
    Cell,
    /// A user of its own, Landlock, seccomp without AF_UNIX, and rlimits; the machine's network, ports by chance, no names of our own.
    Uid,
    /// Landlock, seccomp without AF_UNIX, and rlimits; as the user that the grader is.
    SameUid,
    /// Rlimits and seccomp.
    Rlimits,
}

impl Level {
    pub const ALL: [Level; 4] = [Level::Cell, Level::Uid, Level::SameUid, Level::Rlimits];

    pub fn name(self) -> &'static str {
        match self {
            Level::Cell => "cell",
            Level::Uid => "uid",
            Level::SameUid => "same-uid",
            Level::Rlimits => "rlimits",
        }
    }

    /// What a program can still do that it could not at [`Level::Cell`], in a sentence.
    pub fn lacks(self) -> Option<&'static str> {
        match self {
            Level::Cell => None,
            Level::Uid => Some("steps share the machine's network; what needs one of its own cannot be checked"),
            Level::SameUid => Some(
                "steps share the machine's network and the grader's user; what needs a network of its own cannot be \
                 checked",
            ),
            Level::Rlimits => {
                Some("the program can read and change whatever the user who starts it can; only grade what you trust")
            }
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
