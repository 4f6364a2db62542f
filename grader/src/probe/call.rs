//! The system calls that network programs sleep in, and which of them end by themselves.

use super::registers::Registers;

/// What a thread sleeps in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    pub name: &'static str,
    /// The descriptor it sleeps on, where the call has one.
    pub descriptor: Option<i32>,
    /// It has no timeout of its own: only somebody else can end it. An option of the socket may still limit it.
    pub endless: bool,
}

impl Call {
    pub(super) const RUNNING: Call = Call::other("running");
    pub(super) const OPAQUE: Call = Call::other("a call that the kernel does not show");
    const OUTSIDE: Call = Call::other("no call");
    const UNKNOWN: Call = Call::other("another call");

    /// Anything not known to be endless counts as able to end.
    const fn other(name: &'static str) -> Call {
        Call { name, descriptor: None, endless: false }
    }

    pub(super) fn decode(registers: Registers) -> Call {
        match registers {
            Registers::Running => Call::RUNNING,
            Registers::Outside => Call::OUTSIDE,
            Registers::Call { number, arguments } => known(number, arguments).unwrap_or(Call::UNKNOWN),
        }
    }
}

fn known(number: i64, arguments: [u64; 6]) -> Option<Call> {
    let [first, second, third, fourth, fifth, _] = arguments;
    let number = libc::c_long::try_from(number).ok()?;
    // The kernel looks at the low half of an `int`; the rest of the register may be anything.
    let int = |argument: u64| argument as i32;
    let on = |name, endless| Some(Call { name, descriptor: Some(int(first)), endless });
    let plain = |name, endless| Some(Call { name, descriptor: None, endless });
    // A null pointer for a timeout means for ever, as does a negative number of milliseconds.
    match number {
        libc::SYS_read => on("read", true),
        libc::SYS_readv => on("readv", true),
        libc::SYS_pread64 => on("pread", true),
        libc::SYS_recvfrom => on("recvfrom", true),
        libc::SYS_recvmsg => on("recvmsg", true),
        libc::SYS_recvmmsg => on("recvmmsg", fifth == 0),
        libc::SYS_accept => on("accept", true),
        libc::SYS_accept4 => on("accept4", true),
        libc::SYS_write => on("write", true),
        libc::SYS_writev => on("writev", true),
        libc::SYS_sendto => on("sendto", true),
        libc::SYS_sendmsg => on("sendmsg", true),
        libc::SYS_sendmmsg => on("sendmmsg", true),
        libc::SYS_sendfile => on("sendfile", true),
        // Two descriptors, either of which may be a socket with a timeout.
        libc::SYS_splice => on("splice", false),
        // The handshake ends by the kernel's own timers.
        libc::SYS_connect => on("connect", false),
        // SO_LINGER makes it wait, for a while.
        libc::SYS_close => on("close", false),
        // A parent that lends its memory to its child (vfork) waits until that executes a program or ends.
        libc::SYS_clone => plain("clone", false),
        libc::SYS_clone3 => plain("clone3", false),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_vfork => plain("vfork", false),
        libc::SYS_wait4 => plain("wait4", true),
        libc::SYS_waitid => plain("waitid", true),
        libc::SYS_futex => plain("futex", futex_waits(int(second)) && fourth == 0),
        FUTEX_WAITV => plain("futex_waitv", fourth == 0),
        FUTEX_WAIT => plain("futex_wait", fifth == 0),
        libc::SYS_ppoll => plain("ppoll", third == 0),
        libc::SYS_pselect6 => plain("pselect6", fifth == 0),
        libc::SYS_epoll_pwait => on("epoll_pwait", int(fourth) < 0),
        libc::SYS_epoll_pwait2 => on("epoll_pwait2", fourth == 0),
        libc::SYS_nanosleep => plain("nanosleep", false),
        libc::SYS_clock_nanosleep => plain("clock_nanosleep", false),
        libc::SYS_rt_sigsuspend => plain("rt_sigsuspend", true),
        // It may be an alarm that is waited for, and the kernel does not show which signals are.
        libc::SYS_rt_sigtimedwait => plain("rt_sigtimedwait", false),
        libc::SYS_flock => on("flock", true),
        libc::SYS_fcntl => on("fcntl", matches!(int(second), libc::F_SETLKW | libc::F_OFD_SETLKW)),
        libc::SYS_msgrcv => plain("msgrcv", true),
        libc::SYS_semtimedop => plain("semtimedop", fourth == 0),
        // Its ring may hold timeouts that nobody outside can see.
        libc::SYS_io_uring_enter => on("io_uring_enter", false),
        libc::SYS_io_getevents => plain("io_getevents", false),
        // A call with a timeout, taken up again after SIGSTOP and SIGCONT; which one is no longer known.
        libc::SYS_restart_syscall => plain("restart_syscall", false),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_poll => plain("poll", int(third) < 0),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_select => plain("select", fifth == 0),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_epoll_wait => on("epoll_wait", int(fourth) < 0),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_pause => plain("pause", true),
        _ => None,
    }
}

