//! Builds are strangers' code: what they do ends with them, and what they make is looked at.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use grader::cell::{Level, helper_program, try_level};
use grader::submission::{BuildTrouble, Cache, Submission};
use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const PROC_MACRO: &str =
    "[package]\nname = \"looks\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n";
const MAIN: &str = "fn main() { println!(\"built\"); }\n";

/// Every level that this machine and this user can have.
fn levels() -> Vec<Level> {
    helper_program(Path::new(env!("CARGO_BIN_EXE_grader")));
    let levels: Vec<Level> = Level::ALL.into_iter().filter(|level| try_level(*level).is_ok()).collect();
    assert!(levels.len() >= 3, "{levels:?}");
    levels
}

/// One for all tests: the lab's crates are built once.
fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(|| Cache::at(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("builds-cache")).expect("a cache"))
}

/// The program `server` of these files: where it was put, or why there is none.
fn built(files: &[(&str, &str)], level: Level) -> Result<PathBuf, BuildTrouble> {
    let place = TempDir::new().expect("a folder");
    // Nothing of an earlier run of the tests is to be found.
    let nonce = format!("{} {:?}", std::process::id(), std::time::SystemTime::now());
    for (name, text) in [("nonce", nonce.as_str())].iter().chain(files) {
        let file = place.path().join(name);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("a folder");
        fs::write(&file, text).expect("it is written");
        let mode = if text.starts_with("#!") { 0o755 } else { 0o644 };
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("its mode is set");
    }
    let program = Submission::open(place.path()).expect("a submission").program("server", level, cache())?;
    Ok(program.folder.join(program.name))
}

#[track_caller]
fn is_built(files: &[(&str, &str)], level: Level) -> PathBuf {
    match built(files, level) {
        Ok(program) => program,
        Err(trouble) => {
            let what = trouble.to_string();
            panic!("at {level}: {what}\n{}", trouble.output())
        }
    }
}

#[track_caller]
fn trouble(files: &[(&str, &str)], level: Level) -> (String, String) {
    let trouble = built(files, level).expect_err("it is not built");
    assert!(!trouble.is_own(), "at {level}: {trouble}");
    (trouble.to_string(), trouble.output())
}

#[test]
fn a_crate_of_the_labs_is_there_and_settings_beside_the_sources_are_not_read() {
    let manifest = format!("{MANIFEST}[dependencies]\nnix = {{ version = \"0.31\", features = [\"socket\"] }}\n");
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/bin/server.rs", MAIN),
        ("Cargo.lock", "nothing that cargo could read"),
        ("rust-toolchain.toml", "[toolchain]\nchannel = \"nightly-2001-01-01\"\n"),
        ("rust-toolchain", "nightly-2001-01-01\n"),
        (".cargo/config.toml", "[build]\nrustc-wrapper = \"/bin/false\"\n[net]\noffline = false\n"),
    ];
    for level in levels() {
        let output = Command::new(is_built(&files, level)).output().expect("it runs");
        assert_eq!(output.stdout, b"built\n");
    }
}

#[test]
fn a_cache_that_was_copied_is_nobodys_failed_build() {
    let files = [("Cargo.toml", MANIFEST), ("src/bin/server.rs", MAIN)];
    let level = levels()[0];
    is_built(&files, level);
    let place = TempDir::new().expect("a folder");
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).expect("its mode is set");
    let copy = place.path().join("cache");
    let original = Path::new(env!("CARGO_TARGET_TMPDIR")).join("builds-cache");
    // Not with `-p`: all in it is the copier's, and new.
    let copied = Command::new("cp").arg("-r").arg(original).arg(&copy).status().expect("there is a cp");
    assert!(copied.success());
    fs::remove_dir_all(copy.join("programs")).expect("it is removed");
    let submission = TempDir::new().expect("a folder");
    for (name, text) in files {
        let file = submission.path().join(name);
        fs::create_dir_all(file.parent().expect("it lies in the folder")).expect("a folder");
        fs::write(file, text).expect("it is written");
    }
    let submission = Submission::open(submission.path()).expect("a submission");
    let built = submission.program("server", level, &Cache::at(&copy).expect("a cache"));
    assert!(built.is_ok(), "{:?}", built.map_err(BuildTrouble::output));
}

