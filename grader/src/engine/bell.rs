//! Wakes the wait loop from another thread: the cell rings when a child has ended.

use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use nix::sys::eventfd::{EfdFlags, EventFd};

#[derive(Clone)]
pub struct Bell(Arc<EventFd>);

impl Bell {
    pub fn new() -> nix::Result<Bell> {
        let flags = EfdFlags::EFD_NONBLOCK | EfdFlags::EFD_CLOEXEC;
        Ok(Bell(Arc::new(EventFd::from_value_and_flags(0, flags)?)))
    }

    pub fn ring(&self) {
        // The counter is full only after 2^64 unheard rings: then it is ringing anyway.
        let _full = self.0.write(1);
    }

    pub fn quiet(&self) {
        let _nothing = self.0.read();
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