// Newer than some C libraries' headers; the same number for every processor.
const FUTEX_WAITV: libc::c_long = 449;
const FUTEX_WAIT: libc::c_long = 455;

/// The operations whose fourth argument is a timeout; with the others it is something else.
fn futex_waits(operation: i32) -> bool {
    matches!(
        operation & libc::FUTEX_CMD_MASK,
        libc::FUTEX_WAIT
            | libc::FUTEX_WAIT_BITSET
            | libc::FUTEX_LOCK_PI
            | libc::FUTEX_LOCK_PI2
            | libc::FUTEX_WAIT_REQUEUE_PI
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(number: libc::c_long, arguments: [u64; 6]) -> Call {
        Call::decode(Registers::Call { number, arguments })
    }

    #[test]
    fn a_read_is_endless_and_names_its_descriptor() {
        let read = call(libc::SYS_read, [7, 0x7f00, 512, 0, 0, 0]);
        assert_eq!(read, Call { name: "read", descriptor: Some(7), endless: true });
        assert_eq!(call(libc::SYS_accept4, [0xdead_0000_0003, 0, 0, 0, 0, 0]).descriptor, Some(3));
    }

    #[test]
    fn a_timeout_argument_is_looked_at() {
        let minus_one = u64::from(u32::MAX);
        assert!(call(libc::SYS_ppoll, [0x7f00, 1, 0, 0, 0, 0]).endless);
        assert!(!call(libc::SYS_ppoll, [0x7f00, 1, 0x7f10, 0, 0, 0]).endless);
        assert!(call(libc::SYS_pselect6, [4, 1, 0, 0, 0, 0x7f10]).endless);
        assert!(!call(libc::SYS_pselect6, [4, 1, 0, 0, 0x7f10, 0]).endless);
        assert!(call(libc::SYS_epoll_pwait, [4, 0x7f00, 8, minus_one, 0, 8]).endless);
        assert!(!call(libc::SYS_epoll_pwait, [4, 0x7f00, 8, 100, 0, 8]).endless);
        assert!(call(libc::SYS_epoll_pwait2, [4, 0x7f00, 8, 0, 0, 8]).endless);
        assert!(!call(libc::SYS_recvmmsg, [4, 0x7f00, 8, 0, 0x7f10, 0]).endless);
    }

    #[test]
    fn a_futex_is_endless_only_when_it_waits_without_a_timeout() {
        let private = libc::FUTEX_PRIVATE_FLAG;
        let futex =
            |operation: i32, timeout| call(libc::SYS_futex, [0x7f00, operation as u64, 0, timeout, 0, 0]).endless;
        assert!(futex(libc::FUTEX_WAIT | private, 0));
        assert!(futex(libc::FUTEX_WAIT_BITSET | private | libc::FUTEX_CLOCK_REALTIME, 0));
        assert!(!futex(libc::FUTEX_WAIT_BITSET | private, 0x7f10));
        assert!(!futex(libc::FUTEX_WAKE, 0));
    }

    #[test]
    fn what_ends_by_itself_or_is_unknown_is_not_endless() {
        for number in
            [libc::SYS_connect, libc::SYS_nanosleep, libc::SYS_rt_sigtimedwait, libc::SYS_restart_syscall, 9999]
        {
            assert!(!call(number, [0; 6]).endless);
        }
        assert!(!Call::decode(Registers::Running).endless);
        assert!(!Call::decode(Registers::Outside).endless);
        assert!(!call(libc::SYS_fcntl, [3, libc::F_GETFL as u64, 0, 0, 0, 0]).endless);
    }
}
