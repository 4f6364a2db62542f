//! The line to init: requests in turn, and one thread that hears the answers, the news, and the questions for names.

use std::collections::HashMap;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{Shutdown, shutdown};

use super::child::Ending;
use super::names::Names;
use super::wire::{Answer, Request};
use super::{Bell, CellError, Status, channel};

/// Init does nothing that takes long; on a machine that is this busy, nothing can be graded.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Line {
    control: OwnedFd,
    /// Held from a request to its answer.
    turn: Mutex<()>,
    heard: Mutex<Heard>,
    changed: Condvar,
}

#[derive(Default)]
struct Heard {
    answer: Option<(Answer, Vec<OwnedFd>)>,
    running: HashMap<u32, Ending>,
    ended: bool,
}

impl Line {
    pub(super) fn open(control: OwnedFd, names: Option<Names>, bell: Bell) -> Result<Arc<Line>, CellError> {
        let line = Line { control, turn: Mutex::default(), heard: Mutex::default(), changed: Condvar::new() };
        let line = Arc::new(line);
        let listener = line.clone();
        std::thread::Builder::new()
            .name("cell".into())
            .spawn(move || listener.listen(names.as_ref(), &bell))
            .map_err(|error| CellError::from_io("start the cell's thread", &error))?;
        Ok(line)
    }

    pub(super) fn ask(&self, request: &Request) -> Result<(Answer, Vec<OwnedFd>), CellError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.heard().ended {
            return Err(CellError::Ended);
        }
        channel::send(self.control.as_fd(), request, &[]).map_err(|error| match error.raw_os_error() {
            Some(libc::EPIPE | libc::ECONNRESET) => CellError::Ended,
            _ => CellError::from_io("speak to the cell", &error),
        })?;
        let silent = |heard: &mut Heard| heard.answer.is_none() && !heard.ended;
        let waited = self.changed.wait_timeout_while(self.heard(), PATIENCE, silent);
        let (mut heard, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let answer = heard.answer.take();
        match answer {
            Some(answer) => Ok(answer),
            None if heard.ended => Err(CellError::Ended),
            None => {
                drop(heard);
                // A late answer would be taken for the next one's.
                self.hang_up();
                Err(CellError::Silent)
            }
        }
    }

    pub(super) fn expect_ending(&self, serial: u32, ending: &Ending) {
        self.heard().running.insert(serial, ending.clone());
    }

    pub(super) fn forget_ending(&self, serial: u32) {
        self.heard().running.remove(&serial);
    }

    /// Both init and our own thread see the end of the line.
    pub(super) fn hang_up(&self) {
        // It fails only when init has gone already.
        let _ = shutdown(self.control.as_raw_fd(), Shutdown::Both);
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(&self, names: Option<&Names>, bell: &Bell) {
        loop {
            let mut sources = vec![PollFd::new(self.control.as_fd(), PollFlags::POLLIN)];
            sources.extend(names.map(|names| PollFd::new(names.socket.as_fd(), PollFlags::POLLIN)));
            match poll(&mut sources, PollTimeout::NONE) {
                Err(Errno::EINTR) => continue,
                Err(_) => break,
                Ok(_) => {}
            }
            let ready = |at: usize| sources.get(at).is_some_and(|source| source.any().unwrap_or(true));
            if let Some(names) = names.filter(|_| ready(1)) {
                names.answer_one();
            }
            if ready(0) && !self.hear_one(bell) {
                break;
            }
        }
        let mut heard = self.heard();
        heard.ended = true;
        // The end of init is the end of all that was still running.
        for (_, ending) in heard.running.drain() {
            let _ = ending.set(Status::Signaled(libc::SIGKILL));
        }
        drop(heard);
        self.changed.notify_all();
        bell();
    }

    /// Whether there is more to come.
    fn hear_one(&self, bell: &Bell) -> bool {
        let Ok(Some((answer, descriptors))) = channel::receive::<Answer>(self.control.as_fd()) else { return false };
        match answer {
            Answer::Exited { serial, status } => {
                let ending = self.heard().running.remove(&serial);
                if let Some(ending) = ending {
                    let _ = ending.set(status);
                    bell();
                }
            }
            answer => {
                self.heard().answer = Some((answer, descriptors));
                self.changed.notify_all();
            }
        }
        true
    }
}
