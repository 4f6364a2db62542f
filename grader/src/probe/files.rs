//! Reading below a directory descriptor, with buffers that are used again.

use std::io::{self, Write as _};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// The two buffers that a look at many small files needs.
pub(super) struct Reader<'a> {
    dir: BorrowedFd<'a>,
    path: Vec<u8>,
    bytes: Vec<u8>,
}

impl<'a> Reader<'a> {
    pub fn new(dir: BorrowedFd<'a>) -> Self {
        Reader { dir, path: Vec::with_capacity(64), bytes: vec![0; 4096] }
    }

    /// The whole file. One `read` suffices for the files of procfs that the kernel writes in one go.
    pub fn read(&mut self, path: std::fmt::Arguments) -> io::Result<&[u8]> {
        let file = self.open(path, libc::O_RDONLY)?;
        let mut length = 0;
        loop {
            let got = read(&file, &mut self.bytes[length..])?;
            length += got;
            if length < self.bytes.len() {
                return Ok(&self.bytes[..length]);
            }
            self.bytes.resize(2 * length, 0);
        }
    }

    /// As `read`, for files that come a record at a time: until the end of file.
    pub fn read_to_end(&mut self, path: std::fmt::Arguments) -> io::Result<&[u8]> {
        let file = self.open(path, libc::O_RDONLY)?;
        let mut length = 0;
        loop {
            if length == self.bytes.len() {
                self.bytes.resize(2 * length, 0);
            }
            match read(&file, &mut self.bytes[length..])? {
                0 => return Ok(&self.bytes[..length]),
                got => length += got,
            }
        }
    }

    /// What a symbolic link says, cut at the buffer's length.
    pub fn link(&mut self, path: std::fmt::Arguments) -> io::Result<&[u8]> {
        self.set_path(path);
        // SAFETY: the path ends in NUL, and the buffer is ours and as long as we say.
        let got = unsafe {
            libc::readlinkat(
                self.dir.as_raw_fd(),
                self.path.as_ptr().cast(),
                self.bytes.as_mut_ptr().cast(),
                self.bytes.len(),
            )
        };
        let got = usize::try_from(got).map_err(|_| io::Error::last_os_error())?;
        Ok(&self.bytes[..got])
    }

    /// The entries of a directory whose names are numbers: processes, threads, descriptors.
    pub fn numbers(&mut self, path: std::fmt::Arguments) -> io::Result<Vec<i32>> {
        let dir = self.open(path, libc::O_RDONLY | libc::O_DIRECTORY)?;
        let mut numbers = Vec::new();
        loop {
            // SAFETY: the buffer is ours and as long as we say.
            let got = unsafe {
                libc::syscall(libc::SYS_getdents64, dir.as_raw_fd(), self.bytes.as_mut_ptr(), self.bytes.len())
            };
            let got = usize::try_from(got).map_err(|_| io::Error::last_os_error())?;
            if got == 0 {
                return Ok(numbers);
            }
            numbers.extend(entries(&self.bytes[..got]).filter_map(number));
        }
    }

    pub fn open(&mut self, path: std::fmt::Arguments, flags: i32) -> io::Result<OwnedFd> {
        self.set_path(path);
        // SAFETY: the path ends in NUL.
        let file = unsafe { libc::openat(self.dir.as_raw_fd(), self.path.as_ptr().cast(), flags | libc::O_CLOEXEC) };
        if file < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel has just given us this descriptor, and nobody else knows it.
        Ok(unsafe { OwnedFd::from_raw_fd(file) })
    }

    fn set_path(&mut self, path: std::fmt::Arguments) {
        self.path.clear();
        self.path.write_fmt(path).expect("writing to memory");
        self.path.push(0);
    }
}

fn read(file: &OwnedFd, into: &mut [u8]) -> io::Result<usize> {
    loop {
        // SAFETY: the buffer is ours and as long as we say.
        let got = unsafe { libc::read(file.as_raw_fd(), into.as_mut_ptr().cast(), into.len()) };
        match usize::try_from(got) {
            Ok(got) => return Ok(got),
            Err(_) => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => {}
                error => return Err(error),
            },
        }
    }
}

/// The names in a `linux_dirent64` buffer: inode 8, offset 8, length 2, type 1, name.
fn entries(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes(bytes.get(16..18)?.try_into().ok()?));
        let entry = bytes.get(..length.max(19))?;
        bytes = &bytes[entry.len()..];
        entry[19..].split(|&byte| byte == 0).next()
    })
}

pub(super) fn number(digits: &[u8]) -> Option<i32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The process or thread has ended since its name was read.
pub(super) fn vanished(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENOENT | libc::ESRCH))
}

/// `None` for what has ended since its name was read.
pub(super) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if vanished(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn denied(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EACCES | libc::EPERM))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Vec<u8> {
        let length = (19 + name.len() + 1).next_multiple_of(8);
        let mut bytes = vec![0; 16];
        bytes.extend((length as u16).to_ne_bytes());
        bytes.push(4);
        bytes.extend(name.as_bytes());
        bytes.resize(length, 0);
        bytes
    }

    #[test]
    fn names_are_taken_out_of_a_directory_buffer() {
        let bytes = [entry("1"), entry("self"), entry("4711")].concat();
        assert_eq!(entries(&bytes).collect::<Vec<_>>(), [&b"1"[..], b"self", b"4711"]);
        assert_eq!(entries(&bytes).filter_map(number).collect::<Vec<_>>(), [1, 4711]);
    }

    #[test]
    fn a_directory_buffer_cut_anywhere_does_no_harm() {
        let bytes = [entry("1"), entry("4711")].concat();
        for length in 0..bytes.len() {
            assert!(entries(&bytes[..length]).count() < 2);
        }
        assert_eq!(entries(&[0; 64]).count(), 64 / 19);
    }
}
