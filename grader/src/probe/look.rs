//! Takes a snapshot of the student's processes.

use std::io;
use std::time::Instant;

use super::descendants::{Member, descendants};
use super::files::{Reader, found};
use super::proc::Proc;
use super::snapshot::{Process, Snapshot};
use super::stat::Stat;
use super::thread;

impl Proc<'_> {
    /// All descendants of the root with every thread. One that ends meanwhile is left out.
    pub fn look(&self) -> io::Result<Snapshot> {
        let taken = Instant::now();
        let mut reader = self.reader();
        let mut processes = Vec::new();
        for member in descendants(&mut reader, self.root())? {
            processes.extend(found(process(&mut reader, member))?);
        }
        Ok(Snapshot { processes, taken })
    }
}

fn process(reader: &mut Reader, member: Member) -> io::Result<Process> {
    let Member { pid, stat, tids } = member;
    let mut catches_alarm = stat.notices_alarm;
    let mut threads = Vec::new();
    if !stat.has_ended() {
        threads.push(thread::main(reader, pid, &stat)?);
    }
    for tid in tids.into_iter().filter(|&tid| tid != pid) {
        if let Some((thread, alarm)) = found(thread::other(reader, pid, tid))?.flatten() {
            catches_alarm |= alarm;
            threads.push(thread);
        }
    }
    // When the main thread has ended and others have not, the process is not a zombie.
    let state = threads.first().map_or(stat.state, |thread| thread.state);
    let Stat { name, parent, session, started, image, .. } = stat;
    Ok(Process { pid, parent, session, state, name, started, image, threads, catches_alarm })
}
