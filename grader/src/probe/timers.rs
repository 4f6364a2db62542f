//! Timers that could wake a sleeping process, as far as the kernel shows them.

use std::io;

use super::descriptors::Kind;
use super::files::Reader;
use super::proc::Proc;

impl Proc<'_> {
    /// It has made timers with `timer_create`, a timerfd, or an io_uring (which may hold timeouts). Where the kernel
    /// cannot tell, an error.
    pub(super) fn has_timers(&self, reader: &mut Reader, pid: i32) -> io::Result<bool> {
        // One made, not one armed: what is armed can be known of no timer for sure.
        if !reader.read_to_end(format_args!("{pid}/timers"))?.is_empty() {
            return Ok(true);
        }
        Ok(self.descriptors(pid)?.iter().any(|descriptor| is_timer(&descriptor.kind)))
    }
}

fn is_timer(kind: &Kind) -> bool {
    matches!(kind, Kind::Other(name) if name == "anon_inode:[timerfd]" || name == "anon_inode:[io_uring]")
}
