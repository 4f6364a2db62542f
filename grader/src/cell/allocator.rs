//! How the allocator keeps what was freed: a class is played by many threads, each with buffers of megabytes for a moment.

/// A buffer that is larger than this goes back to the system when it is freed. Left alone, glibc raises this limit to 32 MiB
/// with the first such buffer, and keeps all that it gets (mallopt(3), `M_MMAP_THRESHOLD`).
#[cfg(target_env = "gnu")]
const LARGE: libc::c_int = 256 << 10;

/// To be called once, before there are threads.
pub fn give_large_buffers_back() {
    // SAFETY: it sets a number in the allocator, which no pointer depends on.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
        libc::mallopt(libc::M_TRIM_THRESHOLD, LARGE);
    }
}
