//! Starts a program in the cell.

use std::ffi::{CString, OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::ptr;

use nix::errno::Errno;
use nix::unistd::{ForkResult, fork};

use super::files::Place;
use super::interpreter;
use crate::cell::harden::Walls;
use crate::cell::wire::{Answer, Refusal, Spawn, Step, Trouble};
use crate::cell::{Level, PATH};

/// Times that a program is tried to be executed which is said to be open for writing.
const BUSY: usize = 10_000;

/// The program's process, or why the file could not be executed.
pub(super) fn spawn(
    job: &Spawn,
    place: &Place,
    walls: &Walls,
    level: Level,
) -> Result<(Answer, Vec<OwnedFd>), Trouble> {
    // A name with a slash is a path already.
    let path = if job.program.contains('/') { job.program.clone().into() } else { place.folder.join(&job.program) };
    let program = Program::new(job, &path, place)?;
    // The pipes are made here, by the student's user, who can open /dev/stdout therefore.
    let (stdin, to_stdin): (OwnedFd, Option<OwnedFd>) = if job.piped {
        let (reader, writer) = pipe()?;
        (reader.into(), Some(writer.into()))
    } else {
        (File::open("/dev/null").step("open /dev/null")?.into(), None)
    };
    let (from_stdout, stdout) = pipe()?;
    let (from_stderr, stderr) = pipe()?;
    let (mut failure, fails) = pipe()?;
    for stream in [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()] {
        walls.give(stream).step("give the program its streams")?;
    }

    // SAFETY: this process has one thread only, so that its copy can do all that it can.
    let pid = match unsafe { fork() }.step("fork in the cell")? {
        ForkResult::Parent { child } => child.as_raw(),
        ForkResult::Child => {
            let streams = [stdin.as_raw_fd(), stdout.as_raw_fd(), stderr.as_raw_fd()];
            let (stopped, errno) = match program.prepare(streams).and_then(|()| walls.raise(level)) {
                Ok(()) => (Stopped::Executing, program.execute()),
                Err(errno) => (Stopped::Before, errno),
            };
            let mut bytes = [0; 8];
            bytes[..4].copy_from_slice(&(stopped as i32).to_ne_bytes());
            bytes[4..].copy_from_slice(&(errno as i32).to_ne_bytes());
            // SAFETY: the buffer is as long as is said. `_exit` runs nothing of what this process has registered.
            unsafe {
                libc::write(fails.as_raw_fd(), bytes.as_ptr().cast(), bytes.len());
                libc::_exit(127)
            }
        }
    };
    drop((stdin, stdout, stderr, fails));

    // Ends when the program is executed, which closes the other side.
    let mut said = [0; 8];
    if failure.read(&mut said).step("hear from the program's process")? > 0 {
        let number = |at: usize| i32::from_ne_bytes([said[at], said[at + 1], said[at + 2], said[at + 3]]);
        let errno = number(4);
        if number(0) == Stopped::Before as i32 {
            return Err(Trouble { step: "raise the walls around the program".into(), errno });
        }
        let interpreter = interpreter::of(&path);
        let file = fs::metadata(&path);
        let executable = file.as_ref().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0);
        let refused = Answer::Refused(Refusal { errno, interpreter, exists: file.is_ok(), executable });
        return Ok((refused, Vec::new()));
    }
    let pidfd = pidfd_of(pid);
    let answer = Answer::Spawned { pid, pidfd: pidfd.is_some() };
    let mut descriptors: Vec<OwnedFd> = vec![from_stdout.into(), from_stderr.into()];
    descriptors.extend(to_stdin);
    descriptors.extend(pidfd);
    Ok((answer, descriptors))
}

fn pipe() -> Result<(PipeReader, PipeWriter), Trouble> {
    io::pipe().step("make a pipe in the cell")
}

/// Where the program's process has come to an end before it was the program.
#[derive(Clone, Copy)]
enum Stopped {
    Before,
    Executing,
}

/// All that `execve` needs, made before the fork.
struct Program {
    path: CString,
    args: Vec<CString>,
    env: Vec<CString>,
    scratch: CString,
}

