//! Keeps descriptors from living on in a child that is just being started.
//!
//! Between `fork` and `exec`, a child holds a copy of every descriptor of the grader, close-on-exec or not, and on a
//! busy machine it may wait there for a processor. A connection that the grader closes in that moment stays open: no
//! FIN, no RST, no end of file, until the child gets on. So who starts a process and who closes a descriptor that the
//! student is to notice take turns.

use std::io;
use std::process::{Child, Command};
use std::sync::{PoisonError, RwLock};

static FORKS: RwLock<()> = RwLock::new(());

/// Starts a process, and keeps others from closing anything until `is_past_exec` returns.
///
/// That `spawn` returns is not enough: `exec` lets go of the parent when it has the new program's memory, and closes
/// what is to be closed only then. A sign of life of the new program itself is.
pub fn start<T>(command: &mut Command, is_past_exec: impl FnOnce(&mut Child) -> T) -> io::Result<(Child, T)> {
    let _nobody_closes = FORKS.write().unwrap_or_else(PoisonError::into_inner);
    let mut child = command.spawn()?;
    let past = is_past_exec(&mut child);
    Ok((child, past))
}

/// Starts a program that says nothing of itself. While it begins, a connection may stay open for a moment after it was
/// closed: the engine sees such ones, and takes them for what they are.
pub fn start_process(command: &mut Command) -> io::Result<Child> {
    start(command, |_| ()).map(|(child, ())| child)
}

/// Closes a descriptor (drops its owner) so that the other side notices at once.
pub fn close<T>(descriptor: T) {
    let _nobody_forks = FORKS.read().unwrap_or_else(PoisonError::into_inner);
    drop(descriptor);
}
