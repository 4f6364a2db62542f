//! What runs in the cell's init: a process with one thread, the parent of all of the student's.

mod build;
mod end;
mod family;
mod files;
mod found;
mod interpreter;
mod memory;
mod mounts;
mod network;
mod pin;
mod root;
mod serve;
mod spawn;

pub(super) use build::grab;
pub(super) use files::Ids;
pub(super) use found::grab_files;
pub(super) use serve::run;
pub(super) use spawn::{close_all_from, default_signals};
