//! Which protocol a socket is of: the kernel shows it of every socket, bound or not.

use std::ffi::CString;
use std::os::fd::AsRawFd;

use super::proc::Proc;

impl Proc<'_> {
    /// `TCP`, `TCPv6`, `UDP`, `UNIX`, … as in /proc/net/protocols. Nothing when the descriptor is no socket, or is gone.
    pub fn protocol(&self, pid: i32, descriptor: i32) -> Option<String> {
        const NAME: &std::ffi::CStr = c"system.sockprotoname";
        let path = format!("/proc/self/fd/{}/{pid}/fd/{descriptor}", self.dir().as_raw_fd());
        let path = CString::new(path).ok()?;
        let mut name = [0u8; 64];
        // SAFETY: both strings end with NUL, and the buffer is as long as is said.
        let length = unsafe { libc::getxattr(path.as_ptr(), NAME.as_ptr(), name.as_mut_ptr().cast(), name.len()) };
        let name = name.get(..usize::try_from(length).ok()?)?;
        let name = name.strip_suffix(&[0]).unwrap_or(name);
        Some(String::from_utf8_lossy(name).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, UdpSocket};
    use std::os::fd::AsFd;

    use super::*;

    #[test]
    fn every_socket_has_its_protocol_and_nothing_else_has_one() {
        let procfs = File::open("/proc").unwrap();
        let proc = Proc::new(procfs.as_fd(), 1);
        let of = |descriptor: i32| proc.protocol(std::process::id() as i32, descriptor);
        let (tcp, udp) = (TcpListener::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("[::1]:0").unwrap());
        assert_eq!(of(tcp.as_raw_fd()).as_deref(), Some("TCP"));
        assert_eq!(of(udp.as_raw_fd()).as_deref(), Some("UDPv6"));
        assert_eq!(of(procfs.as_raw_fd()), None);
        assert_eq!(of(1_000_000), None);
    }
}
