//! What the cell mounts.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sys::statvfs::{FsFlags, statvfs};

use crate::cell::wire::{Step, Trouble};

/// A folder of its own in memory, with a limit.
pub(super) fn memory(at: &Path, options: &str) -> Result<(), Trouble> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), at, Some("tmpfs"), flags, Some(options))
        .step(format!("mount a tmpfs on {} in the cell", at.display()))
}

/// Shows a folder or file of the machine, with all that is mounted below it, and as it is there until [`seal`].
pub(super) fn show(from: &Path, at: &Path) -> Result<(), Trouble> {
    bind(from, at, MsFlags::MS_REC)
}

pub(super) fn bind(from: &Path, at: &Path, flags: MsFlags) -> Result<(), Trouble> {
    let none = None::<&str>;
    mount(Some(from), at, none, MsFlags::MS_BIND | flags, none).step(format!("mount {} in the cell", at.display()))
}

/// Makes a folder read-only, with all that is mounted below it, and without changing that for anybody else. All at once:
/// one by one takes as long as the mounting itself.
pub(super) fn seal(root: &Path) -> Result<(), Trouble> {
    let path = std::ffi::CString::new(root.as_os_str().as_encoded_bytes()).map_err(|_| Errno::EINVAL);
    let path = path.step("name a mount")?;
    let attributes = libc::mount_attr {
        attr_set: libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path ends with NUL, the structure is the kernel's, and both outlive the call.
    let set = unsafe {
        let size = size_of::<libc::mount_attr>();
        libc::syscall(libc::SYS_mount_setattr, libc::AT_FDCWD, path.as_ptr(), libc::AT_RECURSIVE, &attributes, size)
    };
    match Errno::result(set) {
        Ok(_) => Ok(()),
        // Kernels before 5.12.
        Err(Errno::ENOSYS) => mounted_below(root)?.iter().try_for_each(|at| make_read_only(at)),
        Err(errno) => Err(errno).step("make the cell's root read-only"),
    }
}

/// And the folder itself: proc_pid_mountinfo(5).
fn mounted_below(root: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").step("list the cell's mounts")?;
    let places = mounts.lines().filter_map(|line| line.split(' ').nth(4));
    let places = places.map(|place| PathBuf::from(place.replace("\\040", " ")));
    Ok(places.filter(|place| place.starts_with(root)).collect())
}

fn make_read_only(at: &Path) -> Result<(), Trouble> {
    // The kernel does not let us take away what the mount had outside.
    let had = statvfs(at).step(format!("look at {} in the cell", at.display()))?.flags();
    let kept = [
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    let wanted = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY | MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    let flags = kept.iter().filter(|(had_it, _)| had.contains(*had_it)).fold(wanted, |all, (_, flag)| all | *flag);
    let none = None::<&str>;
    mount(none, at, none, flags, none).step(format!("make {} read-only in the cell", at.display()))
}

/// Whether the kernel lets us: it does not where parts of the procfs outside are covered, as in most containers. Then
/// the machine's own is shown, where others' processes have names and no insides.
pub(super) fn proc(at: &Path) -> Result<bool, Trouble> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    match mount(Some("proc"), at, Some("proc"), flags, None::<&str>) {
        Err(Errno::EPERM) => bind(Path::new("/proc"), at, MsFlags::MS_REC).map(|()| false),
        result => result.step("mount /proc in the cell").map(|()| true),
    }
}

/// The same link, or the folder that it is where others have a link.
pub(super) fn link_or_show(from: &Path, at: &Path) -> Result<(), Trouble> {
    if let Ok(target) = fs::read_link(from) {
        return symlink(target, at).step(format!("make the link {} in the cell", at.display()));
    }
    if from.is_dir() {
        fs::create_dir_all(at).step(format!("make {} in the cell", at.display()))?;
        show(from, at)?;
    } else if from.is_file() {
        File::create(at).step(format!("make {} in the cell", at.display()))?;
        show(from, at)?;
    }
    Ok(())
}
