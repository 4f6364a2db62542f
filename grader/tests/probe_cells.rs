//! Processes and sockets in namespaces of their own, looked at from outside.

mod probe_support;

use std::fs::File;
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};

use grader::probe::{Proc, Snapshot, SockDiag, State, Stillness, Why};
use probe_support::{Running, wait_for};

/// A program with processes, mounts and a network of its own, and the procfs in there.
struct Apart {
    running: Running,
    procfs: File,
    /// As it is known outside.
    pid: i32,
}

impl Apart {
    /// `None` where the machine does not let us.
    fn start(words: &[&str]) -> Option<Apart> {
        let unshare =
            ["unshare", "--user", "--map-root-user", "--pid", "--mount-proc", "--net", "--fork", "--kill-child"];
        let allowed = std::process::Command::new(unshare[0]).args(&unshare[1..]).arg("true").status();
        if !allowed.is_ok_and(|status| status.success()) {
            eprintln!("this machine does not let us make namespaces: nothing is tested");
            return None;
        }
        let up_and_below_a_shell = ["sh", "-c", "ip link set lo up; exec 3<&0; \"$@\" <&3 3<&- & wait", "sh"];
        let running = Running::start_below(&[&unshare[..], &up_and_below_a_shell].concat(), words);
        let pid = running.look().processes.last()?.pid;
        let procfs = File::open(format!("/proc/{pid}/root/proc")).unwrap();
        Some(Apart { running, procfs, pid })
    }

    /// The shell is the first process in there.
    fn proc(&self) -> Proc<'_> {
        Proc::new(self.procfs.as_fd(), 1)
    }

    fn look(&self) -> Snapshot {
        self.proc().look().unwrap()
    }

    fn wait_until(&self, what: impl Fn(&Stillness) -> bool) -> Stillness {
        wait_for(|| {
            let before = self.look();
            Some(self.proc().stillness(&before, &self.look()).unwrap()).filter(&what)
        })
    }

    /// A copy of its descriptor.
    fn take(&self, descriptor: i32) -> OwnedFd {
        // SAFETY: plain numbers, and the descriptors that come back are new and ours.
        unsafe {
            let process = OwnedFd::from_raw_fd(libc::syscall(libc::SYS_pidfd_open, self.pid, 0) as i32);
            let number = libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), descriptor, 0);
            assert!(number >= 0, "{}", std::io::Error::last_os_error());
            OwnedFd::from_raw_fd(number as i32)
        }
    }
}

#[test]
fn a_program_in_a_cell_is_stuck_on_its_listener() {
    let Some(apart) = Apart::start(&["accept"]) else { return };
    let stillness = apart.wait_until(|stillness| matches!(stillness, Stillness::Stuck(_)));
    let sleepers = stillness.sleepers().unwrap();
    let [sleeper] = &sleepers[..] else { panic!("{sleepers:?}") };
    assert!(sleeper.call.name.starts_with("accept") && sleeper.pid != apart.pid, "{sleeper:?}");
    assert_eq!(apart.proc().holders(sleeper.socket.unwrap()).unwrap(), [sleeper.pid]);
}

#[test]
fn a_timeout_of_a_socket_in_a_cell_is_seen() {
    let Some(apart) = Apart::start(&["receive-timeout"]) else { return };
    apart.wait_until(|stillness| matches!(stillness, Stillness::Awake(Why::SocketTimeout { .. })));
}

#[test]
fn sockets_of_another_network_are_seen_through_its_own_netlink_socket() {
    let Some(apart) = Apart::start(&["netlink-and-accept"]) else { return };
    // The subject says which descriptor its netlink socket is.
    let diag = SockDiag::new(apart.take(i32::from(apart.running.port)));
    let sockets = diag.sockets().unwrap();
    let [socket] = &sockets[..] else { panic!("{sockets:?}") };
    assert_eq!((socket.state, socket.send_queue), (State::Listen, 16));
    assert_eq!(apart.proc().holders(socket.inode).unwrap().len(), 1);
    assert!(SockDiag::open().unwrap().sockets().unwrap().iter().all(|other| other.inode != socket.inode));
}
