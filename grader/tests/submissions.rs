//! Submissions as they come: what is taken, what is refused, and in which words.

mod submissions_support;

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::process::Command;

use submissions_support::{Course, SERVER, bytes, gzip, renamed, tar, tar_header, zip};
use tar::EntryType::{self, Block, Directory, Fifo, Link, Regular, Symlink};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const WITH_LINK_HINT: &str = "hint: put the file itself in its place";

#[test]
fn folders_and_archives_of_the_same_files_are_built_once() {
    let course = Course::new();
    course.write("folder/server", SERVER);
    course.write("nested/hw/server", SERVER);
    let files: &[(&[u8], EntryType, &[u8])] = &[(b"./", Directory, b""), (b"./server", Regular, SERVER)];
    course.write("a.tar", &tar(files));
    course.write("a.tgz", &gzip(&tar(files)));
    course.write("a.zip", &zip([("hw/", b"".as_slice()), ("hw/server", SERVER)]));
    // The name says one thing and the content another.
    course.write("really-gzip.zip", &gzip(&tar(files)));
    course.write("without-a-name", &zip([("server", SERVER)]));
    for name in ["folder", "nested", "a.tar", "a.tgz", "a.zip", "really-gzip.zip", "without-a-name"] {
        course.taken(name);
    }
    assert_eq!(course.programs_in_cache(), 1);
}

#[test]
fn litter_is_passed_over_wherever_it_lies() {
    let course = Course::new();
    let deep = format!("hw/node_modules/{}", "x/".repeat(40));
    let litter = ["__MACOSX/hw/._server", ".DS_Store", "hw/._server", "hw/target/debug/server", "hw/.git/HEAD", &deep];
    let files = litter.into_iter().map(|name| (name, b"litter".as_slice()));
    course.write("mac.zip", &zip(files.chain([("hw/server", SERVER)])));
    let entries: &[(&[u8], EntryType, &[u8])] =
        &[(b"hw/server", Regular, SERVER), (b"hw/target/server", Link, b""), (b"hw/._server", Regular, b"x")];
    course.write("cargo.tar.gz", &gzip(&tar(entries)));
    course.write("folder/server", SERVER);
    course.write("folder/target/debug/server", b"old");
    course.write("folder/.DS_Store", b"x");
    File::create(course.path().join("folder/target/huge")).and_then(|file| file.set_len(1 << 30)).expect("a file");
    symlink("/nowhere", course.path().join("folder/node_modules")).expect("a link");
    for name in ["mac.zip", "cargo.tar.gz", "folder"] {
        course.taken(name);
    }
    assert_eq!(course.programs_in_cache(), 1);
}

