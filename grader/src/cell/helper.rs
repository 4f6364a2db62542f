//! The harness, started once more: becomes a cell's init, or clones it into namespaces of its own.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use nix::errno::Errno;
use nix::sys::signal::SigSet;
use nix::sys::socket::{SockType, getsockopt, sockopt};
use nix::unistd::{Gid, Uid, getegid, geteuid, setgroups, setresgid, setresuid, setsid};

use super::init::{self, Ids};
use super::wire::{Answer, Request, Setup, Step, Trouble};
use super::{Level, channel};

/// The helper's name for itself (its first argument), by which it knows what it is.
pub(super) const NAME: &str = "grader-cell";

/// Who the student is inside of a cell.
const INSIDE: u32 = 1000;

/// Who he is outside, when the grader is root: a number that distributions leave unused, below the 65536 that a
/// container may have.
const OUTSIDE: u32 = 65533;

static PROGRAM: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Sets the executable that is started as helper. Its `main` has to begin with [`serve_if_helper`].
/// Without this, it is the running executable itself.
pub fn helper_program(path: &Path) {
    *PROGRAM.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
}

pub(super) fn program() -> PathBuf {
    let set = PROGRAM.lock().unwrap_or_else(PoisonError::into_inner);
    set.clone().unwrap_or_else(|| PathBuf::from("/proc/self/exe"))
}

/// To be called first in `main`: if this process was started as a cell's helper, it becomes that and never returns.
pub fn serve_if_helper() {
    if std::env::args_os().next().as_deref() != Some(OsStr::new(NAME)) {
        return;
    }
    let control = io::stdin();
    if getsockopt(&control.as_fd(), sockopt::SockType) != Ok(SockType::SeqPacket) {
        return;
    }
    // Standard input stays open for as long as there is a process.
    let status = match serve(control.as_fd()) {
        Ok(()) => 0,
        Err(trouble) => {
            // When nobody listens, nobody needs to know.
            let _ = channel::send(control.as_fd(), &Answer::Failed(trouble), &[]);
            1
        }
    };
    std::process::exit(status);
}

fn serve(control: BorrowedFd) -> Result<(), Trouble> {
    // Whatever the harness has inherited without knowing is not for the student.
    init::close_all_from(3, false);
    setsid().step("begin a session")?;
    // What is ignored or blocked would stay so, and a `SIGCHLD` that is ignored takes the exit statuses away.
    init::default_signals();
    SigSet::empty().thread_set_mask().step("unblock signals")?;

    channel::send(control, &Answer::Alive, &[]).step("say that the helper runs")?;
    let Some((Request::Begin(setup), _)) = channel::receive(control).step("hear what cell is wanted")? else {
        return Ok(());
    };
    if setup.level == Level::Cell { clone_init(control, &setup) } else { init::run(control, &setup, None, &[], None) }
}

/// Makes init, as a child of the harness, not of this process, which ends as soon as init knows who it is.
fn clone_init(control: BorrowedFd, setup: &Setup) -> Result<(), Trouble> {
    // Init finds the folder as its working directory, wherever that is, and whoever may look into the folders above.
    std::env::set_current_dir(&setup.program).step(format!("enter `{}`", setup.program.display()))?;
    let (user, group) = student_outside()?;
    let (mut wait, mut go) = io::pipe().step("make a pipe")?;

    // With the harness as parent (CLONE_PARENT), no process of ours has to stay behind to reap init.
    let flags = libc::CLONE_PARENT
        | libc::CLONE_NEWUSER
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWCGROUP
        | libc::SIGCHLD;
    // SAFETY: like fork(2): no stack is given and no memory shared, and this process has one thread only, so that
    // its copy finds no lock taken by a thread that it does not have.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags as libc::c_ulong, 0, 0, 0, 0) };
    let pid = Errno::result(pid).step("make the cell's namespaces (clone)")? as i32;

    if pid > 0 {
        channel::send(control, &Answer::Born { pid }, &[]).step("tell of init's birth")?;
        map_ids(pid, user, group)?;
        return go.write_all(b"!").step("let init go");
    }
    drop(go);
    if wait.read(&mut [0]).step("wait for the id maps")? == 0 {
        // The helper has said why.
        return Ok(());
    }
    drop(wait);
    let folders = init::grab(setup.build.as_ref())?;
    let files = init::grab_files(setup.files.as_deref())?;
    // Before that, we are nobody in here, and what we make would belong to nobody.
    setresgid(Gid::from_raw(INSIDE), Gid::from_raw(INSIDE), Gid::from_raw(INSIDE)).step("take on the cell's group")?;
    setresuid(Uid::from_raw(INSIDE), Uid::from_raw(INSIDE), Uid::from_raw(INSIDE)).step("take on the cell's user")?;
    init::run(control, setup, Some(Ids { user: INSIDE, group: INSIDE }), &folders, files)
}

/// The user and group that the student is outside of the cell: never root.
fn student_outside() -> Result<(u32, u32), Trouble> {
    let (user, group) = (geteuid().as_raw(), getegid().as_raw());
    if user != 0 {
        return Ok((user, group));
    }
    let map = fs::read_to_string("/proc/self/uid_map").step("read the grader's own uid_map")?;
    let ranges = map.lines().map(|line| line.split_whitespace().map(|number| number.parse().unwrap_or(0)));
    let ranges: Vec<Vec<u32>> = ranges.map(Iterator::collect).collect();
    let has_it =
        |range: &Vec<u32>| matches!(range[..], [first, _, count] if OUTSIDE >= first && OUTSIDE - first < count);
    if ranges.iter().any(has_it) {
        setgroups(&[]).step("leave root's groups")?;
        return Ok((OUTSIDE, OUTSIDE));
    }
    // Root of a user namespace with few ids may be an ordinary user outside of that.
    let ordinary = |range: &Vec<u32>| matches!(range[..], [0, outside, _] if outside != 0);
    match ranges.iter().any(ordinary) {
        true => Ok((user, group)),
        false => Err(Errno::EPERM).step("find a user for the student who is not root"),
    }
}

fn map_ids(pid: i32, user: u32, group: u32) -> Result<(), Trouble> {
    let write = |file: &str, text: String| {
        fs::write(format!("/proc/{pid}/{file}"), text).step(format!("write the cell's {file}"))
    };
    write("setgroups", "deny".into())?;
    write("uid_map", format!("{INSIDE} {user} 1"))?;
    write("gid_map", format!("{INSIDE} {group} 1"))
}
