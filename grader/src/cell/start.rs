//! Brings a cell up: starts the helper, and hears of init's birth and readiness.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::net::{SocketAddrV4, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{self, Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, SockaddrIn, bind, socketpair};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::forks;
use super::harden::{Lease, is_root_of_the_machine, student_user};
use super::names::{self, Hosts, Names};
use super::wire::{Answer, Request, Setup};
use super::{CellError, Level, Plan, channel, helper};

/// Where a plan's files are in a cell.
pub(super) const FILES: &str = "/run/files";

/// How long a birth may take, in milliseconds.
const PATIENCE: u16 = 30_000;

/// How long the end may take after which we stop waiting for it: only a process in an uninterruptible sleep
/// (a dead file server) takes as long.
const END: u16 = 5_000;

pub(super) struct Started {
    pub(super) control: OwnedFd,
    pub(super) init: InitProcess,
    pub(super) lease: Option<Lease>,
    pub(super) sock_diag: OwnedFd,
    pub(super) names: Option<Names>,
    pub(super) proc: OwnedFd,
    pub(super) own_proc: bool,
    pub(super) scratch: PathBuf,
    pub(super) files: Option<PathBuf>,
}

/// Init, which is a child of this process. Dropping this waits until it has ended, which it does when its control
/// socket is closed.
pub(super) struct InitProcess {
    pub(super) pid: i32,
    pidfd: Option<OwnedFd>,
    own: bool,
}

pub(super) fn start(plan: &Plan) -> Result<Started, CellError> {
    let own = plan.level == Level::Cell;
    let lease = lease(plan.level)?;
    let pair = socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC);
    let (control, theirs) = pair.map_err(|errno| step("make the cell's control socket", errno))?;

    let program = helper::program();
    let mut command = Command::new(&program);
    command
        .arg0(OsStr::new(helper::NAME))
        .env_clear()
        .stdin(Stdio::from(theirs))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = forks::start(&mut command, |helper| hear_of_life(&control, helper));
    let (mut helper, alive) = started.map_err(|error| CellError::Helper {
        program,
        errno: Errno::from_raw(error.raw_os_error().unwrap_or_default()),
    })?;
    // Ours has to be closed, or the helper's end would not be noticed.
    drop(command);
    if let Err(error) = alive {
        // It may have ended by itself.
        let _ = helper.kill();
        let _ = helper.wait();
        return Err(error);
    }

    let files = plan.files.as_deref().map(absolute).transpose()?;
    let setup = Setup {
        level: plan.level,
        user: lease.as_ref().map(|lease| lease.user),
        program: absolute(&plan.program)?,
        files: files.clone(),
        temporary: absolute(&std::env::temp_dir())?,
        receive_buffer: plan.receive_buffer,
        send_buffer: plan.send_buffer,
        build: plan.build.clone(),
    };
    let sent = channel::send(control.as_fd(), &Request::Begin(setup), &[]);
    let init = if own {
        let born = sent.map_err(|_| CellError::Ended).and_then(|()| hear(&control));
        // The helper has no more to do than to end. (This fails when nobody wants to know of children.)
        if born.is_err() {
            let _ = helper.kill();
        }
        let _ = helper.wait();
        match born? {
            (Answer::Born { pid }, _) => InitProcess::new(pid, own),
            (Answer::Failed(trouble), _) => return Err(trouble.into()),
            _ => return Err(CellError::Ended),
        }
    } else {
        InitProcess::new(helper.id() as i32, own)
    };
    // From here on, an error closes `control` before `init` is waited for: locals are dropped in reverse order.
    let control = control;

    let (own_proc, scratch, descriptors) = match hear(&control)? {
        (Answer::Ready { own_proc, scratch }, descriptors) => (own_proc, scratch, descriptors),
        (Answer::Failed(trouble), _) => return Err(trouble.into()),
        _ => return Err(CellError::Ended),
    };
    let mut descriptors = descriptors.into_iter();
    let mut next = || descriptors.next().ok_or(CellError::Ended);
    let (sock_diag, names) = if own {
        (next()?, Some(listen_for_names(next()?, plan)?))
    } else {
        (socket(libc::AF_NETLINK, libc::SOCK_DGRAM, libc::NETLINK_SOCK_DIAG)?, None)
    };
    let proc = if own_proc {
        next()?
    } else {
        File::open("/proc").map_err(|error| CellError::from_io("open /proc", &error))?.into()
    };
    let files = files.map(|outside| if own { PathBuf::from(FILES) } else { outside });
    Ok(Started { control, init, lease, sock_diag, names, proc, own_proc, scratch, files })
}

