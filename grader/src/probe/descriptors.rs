//! A process's descriptors.

use std::collections::BTreeMap;
use std::io;

use super::descendants::descendants;
use super::files::{Reader, found, vanished};
use super::proc::Proc;
use super::stat;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    pub number: i32,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// With its inode, as `SockDiag` gives it.
    Socket(u64),
    Pipe(u64),
    /// A path, or `anon_inode:[eventpoll]` and the like.
    Other(String),
}

impl Proc<'_> {
    /// Sorted by number; one that is closed meanwhile is left out.
    pub fn descriptors(&self, pid: i32) -> io::Result<Vec<Descriptor>> {
        let mut reader = self.reader();
        let (living, mut numbers) = numbers(&mut reader, pid)?;
        numbers.sort_unstable();
        let mut descriptors = Vec::with_capacity(numbers.len());
        for number in numbers {
            match kind(&mut reader, pid, living, number) {
                Ok(kind) => descriptors.push(Descriptor { number, kind }),
                Err(error) if vanished(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(descriptors)
    }

    /// The inodes of all sockets of the student, and the processes that hold them: several after a `fork`.
    pub fn sockets(&self) -> io::Result<BTreeMap<u64, Vec<i32>>> {
        let mut sockets: BTreeMap<u64, Vec<i32>> = BTreeMap::new();
        let mut reader = self.reader();
        for member in descendants(&mut reader, self.root())? {
            let descriptors = match self.descriptors(member.pid) {
                // A zombie's are not to be read, and are closed anyway.
                Err(error) if vanished(&error) || is_ending(&mut reader, member.pid)? => continue,
                descriptors => descriptors?,
            };
            for descriptor in descriptors {
                if let Kind::Socket(inode) = descriptor.kind {
                    let holders = sockets.entry(inode).or_default();
                    if holders.last() != Some(&member.pid) {
                        holders.push(member.pid);
                    }
                }
            }
        }
        Ok(sockets)
    }

    pub fn holders(&self, socket: u64) -> io::Result<Vec<i32>> {
        Ok(self.sockets()?.remove(&socket).unwrap_or_default())
    }
}

/// By a thread that lives: a main thread that has ended before the others shows none, or does not let us look.
fn numbers(reader: &mut Reader, pid: i32) -> io::Result<(i32, Vec<i32>)> {
    let mut found = Ok((pid, Vec::new()));
    for tid in reader.numbers(format_args!("{pid}/task"))? {
        found = reader.numbers(format_args!("{pid}/task/{tid}/fd")).map(|numbers| (tid, numbers));
        if found.as_ref().is_ok_and(|(_, numbers)| !numbers.is_empty()) {
            break;
        }
    }
    found
}

/// Who ends gives back the memory first, and then nobody but root may look inside any more; the descriptors are next.
fn is_ending(reader: &mut Reader, pid: i32) -> io::Result<bool> {
    let Some(line) = found(reader.read(format_args!("{pid}/stat")))? else { return Ok(true) };
    let stat = stat::parse(line)?;
    Ok(stat.has_ended() || stat.virtual_size == 0)
}

pub(super) fn kind(reader: &mut Reader, pid: i32, tid: i32, number: i32) -> io::Result<Kind> {
    reader.link(format_args!("{pid}/task/{tid}/fd/{number}")).map(parse)
}

fn parse(link: &[u8]) -> Kind {
    let link = String::from_utf8_lossy(link);
    let inode = |kind: &str| link.strip_prefix(kind)?.strip_prefix(":[")?.strip_suffix(']')?.parse().ok();
    match (inode("socket"), inode("pipe")) {
        (Some(inode), _) => Kind::Socket(inode),
        (_, Some(inode)) => Kind::Pipe(inode),
        _ => Kind::Other(link.into_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_apart() {
        assert_eq!(parse(b"socket:[4711]"), Kind::Socket(4711));
        assert_eq!(parse(b"pipe:[12]"), Kind::Pipe(12));
        for other in ["/tmp/socket:[1]", "socket:[]", "socket:[x]", "anon_inode:[timerfd]", ""] {
            assert_eq!(parse(other.as_bytes()), Kind::Other(other.into()));
        }
    }
}
