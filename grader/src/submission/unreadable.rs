//! Why something that was handed in cannot be read, and whose fault that is.

use std::fmt;
use std::io;

use nix::errno::Errno;

use super::shown::reason;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    why: String,
    /// The machine lacks what reading takes, whatever there is to read.
    pub is_own: bool,
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Unreadable {
        let is_own = matches!(
            error.raw_os_error().map(Errno::from_raw),
            Some(
                Errno::EMFILE
                    | Errno::ENFILE
                    | Errno::ENOMEM
                    | Errno::ENOBUFS
                    | Errno::ENOSPC
                    | Errno::EIO
                    | Errno::ENOSYS
            )
        );
        Unreadable { why: reason(&error), is_own }
    }
}

impl From<Errno> for Unreadable {
    fn from(error: Errno) -> Unreadable {
        io::Error::from(error).into()
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_closed_is_the_students_and_a_machine_without_descriptors_is_not() {
        assert_eq!(Unreadable::from(Errno::EACCES), Unreadable { why: "permission denied".to_owned(), is_own: false });
        assert_eq!(Unreadable::from(Errno::EMFILE), Unreadable { why: "too many open files".to_owned(), is_own: true });
    }
}
