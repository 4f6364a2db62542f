//! A stream that ends where we have had enough, and remembers how it ended.

use std::cell::Cell;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

#[derive(Debug)]
pub struct Meter {
    left: Cell<u64>,
    /// Somebody wanted more than there was to be had.
    pub over: Cell<bool>,
    /// It came to its end: for a tar archive, whose end is marked, too early.
    pub ended: Cell<bool>,
}

impl Meter {
    pub fn new(most: u64) -> Meter {
        Meter { left: Cell::new(most), over: Cell::new(false), ended: Cell::new(false) }
    }

    /// Lets everything through from now on.
    pub fn lift(&self) {
        self.left.set(u64::MAX);
    }
}

pub struct Metered<'m, R> {
    pub inner: R,
    pub meter: &'m Meter,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let left = self.meter.left.get();
        if left == 0 {
            self.meter.over.set(true);
            return Err(ErrorKind::FileTooLarge.into());
        }
        let most = usize::try_from(left).map_or(buffer.len(), |left| left.min(buffer.len()));
        match self.inner.read(&mut buffer[..most]) {
            Ok(count) => {
                self.meter.left.set(left - count as u64);
                self.meter.ended.set(count == 0);
                Ok(count)
            }
            Err(error) => {
                self.meter.ended.set(error.kind() == ErrorKind::UnexpectedEof);
                Err(error)
            }
        }
    }
}

impl<R: Seek> Seek for Metered<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_without_end_is_cut() {
        let meter = Meter::new(1000);
        let mut read = Vec::new();
        assert!(Metered { inner: io::repeat(0), meter: &meter }.read_to_end(&mut read).is_err());
        assert_eq!((read.len(), meter.over.get(), meter.ended.get()), (1000, true, false));
    }

    #[test]
    fn a_stream_that_ends_in_time_is_not() {
        let meter = Meter::new(1000);
        let text = io::read_to_string(Metered { inner: &b"hello"[..], meter: &meter });
        assert_eq!((text.ok().as_deref(), meter.over.get(), meter.ended.get()), (Some("hello"), false, true));
    }
}
