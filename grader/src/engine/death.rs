//! Whether the program has ended, and what its end says.

use std::time::Duration;

use super::miss::Miss;
use super::sleep::is_deserted;
use super::stage::{Stage, Stop};
use crate::cell::{MEMORY_LIMIT, PROCESS_LIMIT, Status};
use crate::probe::{Snapshot, asleep};

/// How long a program whose connection just ended may take to be seen dead, in fair time.
pub(super) const DYING: Duration = Duration::from_millis(500);

/// Who sleeps for so long has nothing to do with its connection's end any more.
const RESTING: Duration = Duration::from_millis(50);

impl Stage<'_> {
    /// If the program has ended although it was needed: how. Waits until a dying one is dead.
    pub fn death(&mut self) -> Result<Option<Miss>, Stop> {
        let mut first: Option<Snapshot> = None;
        let ended = self.wait(DYING, |stage| match stage.student.status() {
            Some(status) => Ok(Some(Some(status))),
            None => Ok(stage.rests_since(&mut first)?.then_some(None)),
        })?;
        let clean = |status: &Status| matches!(status, Status::Exited(0)) && !self.student.is_server;
        let Some(status) = ended.ok().flatten().filter(|status| !clean(status)) else { return Ok(None) };
        // Its last words may still be in the pipe.
        self.wait(DYING, |stage| Ok((!stage.student.stderr.is_open()).then_some(())))?.ok();
        Ok(Some(ended_with(status, &String::from_utf8_lossy(self.student.stderr.all()))))
    }

    /// Whether every thread has been asleep for a while, in any call: a program that is dying is not.
    fn rests_since(&self, first: &mut Option<Snapshot>) -> Result<bool, Stop> {
        let now = self.look()?;
        match first {
            Some(first) if asleep(first, &now) && !is_deserted(&now) => {
                Ok(now.taken.saturating_duration_since(first.taken) >= RESTING && !self.in_flight()?)
            }
            first => {
                *first = Some(now);
                Ok(false)
            }
        }
    }
}

/// The miss of a program that has ended.
pub fn ended_with(status: Status, stderr: &str) -> Miss {
    match status {
        Status::TooMuchMemory => Miss::TooMuchMemory { limit: MEMORY_LIMIT },
        Status::TooManyProcesses => Miss::TooManyProcesses { limit: PROCESS_LIMIT },
        Status::Signaled(signal) => Miss::Died { signal, name: signal_name(signal).into() },
        Status::Exited(status) => match panic_message(stderr).filter(|_| status == 101) {
            Some(message) => Miss::Panicked { message },
            None => Miss::Exited { status },
        },
    }
}

/// The line after `thread 'main' panicked at src/server.rs:12:5:`.
fn panic_message(stderr: &str) -> Option<String> {
    let mut lines = stderr.lines().skip_while(|line| !line.contains("panicked at"));
    lines.next()?;
    lines.next().map(str::to_owned)
}

pub fn signal_name(signal: i32) -> &'static str {
    nix::sys::signal::Signal::try_from(signal).map_or("unknown", nix::sys::signal::Signal::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_from_another_exit_status() {
        let stderr = "thread 'main' (7) panicked at src/server.rs:12:5:\nnot yet implemented: step 1\nnote: run with";
        let message = "not yet implemented: step 1".to_owned();
        assert_eq!(ended_with(Status::Exited(101), stderr), Miss::Panicked { message });
        assert_eq!(ended_with(Status::Exited(1), stderr), Miss::Exited { status: 1 });
        assert_eq!(ended_with(Status::Signaled(11), ""), Miss::Died { signal: 11, name: "SIGSEGV".into() });
    }
}
