//! System calls that no program of the labs needs, and that break out, or block whoever watches: seccomp(2).
//!
//! A list of what is denied, not of what is allowed: the languages' runtimes are too many to know what each calls.

use std::collections::BTreeMap;

use libc::{c_long, sock_filter};
use nix::errno::Errno;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Never allowed: other processes' insides, namespaces and mounts, keys, the kernel itself.
const FORBIDDEN: &[c_long] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_open_tree,
    libc::SYS_move_mount,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_quotactl,
    libc::SYS_acct,
    libc::SYS_open_by_handle_at,
    libc::SYS_fanotify_init,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_reboot,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
    libc::SYS_move_pages,
    libc::SYS_migrate_pages,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
];

/// As if the kernel did not have them: programs go on without. (`clone3` cannot be looked into, `clone` can.)
const ABSENT: &[c_long] = &[
    libc::SYS_clone3,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_memfd_create,
    libc::SYS_memfd_secret,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_shmdt,
    libc::SYS_semget,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_semctl,
    libc::SYS_msgget,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_msgctl,
];

/// While `splice` moves bytes from a pipe to a socket that takes none, the kernel holds the pipe's lock. Whoever writes
/// to that pipe then, closes it or asks how full it is waits for the lock, without a time limit and out of reach of any
/// signal, even if the pipe is non-blocking. Between stdin and a peer that are both played by one thread of ours, that
/// is a deadlock; and Rust's `std::io::copy` from stdin to a socket is all that it takes. The answer EINVAL, "not for
/// these descriptors", is what the libraries of all languages are prepared for: they go on with `read` and `write`.
const NOT_FOR_THESE: &[c_long] = &[libc::SYS_splice, libc::SYS_tee, libc::SYS_vmsplice];

/// Every CLONE_NEW… flag.
const NEW_NAMESPACES: u64 = 0x7e02_0080;

/// Which sockets a program may make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sockets {
    /// No others' are within reach, or there is nothing to keep anybody away with.
    All,
    /// No AF_UNIX: path and abstract sockets of the machine would be within reach.
    NoLocal,
    /// For who has no business with anybody.
    None,
}

/// All that is denied, as one program.
pub(super) fn filter(sockets: Sockets) -> Result<BpfProgram, seccompiler::BackendError> {
    let plain = |calls: &[c_long]| -> Rules { calls.iter().map(|&call| (call, Vec::new())).collect() };
    let mut forbidden = plain(FORBIDDEN);
    forbidden.insert(libc::SYS_clone, new_namespaces()?);
    forbidden.insert(
        libc::SYS_ioctl,
        vec![
            // Typing into a terminal that somebody else reads from.
            rule([argument(1, SeccompCmpOp::Eq, 0x5412)?])?,
            rule([argument(1, SeccompCmpOp::Eq, 0x541c)?])?,
        ],
    );
    // Its own limits only: the same user's init would be in reach.
    forbidden.insert(libc::SYS_prlimit64, vec![rule([argument(0, SeccompCmpOp::Ne, 0)?])?]);
    let filters = [
        (forbidden, libc::EPERM),
        (plain(ABSENT), libc::ENOSYS),
        (plain(NOT_FOR_THESE), libc::EINVAL),
        (BTreeMap::from([(libc::SYS_socket, families(sockets)?)]), libc::EAFNOSUPPORT),
    ];
    let arch: TargetArch = std::env::consts::ARCH.try_into()?;
    let mut programs = vec![other_numbers()];
    for (rules, errno) in filters {
        let denied = SeccompAction::Errno(errno as u32);
        programs.push(SeccompFilter::new(rules, SeccompAction::Allow, denied, arch)?.try_into()?);
    }
    Ok(in_one(programs))
}

/// Every program in the place where the one before it allows a call: the kernel compiles each filter for itself, which takes
/// more time than all the rest of starting a program.
fn in_one(programs: Vec<BpfProgram>) -> BpfProgram {
    let allows = |statement: &seccompiler::sock_filter| {
        (u32::from(statement.code), statement.k) == (libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW)
    };
    programs.into_iter().rev().fold(BpfProgram::new(), |after, mut program| {
        let length = program.len();
        for (at, statement) in program.iter_mut().enumerate().filter(|(_, statement)| allows(statement)) {
            if !after.is_empty() {
                let code = (libc::BPF_JMP | libc::BPF_JA) as u16;
                *statement = seccompiler::sock_filter { code, jt: 0, jf: 0, k: (length - at - 1) as u32 };
            }
        }
        program.extend(after);
        program
    })
}

/// One rule a flag: the library compares, and a mask has to be equal to something.
fn new_namespaces() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let flags = (0..32).map(|bit| 1u64 << bit).filter(|flag| NEW_NAMESPACES & flag != 0);
    flags.map(|flag| rule([argument(0, SeccompCmpOp::MaskedEq(flag), flag)?])).collect()
}

/// TCP/IP and what name resolution needs; AF_NETLINK for the addresses of the machine alone (NETLINK_ROUTE).
fn families(sockets: Sockets) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let mut known = vec![libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];
    match sockets {
        Sockets::All => known.push(libc::AF_UNIX),
        Sockets::NoLocal => {}
        // Without a condition, whatever it is.
        Sockets::None => return Ok(Vec::new()),
    }
    let others = known.into_iter().map(|family| argument(0, SeccompCmpOp::Ne, family as u64));
    let netlink = [
        argument(0, SeccompCmpOp::Eq, libc::AF_NETLINK as u64)?,
        argument(2, SeccompCmpOp::Ne, libc::NETLINK_ROUTE as u64)?,
    ];
    Ok(vec![SeccompRule::new(others.collect::<Result<_, _>>()?)?, rule(netlink)?])
}

fn rule<const N: usize>(conditions: [SeccompCondition; N]) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(conditions.into())
}

fn argument(index: u8, how: SeccompCmpOp, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(index, SeccompCmpArgLen::Dword, how, value)
}

/// Numbers with bit 30 set are the same calls under other names (x32, see seccomp(2)), which no list of numbers catches.
fn other_numbers() -> BpfProgram {
    const X32: u32 = 1 << 30;
    let statement = |code: u32, k: u32| (code, 0, k);
    let absent = libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32;
    let program = [
        statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0),
        // Below it: over the next one.
        (libc::BPF_JMP | libc::BPF_JGE | libc::BPF_K, 1, X32),
        statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW),
        statement(libc::BPF_RET | libc::BPF_K, absent),
    ];
    let program = program.into_iter();
    program.map(|(code, jt, k)| seccompiler::sock_filter { code: code as u16, jt, jf: 0, k }).collect()
}

/// For the rest of this process's life, and for all that it executes. New privileges are off already.
pub(super) fn enforce(filter: &BpfProgram) -> Result<(), Errno> {
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr() as *mut sock_filter };
    // SAFETY: both types are the kernel's `struct sock_filter`, and the list lives until the call has copied it.
    Errno::result(unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program) }).map(drop)
}
