//! The walls around a student's process: raised in the forked process, right before the program is executed.

mod capabilities;
mod files;
mod limits;
mod syscalls;
mod user;
mod walls;

pub(super) use files::Reach;
pub(super) use limits::Limits;
pub use limits::{MEMORY_LIMIT, PROCESS_LIMIT};
pub(super) use user::{Lease, is_root_of_the_machine, student_user};
pub use user::{Sight, is_another_user};
pub(super) use walls::Walls;
