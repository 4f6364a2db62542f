//! The program under test: its process and its three streams.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Instant;

use super::inbox::Inbox;
use super::miss::Ending;
use super::outbox::Outbox;
use crate::cell::{Child, Status, close};

/// The program as it runs now, or ran last.
#[derive(Default)]
pub struct Student {
    child: Option<Child>,
    stdin: Option<File>,
    pub typed: Outbox,
    /// End of file on stdin once all that was typed is written.
    hang_up: bool,
    stdout_pipe: Option<File>,
    stderr_pipe: Option<File>,
    pub stdout: Inbox,
    pub stderr: Inbox,
    /// What it was started with, for the trace and for `restart`.
    pub arguments: Vec<String>,
    /// When it was asked to be started.
    pub since: Option<Instant>,
    /// It is to listen on `{port}`, so it runs until it is killed.
    pub is_server: bool,
}

impl Student {
    /// `asked` is when: it may have begun before we heard of it.
    pub fn started(&mut self, mut child: Child, asked: Instant) -> io::Result<()> {
        self.typed = Outbox::default();
        self.hang_up = false;
        self.stdin = child.stdin.take().map(nonblocking).transpose()?;
        self.stdout_pipe = child.stdout.take().map(nonblocking).transpose()?;
        self.stderr_pipe = child.stderr.take().map(nonblocking).transpose()?;
        self.stdout = Inbox::default();
        self.stderr = Inbox::default();
        self.since = Some(asked);
        self.child = Some(child);
        Ok(())
    }

    pub fn child(&self) -> Option<&Child> {
        self.child.as_ref()
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<Status> {
        self.child.as_ref()?.status()
    }

    pub fn interests(&self) -> impl Iterator<Item = (BorrowedFd<'_>, bool, bool)> {
        let input = self.stdin.as_ref().filter(|_| !self.typed.is_empty()).map(|pipe| (pipe.as_fd(), false, true));
        let outputs = [&self.stdout_pipe, &self.stderr_pipe];
        input.into_iter().chain(outputs.into_iter().flatten().map(|pipe| (pipe.as_fd(), true, false)))
    }

    pub fn pump(&mut self, scratch: &mut [u8]) -> bool {
        let output = drain(&mut self.stdout_pipe, &mut self.stdout, scratch);
        let diagnostics = drain(&mut self.stderr_pipe, &mut self.stderr, scratch);
        self.feed() || output || diagnostics
    }

    fn feed(&mut self) -> bool {
        let Some(pipe) = self.stdin.as_mut() else { return false };
        let fed = self.typed.flush(pipe, |_| ());
        // A program that ends or closes its stdin need not read all of it (EPIPE): no mistake by itself.
        if fed.is_err() {
            self.typed.discard();
        }
        if self.typed.is_empty() && (self.hang_up || fed.is_err()) {
            close(self.stdin.take());
            return true;
        }
        fed.unwrap_or(true)
    }

    /// End of file on stdin, after all that was typed.
    pub fn close_stdin(&mut self) {
        self.hang_up = true;
        self.feed();
    }
}

pub(super) fn nonblocking(pipe: OwnedFd) -> io::Result<File> {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok(File::from(pipe))
}

pub(super) fn drain(pipe: &mut Option<File>, inbox: &mut Inbox, scratch: &mut [u8]) -> bool {
    let mut moved = false;
    // A bound, so that a program that prints without end does not keep the loop from looking at the rest.
    for _ in 0..64 {
        let Some(open) = pipe.as_mut() else { break };
        match open.read(scratch) {
            Ok(0) => {
                inbox.end(Ending::Eof);
                *pipe = None;
            }
            Ok(count) => inbox.push(&scratch[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(_) => {
                inbox.end(Ending::Eof);
                *pipe = None;
            }
        }
        moved = true;
    }
    moved
}