#[test]
fn the_labs_crates_are_built_before_any_submission_is() {
    // Expanded when all that the program depends on is there.
    let looks = r#"use std::{env, fs, path::Path, time::SystemTime};
fn times(folder: &Path, begin: &str, end: &str) -> Vec<SystemTime> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let found = entries.filter(|path| name(path).starts_with(begin)).map(|path| if end.starts_with('/') { path.join(&end[1..]) } else { path });
    found.filter(|path| path.to_str().unwrap().ends_with(end)).map(|path| fs::metadata(path).unwrap().modified().unwrap()).collect()
}
#[proc_macro]
pub fn only_this(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let debug = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("../target/debug");
    let begun = times(&debug.join(".fingerprint"), "looks-", "/invoked.timestamp");
    let nix = times(&debug.join("deps"), "libnix-", ".rlib");
    (nix.len() == 1 && begun.len() == 1 && nix[0] < begun[0]).to_string().parse().unwrap()
}
"#;
    let starter = include_str!("../../starter/Cargo.toml");
    let manifest = starter.replace("[dependencies]\n", "[dependencies]\nlooks = { path = \"looks\" }\n");
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/bin/server.rs", "fn main() { println!(\"{}\", looks::only_this!()); }\n"),
        ("looks/Cargo.toml", PROC_MACRO),
        ("looks/src/lib.rs", looks),
    ];
    for level in levels() {
        let output = Command::new(is_built(&files, level)).output().expect("it runs");
        assert_eq!(output.stdout, b"true\n", "{level}");
    }
}

#[test]
fn a_crate_that_the_lab_does_not_have_is_named() {
    let server = ("src/bin/server.rs", MAIN);
    for (dependency, named) in [("serde = \"1\"", "serde"), ("nix = \"0.29\"", "nix ^0.29")] {
        let manifest = format!("{MANIFEST}[dependencies]\n{dependency}\n");
        for level in levels() {
            let (what, output) = trouble(&[("Cargo.toml", &manifest), server], level);
            assert_eq!(what, format!("it needs the crate `{named}`, which this lab does not have"));
            let hint = "hint: builds have no network; a lab's crates are those of the starter's `Cargo.lock`\n";
            assert!(output.starts_with(hint), "{output}");
        }
    }
}

#[test]
fn the_compilers_words_have_the_submissions_own_paths() {
    let files = [("Cargo.toml", MANIFEST), ("src/bin/server.rs", "fn main() { nothing }\n")];
    for level in levels() {
        let (what, output) = trouble(&files, level);
        assert_eq!(what, "`cargo build --bin server` failed");
        assert!(output.contains(" --> src/bin/server.rs:1:13"), "{output}");
        assert!(!output.contains("/tmp/"), "{output}");
    }
    let files = [("Makefile", "server: server.c\n\tcc -o $@ $<\n"), ("server.c", "int main(void) { return x; }\n")];
    for level in levels() {
        let (what, output) = trouble(&files, level);
        assert_eq!(what, "`make server` failed");
        assert!(output.contains("server.c:1:25: error: ") && !output.contains("/sources"), "{output}");
    }
}

/// What a build script must not do, wherever it is run; it says what it could.
fn hostile_script(secret: &Path, port: u16) -> String {
    let secret = secret.display();
    format!(
        r#"fn main() {{
    let mut could = Vec::new();
    if std::net::TcpStream::connect(("127.0.0.1", {port})).is_ok() {{ could.push("connect"); }}
    if std::env::var_os("GRADER_SECRET").is_some() {{ could.push("see the environment"); }}
    if std::fs::read("{secret}").is_ok() {{ could.push("read a file of the grader's"); }}
    if std::fs::write("{secret}", "x").is_ok() {{ could.push("write a file of the grader's"); }}
    let toolchain = std::path::PathBuf::from(std::env::var("RUSTC").unwrap());
    let toolchain = toolchain.parent().unwrap();
    if std::fs::write(toolchain.join("x"), "x").is_ok() {{ could.push("write to the toolchain"); }}
    if std::fs::read("/etc/shadow").is_ok() {{ could.push("read /etc/shadow"); }}
    if std::process::Command::new("unshare").args(["-U", "true"]).status().is_ok_and(|status| status.success()) {{
        could.push("make a namespace");
    }}
    assert!(could.is_empty(), "it could {{could:?}}");
}}
"#
    )
}

