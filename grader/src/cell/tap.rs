//! What goes over the cell's loopback: a packet socket that was made in the cell, whose queue holds the frames until
//! somebody wants them.
//!
//! While nobody does, they cost next to nothing: the kernel keeps a reference to what it had in memory anyway. So there is
//! no thread that is woken by every frame, and no ring to be cleared for every step.

use std::io;
use std::mem::{self, MaybeUninit};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::ptr;
use std::sync::OnceLock;
use std::time::Duration;

use nix::sys::socket::{setsockopt, sockopt};

use super::{Cell, CellError, start};

/// With less room than that, a long frame is cut when it is put into the queue: some do not fit in as they are, and a
/// gap is worse.
const ENOUGH: u32 = 1 << 20;
const LONG: u32 = 4 << 10;
const HEAD: u32 = 256;
/// More than any frame has.
const WHOLE: u32 = 256 << 10;

/// The loopback's index in every network namespace.
const LOOPBACK: libc::c_int = 1;

/// A frame as it was seen.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'b> {
    /// Since the epoch, by the kernel's clock.
    pub at: Duration,
    /// What it had on the wire.
    pub length: u32,
    /// What there is of it.
    pub bytes: &'b [u8],
}

pub struct Tap {
    /// Always there, but in `drop`.
    socket: Option<OwnedFd>,
    /// Bytes, as the kernel counts them.
    room: u32,
}

impl Cell {
    /// Frames are kept from here on, in about so many bytes. Only where the network is the cell's own: elsewhere it would be
    /// everybody's.
    pub fn tap(&self, room: usize) -> Result<Tap, CellError> {
        keep_stamping();
        // With no protocol, it hears nothing before it is bound to the loopback.
        let socket = self.socket(libc::AF_PACKET, libc::SOCK_RAW, 0)?;
        Tap::over(socket, room).map_err(|error| CellError::from_io("listen to the cell's loopback", &error))
    }
}

