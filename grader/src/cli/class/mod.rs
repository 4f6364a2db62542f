//! `grader class` and `grader merge`.

mod command;
mod ended;
mod merge;
mod progress;
mod ready;
mod seed;
mod status;
mod watch;

pub use command::class;
pub use merge::merge;