#[test]
fn a_build_script_gets_nowhere() {
    let service = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let port = service.local_addr().expect("it has an address").port();
    let folder = TempDir::new().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("its mode is set");
    let secret = folder.path().join("secret");
    fs::write(&secret, "hidden").expect("it is written");
    // At the last level, nothing keeps an ordinary user's build from that user's files, as SECURITY.md says.
    for level in levels().into_iter().filter(|level| *level != Level::Rlimits) {
        let script = hostile_script(&secret, port);
        let files = [("Cargo.toml", MANIFEST), ("src/bin/server.rs", MAIN), ("build.rs", script.as_str())];
        is_built(&files, level);
        assert_eq!(fs::read(&secret).expect("it is there"), b"hidden");
    }
}

#[test]
fn a_build_reaches_nobody_at_any_level() {
    let service = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let address = service.local_addr().expect("it has an address");
    let script = format!(
        "import socket\ntry: socket.create_connection((\"127.0.0.1\", {}), 5)\n\
         except OSError: open(\"server\", \"w\").write(\"#!/bin/sh\\n\")\n",
        address.port()
    );
    let makefile = ("Makefile", "server:\n\tpython3 reach.py && chmod +x server\n");
    for level in levels() {
        is_built(&[makefile, ("reach.py", &script)], level);
    }
}

#[test]
fn a_macro_runs_where_the_compiler_does() {
    let makes = "use proc_macro::TokenStream;\n#[proc_macro]\npub fn secret(_: TokenStream) -> TokenStream {\n\
        match std::fs::read_to_string(\"SECRET\") { Ok(_) => \"1\", Err(_) => \"0\" }.parse().unwrap()\n}\n";
    let folder = TempDir::new().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("its mode is set");
    let secret = folder.path().join("secret");
    fs::write(&secret, "hidden").expect("it is written");
    let makes = makes.replace("SECRET", &secret.display().to_string());
    let manifest = format!("{MANIFEST}[dependencies]\nmakes = {{ path = \"makes\" }}\n");
    let files = [
        ("Cargo.toml", manifest.as_str()),
        ("src/bin/server.rs", "fn main() { println!(\"{}\", makes::secret!()); }\n"),
        (
            "makes/Cargo.toml",
            "[package]\nname = \"makes\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nproc-macro = true\n",
        ),
        ("makes/src/lib.rs", &makes),
    ];
    for level in levels().into_iter().filter(|level| *level != Level::Rlimits) {
        let output = Command::new(is_built(&files, level)).output().expect("it runs");
        assert_eq!(output.stdout, b"0\n", "{level}");
    }
}

#[test]
fn what_a_build_leaves_running_is_gone_at_its_end() {
    let name = format!("left-by-a-build-{}", std::process::id());
    let makefile = format!(
        "server:\n\t@cp /bin/sleep {name}; setsid sh -c 'trap \"\" TERM HUP; exec ./{name} 600' >/dev/null 2>&1 & \\\n\
         \twhile ! grep -qs {name} /proc/[0-9]*/comm /proc/[0-9]*/cmdline; do :; done; \\\n\
         \tprintf '#!/bin/sh\\n' > server; chmod +x server\n",
    );
    for level in levels() {
        is_built(&[("Makefile", &makefile)], level);
        let processes = fs::read_dir("/proc").expect("there is a procfs").flatten();
        let commands = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
        let left = commands.filter(|command| command.starts_with(format!("./{name}").as_bytes())).count();
        assert_eq!(left, 0, "{level}");
    }
}

