//! A user of its own for a program, where there are no namespaces but the grader is root.

use std::fs::{self, File};
use std::io;
use std::marker::PhantomData;

use nix::fcntl::Flock;
use nix::unistd::geteuid;

use crate::cell::Level;
use crate::scratch;

/// User ids that distributions leave to nobody, and that the 65536 ids of a container still hold.
const POOL: std::ops::Range<u32> = 61_440..62_464;

/// Where the locks lie that say which ids are taken: folders that only root can make anything in, or a sticky one.
const PLACES: [&str; 3] = ["/run", "/var/tmp", "/tmp"];
const FOLDER: &str = "grader-users";

/// A user id that no other program runs under, for as long as this lives. Another grader may be at work here.
#[derive(Debug)]
pub(in crate::cell) struct Lease {
    pub(in crate::cell) user: u32,
    _lock: Flock<File>,
}

impl Lease {
    pub(in crate::cell) fn take() -> io::Result<Lease> {
        let folder = scratch::own_folder(&PLACES, FOLDER, 0o700)?;
        for user in POOL {
            if let Some(lock) = scratch::lock(&folder, &user.to_string())? {
                return Ok(Lease { user, _lock: lock });
            }
        }
        Err(io::Error::other("every user id of the pool is taken"))
    }
}

/// Whether root of this machine, or of this container, can become any user of the pool.
pub(in crate::cell) fn student_user() -> bool {
    let holds =
        |&(first, _, count): &(u64, u64, u64)| first <= u64::from(POOL.start) && u64::from(POOL.end) <= first + count;
    geteuid().is_root() && uid_map().iter().any(holds)
}

/// Whether programs run as another user than the grader's there.
pub fn is_another_user(level: Level) -> bool {
    matches!(level, Level::Uid | Level::Rlimits) && student_user()
}

/// Root of a user namespace is somebody else outside, and may be as harmless as that.
pub(in crate::cell) fn is_root_of_the_machine() -> bool {
    geteuid().is_root() && uid_map().iter().any(|&(first, outside, _)| (first, outside) == (0, 0))
}

/// First id inside, first id outside, how many: user_namespaces(7).
fn uid_map() -> Vec<(u64, u64, u64)> {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let range = |line: &str| {
        let mut numbers = line.split_whitespace().map(|number| number.parse().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next()??))
    };
    map.lines().filter_map(range).collect()
}

/// As long as it lives, this thread looks at files as the student's user: /proc shows the inside of a process to its own
/// user, and to root only where that has CAP_SYS_PTRACE, which containers do not give.
#[derive(Debug)]
pub struct Sight {
    was: Option<(u32, u32)>,
    /// It is the thread's, not the process's.
    _here: PhantomData<*const ()>,
}

impl Sight {
    pub(in crate::cell) fn of(user: Option<u32>) -> Sight {
        // SAFETY: no pointers are involved; both calls give back what was in force before.
        let was = user.map(|user| unsafe { (libc::setfsuid(user) as u32, libc::setfsgid(user) as u32) });
        Sight { was, _here: PhantomData }
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        if let Some((user, group)) = self.was {
            // SAFETY: as above. The user comes first: becoming root's gives back the right to change the group.
            unsafe {
                libc::setfsuid(user);
                libc::setfsgid(group);
            }
        }
    }
}