impl Tap {
    fn over(socket: OwnedFd, room: usize) -> io::Result<Tap> {
        // Root of the machine may have all it wants, others what the machine's administrator lets them.
        if setsockopt(&socket, sockopt::RcvBufForce, &room).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &room)?;
        }
        // It doubles the figure, for its own bookkeeping.
        let granted: libc::c_int = option(&socket, libc::SOL_SOCKET, libc::SO_RCVBUF)?;
        let tap = Tap { room: granted as u32, socket: Some(socket) };
        // A frame on the loopback goes out and comes in: once is enough.
        tap.set(libc::SOL_PACKET, libc::PACKET_IGNORE_OUTGOING, &1)?;
        tap.set(libc::SOL_PACKET, libc::PACKET_AUXDATA, &1)?;
        setsockopt(tap.socket(), sockopt::ReceiveTimestampns, &true)?;
        if tap.room < ENOUGH {
            tap.cut_long_frames()?;
        }
        // SAFETY: all bytes zero is a valid address of this kind.
        let mut address: libc::sockaddr_ll = unsafe { mem::zeroed() };
        address.sll_family = libc::AF_PACKET as u16;
        address.sll_protocol = (libc::ETH_P_ALL as u16).to_be();
        address.sll_ifindex = LOOPBACK;
        let length = size_of::<libc::sockaddr_ll>() as libc::socklen_t;
        // SAFETY: the pointer is to an address of that length, which outlives the call.
        let bound = unsafe { libc::bind(tap.socket().as_raw_fd(), (&raw const address).cast(), length) };
        if bound < 0 { Err(io::Error::last_os_error()) } else { Ok(tap) }
    }

    fn socket(&self) -> &OwnedFd {
        self.socket.as_ref().expect("it is taken when this is dropped")
    }

    /// Whether it is time to take some, lest there be no room for the next ones.
    pub fn is_filling(&self) -> bool {
        // `SK_MEMINFO_RMEM_ALLOC` is the first of some numbers.
        let used: io::Result<u32> = option(self.socket(), libc::SOL_SOCKET, libc::SO_MEMINFO);
        used.is_ok_and(|used| used > self.room / 2)
    }

    /// The next frame, which is forgotten now: as much of it as there is space for.
    pub fn take<'b>(&self, space: &'b mut [u8]) -> io::Result<Option<Seen<'b>>> {
        let mut control = [MaybeUninit::<u64>::zeroed(); 16];
        let mut part = libc::iovec { iov_base: space.as_mut_ptr().cast(), iov_len: space.len() };
        // SAFETY: all bytes zero is a valid, empty header.
        let mut header: libc::msghdr = unsafe { mem::zeroed() };
        header.msg_iov = &raw mut part;
        header.msg_iovlen = 1;
        header.msg_control = control.as_mut_ptr().cast();
        header.msg_controllen = size_of_val(&control) as _;
        let length = loop {
            // SAFETY: the header points to a buffer and to room for control messages, both as long as it says.
            let length = unsafe { libc::recvmsg(self.socket().as_raw_fd(), &raw mut header, libc::MSG_DONTWAIT) };
            match usize::try_from(length) {
                Ok(length) => break length,
                Err(_) => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        };
        let bytes = &space[..length.min(space.len())];
        let mut seen = Seen { at: Duration::ZERO, length: bytes.len() as u32, bytes };
        // SAFETY: the kernel has filled in the header, whose control messages stand in `control`.
        let mut message = unsafe { libc::CMSG_FIRSTHDR(&raw const header) };
        while !message.is_null() {
            // SAFETY: it is not null, and so points to a whole control message.
            let (level, kind, data) =
                unsafe { ((*message).cmsg_level, (*message).cmsg_type, libc::CMSG_DATA(message)) };
            match (level, kind) {
                (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => {
                    // SAFETY: a message of this kind holds a `timespec`, wherever it is aligned.
                    let at: libc::timespec = unsafe { ptr::read_unaligned(data.cast()) };
                    seen.at = Duration::new(at.tv_sec as u64, at.tv_nsec as u32);
                }
                (libc::SOL_PACKET, libc::PACKET_AUXDATA) => {
                    // SAFETY: a message of this kind holds a `tpacket_auxdata`, wherever it is aligned.
                    let told: libc::tpacket_auxdata = unsafe { ptr::read_unaligned(data.cast()) };
                    seen.length = told.tp_len.max(seen.length);
                }
                _ => {}
            }
            // SAFETY: both are as the kernel has left them.
            message = unsafe { libc::CMSG_NXTHDR(&raw const header, message) };
        }
        Ok(Some(seen))
    }

    /// How many there was no room for since this was last asked.
    pub fn lost(&self) -> u64 {
        let counted: io::Result<libc::tpacket_stats> = option(self.socket(), libc::SOL_PACKET, libc::PACKET_STATISTICS);
        counted.map_or(0, |counted| u64::from(counted.tp_drops))
    }

    /// In the kernel's words: of a frame longer than that only the head, of others all.
    fn cut_long_frames(&self) -> io::Result<()> {
        let word = |code: u32, jt: u8, jf: u8, k: u32| libc::sock_filter { code: code as u16, jt, jf, k };
        let mut program = [
            word(libc::BPF_LD | libc::BPF_W | libc::BPF_LEN, 0, 0, 0),
            word(libc::BPF_JMP | libc::BPF_JGT | libc::BPF_K, 0, 1, LONG),
            word(libc::BPF_RET | libc::BPF_K, 0, 0, HEAD),
            word(libc::BPF_RET | libc::BPF_K, 0, 0, WHOLE),
        ];
        let whole = libc::sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() };
        self.set(libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &whole)
    }

    fn set<T>(&self, level: libc::c_int, name: libc::c_int, value: &T) -> io::Result<()> {
        let length = size_of::<T>() as libc::socklen_t;
        // SAFETY: the pointer is to a value of that length. What it may point to itself outlives the call too.
        let set =
            unsafe { libc::setsockopt(self.socket().as_raw_fd(), level, name, ptr::from_ref(value).cast(), length) };
        if set < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

impl Drop for Tap {
    /// The kernel lets go of a packet socket only when no processor can be looking at it any more, which takes it 10 ms or so.
    fn drop(&mut self) {
        let socket = self.socket.take();
        // Without a thread, we wait ourselves: the closure is dropped.
        let _ = std::thread::Builder::new().name("tap".into()).stack_size(64 << 10).spawn(move || drop(socket));
    }
}

/// The first numbers that an option has.
fn option<T: Copy>(socket: &OwnedFd, level: libc::c_int, name: libc::c_int) -> io::Result<T> {
    let mut value = MaybeUninit::<T>::zeroed();
    let mut length = size_of::<T>() as libc::socklen_t;
    // SAFETY: the pointer is to room of that length.
    let got = unsafe { libc::getsockopt(socket.as_raw_fd(), level, name, value.as_mut_ptr().cast(), &raw mut length) };
    if got < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was all zero before the kernel wrote to it, and any bytes are numbers.
    Ok(unsafe { value.assume_init() })
}

/// The kernel stamps frames while some socket asks for it, and begins with that some time after the first one did. One that
/// always asks spares the first frames of a cell the time at which they are taken.
fn keep_stamping() {
    static ASKING: OnceLock<Option<OwnedFd>> = OnceLock::new();
    ASKING.get_or_init(|| {
        let socket = start::socket(libc::AF_INET, libc::SOCK_DGRAM, 0).ok()?;
        setsockopt(&socket.as_fd(), sockopt::ReceiveTimestampns, &true).ok()?;
        Some(socket)
    });
}
