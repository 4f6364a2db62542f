//! Why an archive, or one file of a submission, is not taken.

use std::fmt;

use super::shown::shown;
use super::unreadable::Unreadable;

/// Folders below each other, the last one's file included.
pub const MOST_PARTS: usize = 32;
/// Bytes of a path; the kernel takes 4096, and ours stand below a folder of our own.
pub const LONGEST_PATH: usize = 1024;
/// Bytes of one name; the kernel's own limit.
pub const LONGEST_NAME: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryFlaw {
    Absolute,
    LeadsOut,
    /// A zero byte, which no file's name can hold.
    NoName,
    TooDeep,
    PathTooLong,
    NameTooLong,
    Link,
    LinkOut,
    LinkToNothing,
    LinkToFolder,
    /// A FIFO, a socket, a device.
    Special(&'static str),
    Twice,
    FileAndFolder,
    Encrypted,
    /// Compressed in a way that is not known here.
    Method,
    Unreadable(Unreadable),
    /// It was something else a moment before.
    Changed,
}

impl EntryFlaw {
    pub fn hint(&self) -> &'static str {
        use EntryFlaw::*;
        match self {
            Absolute | LeadsOut => "pack the project's folder by its name, without `..` or a leading `/`",
            NoName => "give it a name that a file can have",
            TooDeep | PathTooLong | NameTooLong => "give it a shorter path",
            Link | LinkOut | LinkToNothing => "put the file itself in its place",
            LinkToFolder => "put the folder itself in its place",
            Special(_) => "remove it: a submission is files and folders",
            Twice | FileAndFolder => "make the archive again, as a new file",
            Encrypted => "make the archive again, without a password",
            Method => "make the archive again with `zip -r` or `tar -czf`",
            Unreadable(_) => "look at its permissions",
            Changed => "try again when nothing writes to the folder",
        }
    }
}

impl fmt::Display for EntryFlaw {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use EntryFlaw::*;
        match self {
            Absolute => f.write_str("its path is absolute"),
            LeadsOut => f.write_str("its path leads out of the submission"),
            NoName => f.write_str("its name holds a zero byte"),
            TooDeep => write!(f, "its path has more than {MOST_PARTS} parts"),
            PathTooLong => write!(f, "its path has more than {LONGEST_PATH} bytes"),
            NameTooLong => write!(f, "its path has a name of more than {LONGEST_NAME} bytes"),
            Link => f.write_str("it is a link"),
            LinkOut => f.write_str("it is a link that leads out of the submission"),
            LinkToNothing => f.write_str("it is a link to nothing"),
            LinkToFolder => f.write_str("it is a link to a folder"),
            Special(what) => write!(f, "it is {what}"),
            Twice => f.write_str("it is there twice"),
            FileAndFolder => f.write_str("it is both a file and a folder"),
            Encrypted => f.write_str("it is encrypted"),
            Method => f.write_str("it is compressed in a way that is not known here"),
            Unreadable(why) => write!(f, "it cannot be read: {why}"),
            Changed => f.write_str("it was changed while it was copied"),
        }
    }
}

/// How an archive is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    EndsEarly,
    /// The list of files at the end of a zip.
    NoIndex,
    NameTwice,
    Broken,
    Entry(Vec<u8>),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Damage::EndsEarly => f.write_str("it ends too early"),
            Damage::NoIndex => f.write_str("the list of its files is missing or broken"),
            Damage::NameTwice => f.write_str("a name is there twice in the list of its files"),
            Damage::Broken => f.write_str("it cannot be read to its end"),
            Damage::Entry(name) => write!(f, "{} in it cannot be unpacked", shown(name)),
        }
    }
}
