//! The root of the cell: what programs need of a system, read-only, and nothing that is somebody's own.

use std::fs::{self, DirBuilder, File};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::unistd::{chdir, pivot_root, sethostname};

use super::files::{Ids, Place};
use super::{build, found, mounts};
use crate::cell::Build;
use crate::cell::names;
use crate::cell::wire::{Step, Trouble};

const FOLDER: &str = "run/lab";
/// Bytes and files that a program may leave in /tmp, and as much again in /dev/shm.
const SCRATCH: &str = "size=64m,nr_inodes=4096";
/// The same for a build.
const WORKSHOP: &str = "size=1g,nr_inodes=100k";
/// The root's own: a few small files.
const ROOT: &str = "size=1m,nr_inodes=512,mode=0755";

/// Whatever of these a machine has.
const SYSTEM: [&str; 9] = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32", "nix/store", "gnu/store"];
/// What of /etc programs and their libraries look at, and what `/usr` has links to.
const ETC: [&str; 12] = [
    "alternatives",
    "ca-certificates",
    "crypto-policies",
    "gai.conf",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "protocols",
    "services",
    "ssl",
];
/// Runtimes that keep their settings in /etc, under a name with their version.
const RUNTIMES: [&str; 3] = ["java", "perl", "python"];
const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// The only name in /etc/hosts, so that a program can look up its own.
const HOSTNAME: &str = "localhost";

/// Exchanges the root. The working directory is the program's folder, wherever that was outside.
pub(super) fn stage(
    ids: &Ids,
    build: Option<&Build>,
    folders: &[OwnedFd],
    files: Option<&OwnedFd>,
) -> Result<Place, Trouble> {
    sethostname(HOSTNAME).step("set the cell's host name")?;
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_PRIVATE, none).step("make the cell's mounts private")?;
    // It covers what was there for us alone, and is gone from there when it has become the root.
    let root = Path::new("/tmp");
    mounts::memory(root, ROOT)?;

    folder(&root.join(FOLDER))?;
    mounts::show(Path::new("."), &root.join(FOLDER))?;
    for name in SYSTEM {
        let (from, at) = (Path::new("/").join(name), root.join(name));
        if let Some(parent) = at.parent().filter(|_| from.exists()) {
            folder(parent)?;
        }
        mounts::link_or_show(&from, &at)?;
    }
    hide_the_grader(root)?;
    etc(&root.join("etc"), ids)?;
    for name in ["dev/shm", "proc", "tmp"] {
        folder(&root.join(name))?;
    }
    devices(&root.join("dev"))?;
    if let Some(build) = build {
        build::show(build, folders, root)?;
    }
    if let Some(files) = files {
        found::show(files, root)?;
    }
    mounts::seal(root)?;

    // What can be written to, and so is not to be sealed.
    for name in DEVICES {
        mounts::bind(&Path::new("/dev").join(name), &root.join("dev").join(name), MsFlags::empty())?;
    }
    for (name, size) in [("tmp", if build.is_some() { WORKSHOP } else { SCRATCH }), ("dev/shm", SCRATCH)] {
        mounts::memory(&root.join(name), &format!("{size},mode=1777,uid={},gid={}", ids.user, ids.group))?;
    }
    if let Some(build) = build {
        build::lay_target(build, folders, root)?;
    }
    let own_proc = mounts::proc(&root.join("proc"))?;

    chdir(root).step("enter the cell's root")?;
    // With both names the same, the old root lies on top of the new one, and is taken away from there: pivot_root(2).
    pivot_root(".", ".").step("exchange the cell's root")?;
    umount2(".", MntFlags::MNT_DETACH).step("leave the old root")?;
    chdir("/").step("enter the cell's root")?;
    Ok(Place { folder: Path::new("/").join(FOLDER), scratch: PathBuf::from("/tmp"), own_proc, outside: None })
}

/// Where it is installed below `/usr`: it has the rubrics in it, the hidden ones too.
fn hide_the_grader(root: &Path) -> Result<(), Trouble> {
    let own = fs::read_link("/proc/self/exe").step("find the grader's own program")?;
    let shown = root.join(own.strip_prefix("/").unwrap_or(&own));
    if shown.exists() { mounts::show(Path::new("/dev/null"), &shown) } else { Ok(()) }
}

fn folder(path: &Path) -> Result<(), Trouble> {
    let made = DirBuilder::new().recursive(true).mode(0o755).create(path);
    made.step(format!("make {} in the cell", path.display()))
}

/// Who there is, how names are looked up, and what is the same everywhere.
fn etc(at: &Path, ids: &Ids) -> Result<(), Trouble> {
    folder(at)?;
    let Ids { user, group } = ids;
    let files = [
        ("hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n".to_owned()),
        // Our answerer is always there, so a question that goes unanswered for a second was only held up on a busy
        // machine: ask again, rather than tell the student that a name does not exist. `search .` asks for names as
        // they are.
        ("resolv.conf", format!("nameserver {}\nsearch .\noptions timeout:1 attempts:5\n", names::ADDRESS)),
        ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n".into()),
        ("host.conf", "multi on\n".into()),
        ("hostname", format!("{HOSTNAME}\n")),
        ("passwd", format!("root:x:0:0:root:/:/bin/sh\nstudent:x:{user}:{group}:student:/tmp:/bin/sh\n")),
        ("group", format!("root:x:0:\nstudent:x:{group}:\n")),
    ];
    for (name, text) in &files {
        let file = at.join(name);
        let written =
            fs::write(&file, text).and_then(|()| fs::set_permissions(&file, PermissionsExt::from_mode(0o444)));
        written.step(format!("write /etc/{name} in the cell"))?;
    }
    let runtime = |name: &str| RUNTIMES.iter().any(|runtime| name.starts_with(runtime));
    let entries = fs::read_dir("/etc").into_iter().flatten().flatten();
    for name in entries.filter_map(|entry| entry.file_name().into_string().ok()) {
        if ETC.contains(&name.as_str()) || runtime(&name) {
            mounts::link_or_show(&Path::new("/etc").join(&name), &at.join(&name))?;
        }
    }
    Ok(())
}

/// Their places, and the links that programs know.
fn devices(at: &Path) -> Result<(), Trouble> {
    for name in DEVICES {
        File::create(at.join(name)).step(format!("make /dev/{name} in the cell"))?;
    }
    for (name, target) in [("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")] {
        symlink(target, at.join(name)).step(format!("make /dev/{name} in the cell"))?;
    }
    Ok(())
}