#[test]
fn what_a_tar_archive_must_not_hold_is_named() {
    let pack = "hint: pack the project's folder by its name, without `..` or a leading `/`";
    let remove = "hint: remove it: a submission is files and folders";
    let again = "hint: make the archive again, as a new file";
    let deep = "a/".repeat(33);
    type Entries<'e> = &'e [(&'e [u8], EntryType)];
    let cases: [(Entries, &str, &str); 11] = [
        (&[(b"hw/passwd", Symlink)], "`hw/passwd` of the submission `x`: it is a link", WITH_LINK_HINT),
        (&[(b"hw/passwd", Link)], "`hw/passwd` of the submission `x`: it is a link", WITH_LINK_HINT),
        (&[(b"hw/../../x", Regular)], "`hw/../../x` of the submission `x`: its path leads out of the submission", pack),
        (&[(b"/etc/x", Regular)], "`/etc/x` of the submission `x`: its path is absolute", pack),
        (&[(b"pipe", Fifo)], "`pipe` of the submission `x`: it is a FIFO", remove),
        (&[(b"disk", Block)], "`disk` of the submission `x`: it is a device", remove),
        (&[(b"hw/a", Regular), (b"./hw//a", Regular)], "`hw/a` of the submission `x`: it is there twice", again),
        (&[(b"a", Regular), (b"a/b", Regular)], "`a` of the submission `x`: it is both a file and a folder", again),
        (&[(b"a/b", Regular), (b"a", Regular)], "`a` of the submission `x`: it is both a file and a folder", again),
        (&[(b"a\nb\x1b[2J\xff", Symlink)], r"`a\nb\x1b[2J\xff` of the submission `x`: it is a link", WITH_LINK_HINT),
        (
            &[(deep.as_bytes(), Regular)],
            &format!("`{deep}` of the submission `x`: its path has more than 32 parts"),
            "hint: give it a shorter path",
        ),
    ];
    for (entries, said, hint) in cases {
        let course = Course::new();
        let entries: Vec<_> = entries.iter().map(|(name, kind)| (*name, *kind, b"".as_slice())).collect();
        course.write("x", &tar(&entries));
        course.refused("x", &format!("error: cannot take {said}\n{hint}"));
    }
}

#[test]
fn what_a_zip_archive_must_not_hold_is_named() {
    let course = Course::new();
    let server = zip([("hw/server", SERVER)]);
    course.write("out.zip", &renamed(&server, b"hw/server", b"../server"));
    let pack = "hint: pack the project's folder by its name, without `..` or a leading `/`";
    let out = "error: cannot take `../server` of the submission `out.zip`: its path leads out of the submission";
    course.refused("out.zip", &format!("{out}\n{pack}"));
    course.write("root.zip", &renamed(&server, b"hw/server", b"//rserver"));
    let root = "error: cannot take `//rserver` of the submission `root.zip`: its path is absolute";
    course.refused("root.zip", &format!("{root}\n{pack}"));

    let mut linked = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    linked.add_symlink("passwd", "/etc/passwd", SimpleFileOptions::default()).expect("there is room");
    course.write("link.zip", &linked.finish().expect("there is room").into_inner());
    let said = "error: cannot take `passwd` of the submission `link.zip`: it is a link";
    course.refused("link.zip", &format!("{said}\n{WITH_LINK_HINT}"));

    let mut secret = zip([("server", SERVER)]);
    // The lowest bit of the flags, in the file's own header and in the list at the end.
    secret[6] |= 1;
    let list = secret.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("there is a list");
    secret[list + 8] |= 1;
    course.write("secret.zip", &secret);
    let said = "error: cannot take `server` of the submission `secret.zip`: it is encrypted";
    course.refused("secret.zip", &format!("{said}\nhint: make the archive again, without a password"));

    let twice = zip([("server", SERVER), ("servex", b"#!/bin/sh\n")]);
    course.write("twice.zip", &renamed(&twice, b"servex", b"server"));
    let hint = "hint: make the archive again, and unpack it once to see that it is whole";
    let said = "error: the archive `twice.zip` is damaged: a name is there twice in the list of its files";
    course.refused("twice.zip", &format!("{said}\n{hint}"));
}

#[test]
fn bombs_are_stopped_before_they_go_off() {
    let course = Course::new();
    let hint = "hint: remove what is not source code from it";
    let many = 65 << 20;
    let mut bomb = zip([("zeros", vec![0; many].as_slice())]);
    course.write("bomb.zip", &bomb);
    // A gzip stream may be made of many.
    let zeros = gzip(&vec![0; 1 << 20]).repeat(65);
    let header = |name: &[u8]| tar_header(name, Regular, many as u64);
    course.write("bomb.tgz", &[gzip(&header(b"zeros")), zeros.clone(), gzip(&[0; 1024])].concat());
    course.write("litter.tgz", &[gzip(&header(b"target/zeros")), zeros.repeat(2)].concat());
    let tar = course.write("bomb.tar", &header(b"zeros"));
    File::options().write(true).open(tar).and_then(|file| file.set_len(1 << 30)).expect("it is ours");
    for name in ["bomb.zip", "bomb.tgz", "bomb.tar", "litter.tgz"] {
        course.refused(name, &format!("error: the submission `{name}` is larger than 64 MiB\n{hint}"));
    }
    // The list at the end says that it is small: then no more than that is unpacked.
    let list = bomb.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("there is a list");
    bomb[list + 24..list + 28].copy_from_slice(&10_u32.to_le_bytes());
    course.write("liar.zip", &bomb);
    let said = "error: the archive `liar.zip` is damaged: `zeros` in it cannot be unpacked";
    course.refused(
        "liar.zip",
        &format!("{said}\nhint: make the archive again, and unpack it once to see that it is whole"),
    );
}

#[test]
fn nothing_is_taken_that_has_files_without_end() {
    let course = Course::new();
    let hint = "hint: remove what is not source code from it";
    let names: Vec<String> = (0..=10_000).map(|number| format!("f{number}")).collect();
    course.write("many.zip", &zip(names.iter().map(|name| (name.as_str(), b"".as_slice()))));
    // Folders count as well, and are quicker to make.
    let entries: Vec<_> = names.iter().map(|name| (name.as_bytes(), Directory, b"".as_slice())).collect();
    course.write("many.tgz", &gzip(&tar(&entries)));
    fs::create_dir(course.path().join("many")).expect("a folder");
    names.iter().for_each(|name| fs::create_dir(course.path().join("many").join(name)).expect("a folder"));
    for name in ["many.zip", "many.tgz", "many"] {
        course.refused(name, &format!("error: the submission `{name}` has more than 10 000 files and folders\n{hint}"));
    }
}

#[test]
fn a_damaged_archive_says_how_it_is_damaged() {
    let course = Course::new();
    let hint = "hint: make the archive again, and unpack it once to see that it is whole";
    let text: Vec<u8> = (0..40_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let files: &[(&[u8], EntryType, &[u8])] = &[(b"server", Regular, SERVER), (b"text", Regular, &text)];
    let (tarred, zipped) = (tar(files), zip([("server", SERVER), ("text", text.as_slice())]));
    let gzipped = gzip(&tarred);
    let mut flipped = zipped.clone();
    flipped[zipped.len() / 2] ^= 0x55;
    let mut wrong_sum = gzipped.clone();
    wrong_sum[gzipped.len() - 8] ^= 0x55;
    let cases: [(&str, &[u8], &str); 9] = [
        ("half.zip", &zipped[..zipped.len() / 2], "the list of its files is missing or broken"),
        ("flipped.zip", &flipped, "`text` in it cannot be unpacked"),
        ("half.tgz", &gzipped[..gzipped.len() / 2], "it ends too early"),
        ("head.tgz", &gzipped[..12], "it ends too early"),
        ("no-end.tgz", &gzipped[..gzipped.len() - 4], "it ends too early"),
        ("sum.tgz", &wrong_sum, "it cannot be read to its end"),
        ("half.tar", &tarred[..tarred.len() / 2], "it ends too early"),
        ("between.tar", &tarred[..1024], "it ends too early"),
        ("noise.tar", &[&tarred[..1024], &[b'x'; 2048]].concat(), "it cannot be read to its end"),
    ];
    for (name, archive, said) in cases {
        course.write(name, archive);
        course.refused(name, &format!("error: the archive `{name}` is damaged: {said}\n{hint}"));
    }
}

#[test]
fn what_is_no_archive_or_an_unknown_one_is_said_to_be_that() {
    let course = Course::new();
    let hint = "hint: give a folder, a .zip, a .tar.gz or a .tar";
    course.write("server.zip", SERVER);
    course.write("none.zip", b"");
    for name in ["server.zip", "none.zip", "/dev/null"] {
        course.refused(name, &format!("error: the submission `{name}` is neither a folder nor an archive\n{hint}"));
    }
    course.write("hw.zip", b"Rar!\x1a\x07\0 and so on");
    let said = "error: the submission `hw.zip` is packed with RAR, which is not unpacked here";
    course.refused("hw.zip", &format!("{said}\n{hint}"));
    course.write("hw.gz", &gzip(SERVER));
    let said = "error: the submission `hw.gz` is compressed, but there is no tar archive in it";
    course.refused("hw.gz", &format!("{said}\n{hint}"));
    let said =
        "error: there is no submission `nowhere`\nhint: give the folder or the archive that holds the submission";
    course.refused("nowhere", said);
    course.write("empty.zip", &zip([("hw/", b"".as_slice())]));
    course.write("empty.tar", &[0; 10_240]);
    course.write("empty/.DS_Store", b"x");
    for name in ["empty.zip", "empty.tar", "empty"] {
        let hint = "hint: `grader new DIR` writes the starter into a new folder";
        course.refused(name, &format!("error: the submission `{name}` is empty\n{hint}"));
    }
}

#[test]
fn links_in_a_folder_are_files_as_long_as_they_stay_in_it() {
    let course = Course::new();
    let program = course.write("in/hw/programs/server", SERVER);
    symlink("programs/server", course.path().join("in/hw/server")).expect("a link");
    symlink("../hw/programs/server", course.path().join("in/hw/again")).expect("a link");
    course.taken("in");
    let cases = [
        ("../../../../../etc/passwd", "it is a link that leads out of the submission", "file"),
        (program.to_str().expect("it is text"), "it is a link that leads out of the submission", "file"),
        ("nothing", "it is a link to nothing", "file"),
        ("link", "it is a link to nothing", "file"),
        (".", "it is a link to a folder", "folder"),
    ];
    for (to, said, put) in cases {
        let course = Course::new();
        course.write("hw/server", SERVER);
        symlink(to, course.path().join("hw/link")).expect("a link");
        let said = format!("error: cannot take `link` of the submission `hw`: {said}");
        course.refused("hw", &format!("{said}\nhint: put the {put} itself in its place"));
    }
}

#[test]
fn nobody_waits_for_a_pipe() {
    let course = Course::new();
    let hint = "hint: remove it: a submission is files and folders";
    for folder in ["pipe", "linked", "socket"] {
        course.write(format!("{folder}/src/server"), SERVER);
    }
    let pipe = |name: &str| {
        let path = course.path().join(name);
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    };
    pipe("pipe/src/a\u{1b}[31mb\n");
    let said = r"error: cannot take `src/a\x1b[31mb\n` of the submission `pipe`: it is a FIFO";
    course.refused("pipe", &format!("{said}\n{hint}"));
    pipe("linked/.pipe");
    fs::create_dir(course.path().join("linked/.hidden")).expect("a folder");
    pipe("linked/.hidden/pipe");
    symlink(".hidden/pipe", course.path().join("linked/link")).expect("a link");
    let said = "error: cannot take `link` of the submission `linked`: it is a FIFO";
    course.refused("linked", &format!("{said}\n{hint}"));
    let _listener = UnixListener::bind(course.path().join("socket/socket")).expect("a socket");
    let said = "error: cannot take `socket` of the submission `socket`: it is a socket";
    course.refused("socket", &format!("{said}\n{hint}"));
    pipe("alone");
    let said = "error: the submission `alone` is neither a folder nor an archive";
    course.refused("alone", &format!("{said}\nhint: give a folder, a .zip, a .tar.gz or a .tar"));
}

#[test]
fn a_folder_has_an_end() {
    let course = Course::new();
    course.write("large/server", SERVER);
    File::create(course.path().join("large/zeros")).and_then(|file| file.set_len(1 << 40)).expect("a file");
    let hint = "hint: remove what is not source code from it";
    course.refused("large", &format!("error: the submission `large` is larger than 64 MiB\n{hint}"));
    let deep = ["d"; 32].join("/");
    course.write(format!("deep/{deep}/file"), b"");
    let said = format!("error: cannot take `{deep}/file` of the submission `deep`: its path has more than 32 parts");
    course.refused("deep", &format!("{said}\nhint: give it a shorter path"));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let course = Course::new();
    course.write("hw/server", SERVER);
    let secret = course.write("hw/src/se\ncret", b"");
    fs::set_permissions(secret, Permissions::from_mode(0o000)).expect("it is ours");
    fs::set_permissions(course.path(), Permissions::from_mode(0o755)).expect("it is ours");
    // Root can read everything, so somebody else asks; the build may lie in root's home.
    let grader = course.path().join("grader");
    fs::copy(env!("CARGO_BIN_EXE_grader"), &grader).expect("a copy");
    let mut command = Command::new(&grader);
    if nix::unistd::geteuid().is_root() {
        command = Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"]).arg(&grader);
    }
    let output = command.args(["grade", "hw", "--labs", "labs"]).current_dir(course.path()).output();
    let output = output.expect("the grader runs");
    let said = r"error: cannot take `src/se\ncret` of the submission `hw`: it cannot be read: permission denied";
    assert_eq!(String::from_utf8_lossy(&output.stderr), format!("{said}\nhint: look at its permissions\n"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_folder_that_is_changed_all_the_time_gives_what_was_in_it_or_a_mistake() {
    let course = Course::new();
    course.write("hw/server", SERVER);
    let secret = course.write("secret", b"nobody's business");
    let file = course.path().join("hw/file");
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                fs::write(&file, "mine").expect("it is written");
                fs::remove_file(&file).expect("it is there");
                symlink(&secret, &file).expect("a link");
                fs::remove_file(&file).expect("it is there");
            }
        });
        for _ in 0..10 {
            let output = course.grade("hw");
            assert!(matches!(output.status.code(), Some(1 | 2)), "{}", String::from_utf8_lossy(&output.stderr));
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let programs = fs::read_dir(course.path().join("cache/programs")).into_iter().flatten().flatten();
    let copies = programs.filter_map(|program| fs::read(program.path().join("file")).ok());
    assert!(copies.into_iter().all(|copy| copy.is_empty() || copy == b"mine"));
}

#[test]
fn a_name_does_nothing_to_a_terminal_wherever_it_stands() {
    let course = Course::new();
    let name = bytes(b"a\nb\x1b[2J\xff.zip");
    course.write(name, &zip([("server", SERVER)]));
    let output = course.grade(name);
    let report = String::from_utf8(output.stdout).expect("it is text");
    assert!(report.contains(r"grade $'a\nb\x1b[2J\xff.zip' --step 01-door/listens"), "{report}");
    assert!(!report.contains('\u{1b}'), "{report}");
    assert_eq!(course.result()["submission"], r"a\nb\x1b[2J\xff.zip");

    course.write(name, b"no archive");
    let said = r"the submission `a\nb\x1b[2J\xff.zip` is neither a folder nor an archive";
    course.refused(name, &format!("error: {said}\nhint: give a folder, a .zip, a .tar.gz or a .tar"));
    assert_eq!(course.result()["labs"][0]["problem"]["what"], said);
    // As the name of a program, too.
    course.write(bytes(b"hw/ser\x1b[1mver\xff"), SERVER);
    let said = "error: the submission has no program `server`\n\
                hint: a lab's program has a fixed name; there is `ser\\x1b[1mver\\xff`";
    course.refused("hw", said);
}
