//! What the kernel says about processes and sockets.

mod call;
mod descendants;
mod descriptors;
mod diag_message;
mod endings;
mod fair_clock;
mod files;
mod look;
mod memory;
mod netlink;
mod pidfd;
mod proc;
mod protocol;
mod queue;
mod registers;
mod snapshot;
mod sock_diag;
mod socket;
mod stat;
mod stuck;
mod thread;
mod timed_socket;
mod timers;

pub use call::Call;
pub use descriptors::{Descriptor, Kind};
pub use endings::{Ending, Endings};
pub use fair_clock::FairClock;
pub use proc::Proc;
pub use queue::unacknowledged;
pub use snapshot::{Image, Process, Snapshot, Thread};
pub use sock_diag::SockDiag;
pub use socket::{Family, Socket, State, Timer, Traffic};
pub use stuck::{Sleeper, Stillness, Why, asleep};
pub use thread::own_delay;
