//! Keeps `splice` and its kin away from the program: with them it could block us for ever.
//!
//! While `splice` moves bytes from a pipe to a socket that takes none, the kernel holds the pipe's lock. Whoever writes
//! to that pipe then, closes it or asks how full it is waits for the lock, without a time limit and out of reach of any
//! signal, even if the pipe is non-blocking. Between stdin and a peer that are both played by one thread of ours, that
//! is a deadlock; and Rust's `std::io::copy` from stdin to a socket is all that it takes.
//!
//! The calls answer EINVAL, "not for these descriptors" (splice(2)), which the libraries of all languages are prepared
//! for: they go on with `read` and `write`.

use std::mem::offset_of;

use libc::{BPF_ABS, BPF_JEQ, BPF_JMP, BPF_K, BPF_LD, BPF_RET, BPF_W, c_long, seccomp_data, sock_filter, sock_fprog};
use nix::errno::Errno;

const CALLS: [c_long; 3] = [libc::SYS_splice, libc::SYS_tee, libc::SYS_vmsplice];

/// For the rest of this process's life, and for all that it executes.
pub(super) fn refuse() -> Result<(), Errno> {
    let statement = |code: u32, k: u32| sock_filter { code: code as u16, jt: 0, jf: 0, k };
    let mut filter = vec![statement(BPF_LD | BPF_W | BPF_ABS, offset_of!(seccomp_data, nr) as u32)];
    for (nth, call) in CALLS.iter().enumerate() {
        // To the last of the statements: over the calls that are still to come, and the one that allows.
        let jt = (CALLS.len() - nth) as u8;
        filter.push(sock_filter { code: (BPF_JMP | BPF_JEQ | BPF_K) as u16, jt, jf: 0, k: *call as u32 });
    }
    filter.push(statement(BPF_RET | BPF_K, libc::SECCOMP_RET_ALLOW));
    filter.push(statement(BPF_RET | BPF_K, libc::SECCOMP_RET_ERRNO | libc::EINVAL as u32));
    let program = sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the filter lives until the call has copied it. Without new privileges it needs none.
    let set = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &program) == 0
    };
    if set { Ok(()) } else { Err(Errno::last()) }
}