/// Makes a socket in the harness's own network.
pub(super) fn socket(domain: i32, kind: i32, protocol: i32) -> Result<OwnedFd, CellError> {
    // SAFETY: no pointers are involved.
    let made = unsafe { libc::socket(domain, kind | libc::SOCK_CLOEXEC, protocol) };
    let made = Errno::result(made).map_err(|errno| step("make a socket", errno))?;
    // SAFETY: the kernel has just made this descriptor for us.
    Ok(unsafe { OwnedFd::from_raw_fd(made) })
}

/// Who the student's processes belong to. Root never runs them itself if there is any way around that.
fn lease(level: Level) -> Result<Option<Lease>, CellError> {
    let refused = |step: &str| Err(CellError::Step { step: step.into(), errno: Errno::EPERM });
    match level {
        Level::Cell => Ok(None),
        Level::SameUid if is_root_of_the_machine() => refused("run what somebody has handed in as root"),
        Level::SameUid => Ok(None),
        Level::Uid if !student_user() => refused("become another user than root"),
        Level::Rlimits if !student_user() => Ok(None),
        Level::Uid | Level::Rlimits => match Lease::take() {
            Ok(lease) => Ok(Some(lease)),
            Err(error) => Err(CellError::from_io("find a free user id", &error)),
        },
    }
}

fn absolute(path: &Path) -> Result<PathBuf, CellError> {
    path::absolute(path).map_err(|error| CellError::from_io("find the working directory", &error))
}

fn hear(control: &OwnedFd) -> Result<(Answer, Vec<OwnedFd>), CellError> {
    if !readable_within(control, PATIENCE) {
        return Err(CellError::Silent);
    }
    match channel::receive(control.as_fd()) {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(CellError::Ended),
        Err(error) => Err(CellError::from_io("hear from the cell", &error)),
    }
}

/// The helper's first words, which come at once, or never.
fn hear_of_life(control: &OwnedFd, helper: &mut Child) -> Result<(), CellError> {
    const LOOKS: u16 = 300;
    for _ in 0..LOOKS {
        if readable_within(control, PATIENCE / LOOKS) {
            return match hear(control)? {
                (Answer::Alive, _) => Ok(()),
                (Answer::Failed(trouble), _) => Err(trouble.into()),
                _ => Err(CellError::Ended),
            };
        }
        if helper.try_wait().is_ok_and(|status| status.is_some()) && !readable_within(control, 0) {
            return Err(CellError::Ended);
        }
    }
    Err(CellError::Silent)
}

fn listen_for_names(socket: OwnedFd, plan: &Plan) -> Result<Names, CellError> {
    let address = SockaddrIn::from(SocketAddrV4::new(names::ADDRESS, names::PORT));
    bind(socket.as_raw_fd(), &address).map_err(|errno| step("listen for the cell's resolver", errno))?;
    let socket = UdpSocket::from(socket);
    let unblocked: io::Result<()> = socket.set_nonblocking(true);
    unblocked.map_err(|error| CellError::from_io("listen for the cell's resolver", &error))?;
    Ok(Names { socket, hosts: Hosts::new(&plan.hosts) })
}

fn readable_within(descriptor: &OwnedFd, milliseconds: u16) -> bool {
    loop {
        let mut sources = [PollFd::new(descriptor.as_fd(), PollFlags::POLLIN)];
        match poll(&mut sources, PollTimeout::from(milliseconds)) {
            Err(Errno::EINTR) => continue,
            result => return result.is_ok_and(|ready| ready > 0),
        }
    }
}

fn step(step: &str, errno: Errno) -> CellError {
    CellError::Step { step: step.into(), errno }
}

impl InitProcess {
    fn new(pid: i32, own: bool) -> InitProcess {
        // SAFETY: no pointers are involved. The id is that of a child nobody else waits for: it cannot be another's.
        let made = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        // SAFETY: the kernel has just made this descriptor for us.
        let pidfd = (made >= 0).then(|| unsafe { OwnedFd::from_raw_fd(made as i32) });
        InitProcess { pid, pidfd, own }
    }
}

impl Drop for InitProcess {
    fn drop(&mut self) {
        if let Some(pidfd) = self.pidfd.as_ref().filter(|_| self.own) {
            // Its end is the end of all the others, and it may be held up by one of them.
            // SAFETY: the descriptor is open, and no information goes with the signal.
            unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), libc::SIGKILL, 0, 0) };
        }
        let how = match &self.pidfd {
            Some(pidfd) if readable_within(pidfd, END) => None,
            // It ends some time, and is reaped when this process has ended.
            Some(_) => Some(WaitPidFlag::WNOHANG),
            // A kernel before 5.3.
            None => None,
        };
        while waitpid(Pid::from_raw(self.pid), how) == Err(Errno::EINTR) {}
    }
}
