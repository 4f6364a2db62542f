//! A procfs, and the process below which the student's are.

use std::os::fd::BorrowedFd;

use super::files::Reader;

/// All reads go through a descriptor of a procfs's root, which may be that of another process namespace; the
/// numbers of processes are those of that procfs. Shared freely between threads.
#[derive(Debug, Clone, Copy)]
pub struct Proc<'a> {
    dir: BorrowedFd<'a>,
    root: i32,
}

impl<'a> Proc<'a> {
    /// `dir` is an open procfs; the student's processes are the descendants of `root`, itself not among them.
    pub fn new(dir: BorrowedFd<'a>, root: i32) -> Self {
        Proc { dir, root }
    }

    pub fn root(&self) -> i32 {
        self.root
    }

    pub fn dir(&self) -> BorrowedFd<'a> {
        self.dir
    }

    pub(super) fn reader(&self) -> Reader<'a> {
        Reader::new(self.dir)
    }
}
