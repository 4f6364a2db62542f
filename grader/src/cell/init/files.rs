//! The cell's files: the student's program, a scratch folder, /proc, and the few files that name resolution reads.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{mkdtemp, sethostname};

use crate::cell::names;
use crate::cell::wire::{Setup, Step, Trouble};

/// Who the student is in the cell.
pub(in crate::cell) struct Ids {
    pub(in crate::cell) user: u32,
    pub(in crate::cell) group: u32,
}

/// Where things are, as the student sees them.
pub(super) struct Place {
    /// With the program in it.
    pub(super) folder: PathBuf,
    /// The working directory, which can be written to.
    pub(super) scratch: PathBuf,
    /// The procfs in force is the cell's own.
    pub(super) own_proc: bool,
}

const FOLDER: &str = "/run/lab";
const SCRATCH: &str = "/tmp";
/// Where the files lie that cover some of /etc.
const COVERS: &str = "/run/etc";

/// The only name in /etc/hosts, so that a program can look up its own.
const HOSTNAME: &str = "localhost";

/// Without namespaces: a folder of its own, removed at the end.
pub(super) fn scratch_only(setup: &Setup) -> Result<Place, Trouble> {
    let scratch =
        mkdtemp(&setup.temporary.join("lab-XXXXXX")).step(format!("make a folder in {}", setup.temporary.display()))?;
    Ok(Place { folder: setup.program.clone(), scratch, own_proc: false })
}

impl Place {
    /// Removes the scratch folder, with all that was written there.
    pub(super) fn remove(&self) {
        // There is nobody to be told of what is left.
        let _ = fs::remove_dir_all(&self.scratch);
    }
}

/// Mounts what the cell has of its own. The working directory is the program's folder, wherever that was outside.
pub(super) fn stage(ids: Ids) -> Result<Place, Trouble> {
    sethostname(HOSTNAME).step("set the cell's host name")?;
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none).step("make the cell's mounts private")?;
    for (folder, mode) in [("/run", "0755"), ("/tmp", "1777"), ("/dev/shm", "1777")] {
        if Path::new(folder).is_dir() {
            let options = format!("mode={mode},uid={},gid={}", ids.user, ids.group);
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
            mount(Some("tmpfs"), folder, Some("tmpfs"), flags, Some(options.as_str()))
                .step(format!("mount a tmpfs on {folder} in the cell"))?;
        }
    }
    fs::create_dir(FOLDER).step(format!("make {FOLDER} in the cell"))?;
    bind_read_only(Path::new("."), Path::new(FOLDER))?;
    std::env::set_current_dir("/").step("leave the program's folder")?;
    let own_proc = mount_proc()?;
    cover_etc()?;
    Ok(Place { folder: FOLDER.into(), scratch: SCRATCH.into(), own_proc })
}

/// Whether the kernel lets us: it does not where parts of the procfs outside are covered, as in most containers.
fn mount_proc() -> Result<bool, Trouble> {
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOEXEC;
    match mount(Some("proc"), "/proc", Some("proc"), flags, None::<&str>) {
        Err(Errno::EPERM) => Ok(false),
        result => result.step("mount /proc in the cell").map(|()| true),
    }
}

fn bind_read_only(from: &Path, to: &Path) -> Result<(), Trouble> {
    let none = None::<&str>;
    mount(Some(from), to, none, MsFlags::MS_BIND | MsFlags::MS_REC, none)
        .step(format!("mount {} in the cell", to.display()))?;
    // The kernel does not let us take away what the mount had outside.
    let had = statvfs(to).step(format!("look at {} in the cell", to.display()))?.flags();
    let kept = [
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    let flags = kept.iter().filter(|(had_it, _)| had.contains(*had_it)).map(|(_, flag)| *flag);
    let flags = flags.fold(MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY, |all, flag| all | flag);
    mount(none, to, none, flags, none).step(format!("make {} read-only in the cell", to.display()))
}

/// Covers the files that say how names are looked up.
fn cover_etc() -> Result<(), Trouble> {
    let covers = [
        ("hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n".to_owned()),
        // Our answerer is always there, so a question that goes unanswered for a second was only held up on a busy
        // machine: ask again, rather than tell the student that a name does not exist. `search .` asks for names as they are.
        ("resolv.conf", format!("nameserver {}\nsearch .\noptions timeout:1 attempts:5\n", names::ADDRESS)),
        (
            "nsswitch.conf",
            "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n".to_owned(),
        ),
    ];
    fs::create_dir(COVERS).step(format!("make {COVERS} in the cell"))?;
    let mut missing = false;
    for (name, text) in &covers {
        let cover = Path::new(COVERS).join(name);
        write(&cover, text).step(format!("write {} in the cell", cover.display()))?;
        let target = behind_links(Path::new("/etc").join(name)).step(format!("find /etc/{name}"))?;
        if target.exists() {
            bind_read_only(&cover, &target)?;
        } else if target.starts_with("/run") || target.starts_with("/tmp") {
            // A link to what is covered by our own, empty folder: systemd-resolved's file, for instance.
            let parent = target.parent().unwrap_or(Path::new("/run"));
            fs::create_dir_all(parent)
                .and_then(|()| write(&target, text))
                .step(format!("write {} in the cell", target.display()))?;
        } else {
            missing = true;
        }
    }
    if missing {
        let options = format!("lowerdir={COVERS}:/etc");
        mount(Some("overlay"), "/etc", Some("overlay"), MsFlags::MS_RDONLY, Some(options.as_str()))
            .step("mount an overlay on /etc in the cell")?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o444))
}

/// Follows the links of the last part of a path, also to what does not exist.
fn behind_links(mut path: PathBuf) -> io::Result<PathBuf> {
    for _ in 0..16 {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        let parent = path.parent().unwrap_or(Path::new("/"));
        let mut whole = PathBuf::new();
        for part in parent.join(target).components() {
            match part {
                std::path::Component::ParentDir => drop(whole.pop()),
                part => whole.push(part),
            }
        }
        path = whole;
    }
    Err(Errno::ELOOP.into())
}
