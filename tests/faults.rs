//! What goes wrong with the grader or its machine is never a student's failed step: exit status 70.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use conformance::{built, cache, is_root, levels, top};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

/// The reference, graded by a command that ends with the grader and its arguments; with a builder that has it built.
fn grade(words: &[&str], extra: &[&str]) -> Command {
    let mut command = Command::new(words.first().map_or_else(built, Into::into));
    command.args(words.iter().skip(1));
    if !words.is_empty() {
        command.arg(built());
    }
    command.args(["grade", "reference", "--json", "-"]).args(extra).current_dir(top());
    command.env("GRADER_CACHE", cache()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn built_reference() {
    let done = grade(&[], &["--step", "02-server/listens"]).output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Steps with this verdict.
fn with(output: &Output, verdict: &str) -> Vec<String> {
    let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else { return Vec::new() };
    let labs = report["labs"].as_array().expect("a report has labs");
    let steps = labs.iter().flat_map(|lab| lab["steps"].as_array().expect("a lab has steps"));
    steps.filter(|step| step["verdict"] == verdict).map(|step| step["id"].to_string()).collect()
}

#[track_caller]
fn nobody_is_blamed(output: &Output) {
    let (failed, blocked) = (with(output, "failed"), with(output, "blocked"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(failed.is_empty() && blocked.is_empty(), "failed: {failed:?}, blocked: {blocked:?}\n{said}");
    let faults = with(output, "faulted").len();
    let complete = output.status.code() == Some(0) && faults == 0;
    assert!(complete || output.status.code() == Some(70), "{:?}, {faults} faults\n{said}", output.status);
}

#[test]
fn without_descriptors_no_student_loses_a_point() {
    built_reference();
    let mut faults = 0;
    for limit in [6, 12, 24, 40] {
        let output = grade(&["prlimit", &format!("--nofile={limit}:{limit}")], &[]).output().expect("it runs");
        nobody_is_blamed(&output);
        faults += usize::from(output.status.code() == Some(70));
    }
    assert_eq!(faults, 4);
}

#[test]
fn on_a_full_disk_no_student_loses_a_point() {
    built_reference();
    let disk = TempDir::new().expect("a folder");
    let alone = if is_root() { "-m" } else { "-Urm" };
    let no_cache = TempDir::new().expect("a folder");
    for (level, size) in levels().into_iter().flat_map(|level| ["8k", "100k", "8m"].map(|size| (level, size))) {
        let script = format!("mount -t tmpfs -o size={size} none \"$TMPDIR\" && exec \"$0\" \"$@\"");
        let mut grade = grade(&["unshare", alone, "sh", "-c", &script], &["--level", level]);
        grade.env("TMPDIR", disk.path());

        // What is missing is there for the cache, or for the build.
        let cached = grade.env("GRADER_CACHE", disk.path()).output().expect("it runs");
        let built = grade.env("GRADER_CACHE", no_cache.path().join(level)).output().expect("it runs");
        nobody_is_blamed(&cached);
        nobody_is_blamed(&built);
        assert_eq!(cached.status.code(), Some(70), "{level}, {size}");
        let said = [&cached.stdout, &cached.stderr].map(|said| String::from_utf8_lossy(said).to_lowercase()).concat();
        assert!(said.contains("no space left on device"), "{level}, {size}: {said}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_the_graders_fault_and_the_other_one_is_there() {
    let folder = TempDir::new().expect("a folder");
    let json = folder.path().join("report.json");
    let arguments = ["--step", "02-server/listens", "--color", "never", "--json"];
    let run = |json: &Path, out: Stdio| {
        let mut grade = Command::new(built());
        grade.args(["grade", "reference"]).args(arguments).arg(json).current_dir(top());
        grade.env("GRADER_CACHE", cache()).stdout(out).stderr(Stdio::piped()).output().expect("it runs")
    };
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");

    let output = run(&json, full().into());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((&*said, output.status.code()), ("error: cannot write to stdout: no space left on device\n", Some(70)));
    let report: Value = serde_json::from_slice(&fs::read(&json).expect("it is there")).expect("it is JSON");
    assert_eq!(report["points"]["lost"], 0);

    let output = run(Path::new("/dev/full"), Stdio::piped());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (&*said, output.status.code()),
        ("error: cannot write `/dev/full`: no space left on device\n", Some(70))
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("✓"), "{output:?}");
}

/// Kills what is called so, and was started by the grader itself, whenever there is such a process.
fn grade_and_kill(level: &str, is_victim: impl Fn(&str) -> bool) -> (Output, usize) {
    let child = grade(&[], &["--level", level]).spawn().expect("it starts");
    let grader = child.id();
    let waits = std::thread::spawn(move || child.wait_with_output().expect("it ends"));
    let mut killed = 0;
    while !waits.is_finished() {
        for (pid, _) in children(grader).into_iter().filter(|(_, name)| is_victim(name)) {
            killed += usize::from(kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok());
        }
        std::thread::yield_now();
    }
    (waits.join().expect("it does not panic"), killed)
}

fn children(of: u32) -> Vec<(i32, String)> {
    let threads = fs::read_dir(format!("/proc/{of}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let pids: Vec<i32> =
        lists.flat_map(|list| list.split_whitespace().flat_map(str::parse).collect::<Vec<_>>()).collect();
    let name = |pid: i32| Some((pid, fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.trim().to_owned()));
    pids.into_iter().filter_map(name).collect()
}

#[test]
fn a_killed_init_or_helper_is_no_students_mistake() {
    built_reference();
    for level in levels() {
        let (output, killed) = grade_and_kill(level, |name| name == "cell-init");
        nobody_is_blamed(&output);
        assert!(killed > 0 && output.status.code() == Some(70), "{level}: {killed} killed");

        // Whatever it is called: before it is init, too.
        let (output, killed) = grade_and_kill(level, |_| true);
        nobody_is_blamed(&output);
        assert!(killed > 0 && output.status.code() == Some(70), "{level}: {killed} killed");
    }
}

#[test]
fn a_program_that_vanishes_after_it_was_built_is_no_students_mistake() {
    let folder = TempDir::new().expect("a folder");
    let submission = folder.path().join("submission");
    fs::create_dir(&submission).expect("a folder");
    let server = submission.join("server");
    fs::copy("/bin/sleep", &server).expect("it is copied");
    fs::set_permissions(&server, fs::Permissions::from_mode(0o755)).expect("its mode is set");

    let own_cache = folder.path().join("cache");
    let mut command = Command::new(built());
    command.args(["grade", "--json", "-", "--lab", "02-server"]).arg(&submission).env("GRADER_CACHE", &own_cache);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let waits = std::thread::spawn(move || child.wait_with_output().expect("it ends"));
    let mut vanished = 0;
    while !waits.is_finished() {
        let programs = find(&own_cache, "server");
        vanished += programs.iter().filter(|program| fs::remove_file(program).is_ok()).count();
        std::thread::yield_now();
    }
    let output = waits.join().expect("it does not panic");
    assert!(vanished > 0);
    nobody_is_blamed(&output);
    assert_eq!(output.status.code(), Some(70));
}

fn find(folder: &Path, name: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(find(&entry.path(), name)),
            Ok(_) if entry.file_name() == name => found.push(entry.path()),
            _ => {}
        }
    }
    found
}
