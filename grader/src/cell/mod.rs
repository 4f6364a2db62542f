//! Isolating one student's processes, and making sockets beside them.
//!
//! The harness starts itself once more as a *helper*, which becomes (or clones) the cell's *init*: the parent of all
//! of the student's processes. `init/` runs there, in a process with a single thread; the other files run in the harness;
//! `wire` is what the two say to each other.

mod allocator;
mod best;
mod channel;
mod child;
mod error;
mod forks;
mod handle;
mod harden;
mod helper;
mod init;
mod level;
mod line;
mod names;
mod plan;
mod start;
mod tap;
mod wire;

pub use allocator::give_large_buffers_back;
pub use best::{best_level, try_level};
pub use child::{Child, Status};
pub use error::{CellError, SpawnError};
pub use forks::{close, start_process};
pub use handle::Cell;
pub use harden::{MEMORY_LIMIT, PROCESS_LIMIT, Sight, is_another_user};
pub use helper::{helper_program, serve_if_helper};
pub use level::Level;
pub use plan::{Bell, Build, Folder, Job, PATH, Plan, Stdin, Target};
pub use tap::{Seen, Tap};
pub use wire::Whom;
