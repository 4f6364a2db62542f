//! No privileges, and no way to get any: capabilities(7).

use libc::{c_int, c_ulong};
use nix::errno::Errno;

/// `_LINUX_CAPABILITY_VERSION_3`.
const VERSION: u32 = 0x2008_0522;
/// More than any kernel has; asking to drop one that does not exist fails, and ends the loop.
const LAST: c_ulong = 63;
/// SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP and SECBIT_NO_CAP_AMBIENT_RAISE, each with its lock.
const SECURE: c_ulong = 0b1100_1111 & !0b11_0000;

#[repr(C)]
struct Header {
    version: u32,
    pid: c_int,
}

/// Effective, permitted and inheritable, for capabilities 0 to 31 and again for 32 to 63.
#[repr(C)]
struct Sets([u32; 6]);

/// Gives all capabilities up, in every set. In the bounding set only who has CAP_SETPCAP can do that; without it, nothing
/// can be had from that set once new privileges are off.
pub(super) fn drop_all() -> Result<(), Errno> {
    for capability in 0..=LAST {
        // SAFETY: no pointers are involved.
        if unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) } < 0 {
            break;
        }
    }
    // SAFETY: no pointers are involved. An old kernel has no ambient set; others refuse the bits without CAP_SETPCAP.
    unsafe {
        libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        libc::prctl(libc::PR_SET_SECUREBITS, SECURE, 0, 0, 0);
    }
    let (header, none) = (Header { version: VERSION, pid: 0 }, Sets([0; 6]));
    // SAFETY: both structures are as capset(2) has them for this version, and outlive the call.
    Errno::result(unsafe { libc::syscall(libc::SYS_capset, &header, &none) })?;
    no_new_privileges()
}

/// Set-user-id programs run as whoever starts them, from here on.
pub(super) fn no_new_privileges() -> Result<(), Errno> {
    // SAFETY: no pointers are involved.
    Errno::result(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }).map(drop)
}