#[test]
fn only_a_regular_file_is_taken_for_the_program() {
    let made = [
        "ln -s /bin/true server",
        "ln -s /etc/passwd server",
        "mkdir server",
        "mkfifo -m 777 server",
        "touch server",
        "true",
    ];
    for how in made {
        let makefile = format!("all:\n\t{how}\n");
        for level in levels() {
            let (what, _) = trouble(&[("Makefile", &makefile)], level);
            assert_eq!(what, "`make` succeeded but made no program `server`", "{how} at {level}");
        }
    }
    let makefile = "all:\n\ttruncate -s 65M server; chmod +x server\n";
    for level in levels() {
        let (what, _) = trouble(&[("Makefile", makefile)], level);
        assert_eq!(what, "the program `server` that it made is larger than any can be here");
    }
}

#[test]
fn a_build_that_talks_or_writes_without_end_is_cut_short() {
    let talks = ("Makefile", "all:\n\t@yes | head -c 100000000; false\n");
    for level in levels() {
        let (what, output) = trouble(&[talks], level);
        assert_eq!(what, "`make` failed");
        assert!(output.len() < 10_000, "{} bytes", output.len());
    }
    let fills = ("Makefile", "all:\n\tfor n in 1 2 3 4 5 6; do head -c 200M /dev/zero > $$n; done; false\n");
    let (_, output) = trouble(&[fills], Level::Cell);
    assert!(output.contains("No space left on device"), "{output}");
}

#[test]
fn a_build_that_takes_all_memory_is_ended_for_that() {
    let eats = "all:\n\tpython3 -c 'x = [b\"x\" * (64 << 20) for _ in range(100)]'\n";
    let (what, _) = trouble(&[("Makefile", eats)], Level::Cell);
    assert_eq!(what, "`make` used more memory than a build may have, and was ended");
}

#[test]
fn a_build_that_does_not_end_is_ended() {
    for level in levels() {
        let place = TempDir::new().expect("a folder");
        fs::write(place.path().join("Makefile"), "server:\n\tsleep 1000\n").expect("it is written");
        let mut cache = Cache::at(&place.path().join("cache")).expect("a cache");
        cache.longest_build = std::time::Duration::from_millis(300);
        let submission = Submission::open(place.path()).expect("a submission");
        let trouble = submission.program("server", level, &cache).expect_err("it does not end");
        assert_eq!(trouble.to_string(), "`make server` had not ended after 0.3 s");
    }
}

#[test]
fn a_build_script_that_does_not_end_is_ended_as_well() {
    let script = "fn main() { loop { std::thread::park(); } }\n";
    for level in levels() {
        // The lab's crates, whose build takes longer, are there afterwards.
        is_built(&[("Cargo.toml", MANIFEST), ("src/bin/server.rs", MAIN)], level);
        let place = TempDir::new().expect("a folder");
        let manifest = format!("{MANIFEST}[[bin]]\nname = \"server\"\npath = \"server.rs\"\n");
        for (name, text) in [("Cargo.toml", manifest.as_str()), ("server.rs", MAIN), ("build.rs", script)] {
            fs::write(place.path().join(name), text).expect("it is written");
        }
        let mut cache = Cache::at(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("builds-cache")).expect("a cache");
        cache.longest_build = std::time::Duration::from_secs(1);
        let submission = Submission::open(place.path()).expect("a submission");
        let trouble = submission.program("server", level, &cache).expect_err("it does not end");
        assert_eq!(trouble.to_string(), "`cargo build --bin server` had not ended after 1 s");
    }
}

#[test]
fn objects_that_were_handed_in_are_made_anew() {
    let files = [
        ("Makefile", "server: words\n\t(echo '#!/bin/sh'; echo echo new) > $@; chmod +x $@\n"),
        ("words", ""),
        ("server", "#!/bin/sh\necho old\n"),
    ];
    for level in levels() {
        let output = Command::new(is_built(&files, level)).output().expect("it runs");
        assert_eq!(output.stdout, b"new\n", "{level}");
    }
}

#[test]
fn a_ready_program_needs_no_tools() {
    for level in levels() {
        let program = is_built(&[("server", "#!/bin/sh\n"), ("lib/words", "x")], level);
        assert!(fs::metadata(program.with_file_name("lib").join("words")).is_ok());
    }
    let trouble = built(&[("other", "#!/bin/sh\n")], Level::Rlimits).expect_err("it is not there");
    assert_eq!(trouble.to_string(), "there is no such program, only `other`");
}
