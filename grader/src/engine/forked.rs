//! Whether those who serve are copies of the program, or other programs that it has started.

use std::collections::HashSet;

use super::miss::Miss;
use super::stage::{Stage, Stop};
use super::trace::Direction::FromStudent;
use super::verdict::Ended;
use crate::probe::{Kind, Process};
use crate::rubric::STUDENT;

/// Looks at every process that holds a client's connection. `fork` copies the memory image as it is; `exec` makes a new
/// one, with code and stack at other addresses, even when it is the same program again. (A process that ends meanwhile
/// proves nothing.)
pub fn forked(stage: &mut Stage) -> Result<(), Stop> {
    let sockets = stage.sock_diag.in_use()?;
    let serving = |inode: u64| sockets.iter().any(|s| s.inode == inode && stage.ours.contains(&(s.remote, s.local)));
    let proc = stage.proc();
    let now = stage.look()?;
    let main = stage.student.child().and_then(|child| now.process(child.pid));
    let mut copies = HashSet::new();
    for process in &now.processes {
        let held = proc.descriptors(process.pid).unwrap_or_default();
        let serves = held.iter().any(|held| matches!(held.kind, Kind::Socket(inode) if serving(inode)));
        // An orphan has been forked by one that has ended.
        let parent = now.process(process.parent).or(main);
        let Some(parent) = parent.filter(|parent| serves && parent.pid != process.pid) else { continue };
        match is_copy(process, parent) {
            Some(false) => {
                let (parent, child) = (parent.name.clone(), process.name.clone());
                return Err(stage.miss(Miss::NotForked { parent, child }, Ended::Event));
            }
            Some(true) => drop(copies.insert(process.pid)),
            None => {}
        }
    }
    let count = copies.len();
    stage.note(STUDENT, FromStudent, format!("processes that serve a client and are copies of their parent: {count}"));
    Ok(())
}

/// `None` where the kernel does not show it.
fn is_copy(process: &Process, parent: &Process) -> Option<bool> {
    let known = |process: &Process| process.image.is_known().then_some(process.image);
    known(process).zip(known(parent)).map(|(child, parent)| child == parent)
}
