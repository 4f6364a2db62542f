//! Opens a process of a cell, and copies of its descriptors.
//!
//! A pidfd wants the process's number as *we* know it, while a cell's procfs gives the number inside of the cell (and
//! for copying, the kernel does not take a directory of that procfs in a pidfd's place): the process is looked up in
//! our own procfs by the list of its numbers, one for each nested namespace.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::files::Reader;

/// A process as it is known inside: its namespace, as the kernel names it, and its number there.
type Inside = (Vec<u8>, i32);

/// What was found before. Checked at every use, as numbers are given again.
static KNOWN: Mutex<BTreeMap<Inside, i32>> = Mutex::new(BTreeMap::new());
/// More than there are processes in all cells at a time.
const REMEMBERED: usize = 4096;

/// `pid` is the number in the reader's procfs.
pub(super) fn open(reader: &mut Reader, pid: i32) -> io::Result<OwnedFd> {
    let ours = std::process::id().to_string();
    if reader.link(format_args!("self")).is_ok_and(|link| link == ours.as_bytes()) {
        return by_our_number(pid);
    }
    let inside = (reader.link(format_args!("{pid}/ns/pid"))?.to_vec(), pid);
    let known = lock().get(&inside).copied();
    if let Some(process) = known.and_then(|number| checked(number, &inside).ok()) {
        return Ok(process);
    }
    let number = search(&inside)?;
    let process = checked(number, &inside)?;
    let mut known = lock();
    if known.len() >= REMEMBERED {
        known.clear();
    }
    known.insert(inside, number);
    Ok(process)
}

/// A copy of the process's descriptor: the same socket, not another one.
pub(super) fn copy(process: &OwnedFd, descriptor: i32) -> io::Result<OwnedFd> {
    // SAFETY: plain numbers.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), descriptor, 0) })
}

fn lock() -> MutexGuard<'static, BTreeMap<Inside, i32>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn search(inside: &Inside) -> io::Result<i32> {
    let numbers = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let mut numbers: Vec<i32> = numbers.collect();
    // The student's processes are among the youngest.
    numbers.sort_unstable_by_key(|&number| Reverse(number));
    numbers.into_iter().find(|&number| is_it(number, inside)).ok_or_else(|| io::ErrorKind::NotFound.into())
}

/// Asked after opening: it still has the number, so it had it then.
fn checked(number: i32, inside: &Inside) -> io::Result<OwnedFd> {
    let process = by_our_number(number)?;
    if is_it(number, inside) { Ok(process) } else { Err(io::ErrorKind::NotFound.into()) }
}

fn is_it(number: i32, (space, pid): &Inside) -> bool {
    fs::read_link(format!("/proc/{number}/ns/pid")).is_ok_and(|link| link.as_os_str().as_encoded_bytes() == space)
        && fs::read_to_string(format!("/proc/{number}/status")).is_ok_and(|status| innermost(&status) == Some(*pid))
}

/// The number in the innermost namespace: the last of the line `NSpid: 4711 12 3`.
fn innermost(status: &str) -> Option<i32> {
    status.lines().find_map(|line| line.strip_prefix("NSpid:"))?.split_whitespace().last()?.parse().ok()
}

fn by_our_number(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: plain numbers.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })
}

fn owned(descriptor: libc::c_long) -> io::Result<OwnedFd> {
    let descriptor = i32::try_from(descriptor).map_err(io::Error::other)?;
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just given us this descriptor (close-on-exec by itself), and nobody else knows it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_number_is_the_last_one() {
        assert_eq!(innermost("Name:\tNSpid: 1\nNSpid:\t4711\t12\t3\nNSpgid:\t1\n"), Some(3));
        assert_eq!(innermost("NSpid:\t4711\n"), Some(4711));
        assert_eq!(innermost("NSpid:\n"), None);
        assert_eq!(innermost(""), None);
    }
}
