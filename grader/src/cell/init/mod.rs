//! What runs in the cell's init: a process with one thread, the parent of all of the student's.

mod end;
mod files;
mod interpreter;
mod network;
mod serve;
mod spawn;
mod splice;

pub(super) use files::Ids;
pub(super) use serve::run;
pub(super) use spawn::{close_all_from, default_signals};
