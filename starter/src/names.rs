//! Host names to addresses and back: the C library's `getaddrinfo` and `getnameinfo`, which `nix` does not wrap.
//!
//! This file is complete: nothing in it is about sockets, and it is the only one with `unsafe` code.
//! What a client makes of the addresses is `client::resolve`.
//!
//! See `getaddrinfo(3)`, `getnameinfo(3)`, `gai.conf(5)` (in which order addresses come), `nsswitch.conf(5)` (who is
//! asked: `/etc/hosts`, DNS, …).

use std::ffi::{CStr, CString};
use std::fmt;
use std::mem;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::ptr;

use nix::libc;
use nix::sys::socket::{SockaddrIn, SockaddrLike};

/// Why a name has no address: one of `getaddrinfo`'s own errors, which are not those of `errno`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameError {
    pub code: i32,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        // SAFETY: gai_strerror returns a string that lives as long as the program, for every number.
        let text = unsafe { CStr::from_ptr(libc::gai_strerror(self.code)) };
        f.write_str(&text.to_string_lossy())
    }
}

/// The IPv4 addresses of `host`, a name or a dotted quad, just as `getaddrinfo` lists them: the one to try first comes
/// first, and an address may stand there more than once (it answers for every type of socket: stream, datagram, raw).
pub fn addresses(host: &str) -> Result<Vec<Ipv4Addr>, NameError> {
    // A name with a NUL in it can't be said in C, so nothing is called so.
    let host = CString::new(host).map_err(|_| NameError { code: libc::EAI_NONAME })?;
    // SAFETY: addrinfo is numbers and pointers; all zero bytes are a value of it, the one that asks for anything.
    let mut hints: libc::addrinfo = unsafe { mem::zeroed() };
    hints.ai_family = libc::AF_INET;
    let mut list = ptr::null_mut();
    // SAFETY: all four pointers are valid for the call, and `list` is only used when it says 0.
    let code = unsafe { libc::getaddrinfo(host.as_ptr(), ptr::null(), &hints, &mut list) };
    if code != 0 {
        return Err(NameError { code });
    }
    let mut found = Vec::new();
    let mut entry = list;
    // SAFETY: the list is getaddrinfo's own, linked by ai_next and ended by null, and not freed before the loop is done.
    while let Some(info) = unsafe { entry.as_ref() } {
        // SAFETY: ai_addr points at ai_addrlen bytes of an address; from_raw looks at both before it reads.
        if let Some(address) = unsafe { SockaddrIn::from_raw(info.ai_addr, Some(info.ai_addrlen)) } {
            found.push(address.ip());
        }
        entry = info.ai_next;
    }
    // SAFETY: the list came from getaddrinfo, is freed once, and nothing of it is kept.
    unsafe { libc::freeaddrinfo(list) };
    Ok(found)
}

/// The name of the host with this address; `None` when it has none. May ask the network, and so take its time.
pub fn name_of(address: Ipv4Addr) -> Option<String> {
    let address = SockaddrIn::from(SocketAddrV4::new(address, 0));
    let mut name = [0u8; 1025]; // NI_MAXHOST
    // SAFETY: the address and the buffer are valid for the call and go with their lengths; no service name is asked for.
    let code = unsafe {
        libc::getnameinfo(
            address.as_ptr(),
            address.len(),
            name.as_mut_ptr().cast(),
            name.len() as libc::socklen_t,
            ptr::null_mut(),
            0,
            libc::NI_NAMEREQD, // without it an address without a name comes back as its own digits
        )
    };
    if code != 0 {
        return None;
    }
    CStr::from_bytes_until_nul(&name).ok().map(|name| name.to_string_lossy().into_owned())
}