impl Program {
    fn new(job: &Spawn, path: &Path, place: &Place) -> Result<Program, Trouble> {
        let scratch = place.scratch.as_os_str();
        let mut env: Vec<(OsString, OsString)> = vec![
            ("PATH".into(), PATH.into()),
            ("HOME".into(), scratch.into()),
            ("TMPDIR".into(), scratch.into()),
            ("LANG".into(), "C.UTF-8".into()),
        ];
        for (name, value) in &job.env {
            env.retain(|(known, _)| known != OsStr::new(name));
            env.push((name.into(), value.into()));
        }
        let pairs = env.into_iter().map(|(mut name, value)| {
            name.push("=");
            name.push(value);
            name
        });
        let args = std::iter::once(path.as_os_str().to_owned()).chain(job.args.iter().cloned());
        Ok(Program {
            path: text(path.as_os_str().to_owned())?,
            args: args.map(text).collect::<Result<_, _>>()?,
            env: pairs.map(text).collect::<Result<_, _>>()?,
            scratch: text(scratch.to_owned())?,
        })
    }

    /// Streams, session, working directory. Runs in the forked process, as all that follows.
    fn prepare(&self, streams: [RawFd; 3]) -> Result<(), Errno> {
        default_signals();
        // SAFETY: the string ends with NUL, the set is initialised before it is used, and the descriptors are open.
        unsafe {
            let mut nothing = std::mem::zeroed();
            libc::sigemptyset(&mut nothing);
            libc::sigprocmask(libc::SIG_SETMASK, &nothing, ptr::null_mut());
            libc::setsid();
            libc::umask(0o022);
            for (target, stream) in streams.into_iter().enumerate() {
                // The streams' numbers are above 2, where the control socket and /dev/null are.
                Errno::result(libc::dup2(stream, target as RawFd))?;
            }
            Errno::result(libc::chdir(self.scratch.as_ptr()))?;
        }
        close_all_from(3, true);
        Ok(())
    }

    /// Becomes the program, or says why not.
    fn execute(&self) -> Errno {
        let pointers = |texts: &[CString]| {
            texts.iter().map(|text| text.as_ptr()).chain([ptr::null()]).collect::<Vec<*const libc::c_char>>()
        };
        let (args, env) = (pointers(&self.args), pointers(&self.env));
        for _ in 0..BUSY {
            // SAFETY: the strings end with NUL and live until `execve`, and the lists of pointers end with a null pointer.
            unsafe { libc::execve(self.path.as_ptr(), args.as_ptr(), env.as_ptr()) };
            if Errno::last() != Errno::ETXTBSY {
                break;
            }
            // Somebody who is just being started still holds a copy of the descriptor it was written through.
            std::thread::yield_now();
        }
        Errno::last()
    }
}

fn text(text: OsString) -> Result<CString, Trouble> {
    CString::new(text.into_vec()).map_err(|error| {
        let step = format!("hand over `{}`, which has a NUL in it,", OsStr::from_bytes(&error.into_vec()).display());
        Trouble { step, errno: libc::EINVAL }
    })
}

fn pidfd_of(pid: i32) -> Option<OwnedFd> {
    // SAFETY: no pointers are involved, and we have not reaped this child.
    let made = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    // SAFETY: the kernel has just made this descriptor for us.
    (made >= 0).then(|| unsafe { OwnedFd::from_raw_fd(made as RawFd) })
}

/// Gives every signal its default meaning, SIGPIPE (which Rust's runtime ignores) among them.
pub(in crate::cell) fn default_signals() {
    // The kernel's own structure with nothing in it: the default, no flags, an empty mask.
    let default = [0u64; 4];
    const MASK: usize = 8;
    for signal in 1..=64 {
        // Not by the C library, which keeps two signals to itself: they may be ignored all the same.
        // SAFETY: the structure is not larger on any machine, and no handler is installed. Numbers are 1 to 64.
        unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, default.as_ptr(), ptr::null::<u64>(), MASK) };
    }
}

/// Closes descriptors, now or when a program is executed.
pub(in crate::cell) fn close_all_from(first: u32, on_exec: bool) {
    const ON_EXEC: u32 = 1 << 2;
    let flags = if on_exec { ON_EXEC } else { 0 };
    // SAFETY: no pointers are involved; those who call this own no descriptors from `first` on, or close them by exec.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, flags) };
    if closed == 0 || on_exec {
        // All of our own are closed on exec anyway.
        return;
    }
    // A kernel before 5.9.
    let open = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let numbers: Vec<RawFd> = open.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for number in numbers.into_iter().filter(|number| *number >= first as RawFd) {
        // SAFETY: as above. That the list's own descriptor has been closed already does no harm.
        unsafe { libc::close(number) };
    }
}
