//! Machines that are set up in other ways: parts of this test, in a mount namespace that has been changed before.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use grader::cell::{Level, best_level};
use nix::unistd::geteuid;
use tempfile::TempDir;

use crate::support::{Lab, helper};

/// Runs other tests of this program where a shell has changed the mounts.
fn passes_after(changes: &str, tests: &[&str]) {
    passes_in(if geteuid().is_root() { "-m" } else { "-rm" }, changes, tests);
}

fn passes_in(namespaces: &str, changes: &str, tests: &[&str]) {
    let run = Command::new("unshare")
        .args([namespaces, "sh", "-e", "-c", &format!("{changes}\nexec \"$@\""), "sh"])
        .arg(std::env::current_exe().unwrap())
        .arg("--exact")
        .args(tests)
        .env("CELL_HELPER", helper())
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{stdout}\n{stderr}");
    assert!(stdout.contains(&format!("ok. {} passed", tests.len())), "{stdout}");
}

const NAMES: [&str; 2] =
    ["network::names_resolve_forward_and_backward", "network::unknown_names_and_addresses_fail_at_once"];

/// Puts another /etc in place of the machine's.
fn passes_with_etc(etc: &TempDir) {
    passes_after(&format!("mount --bind {} /etc", etc.path().display()), &NAMES);
}

#[test]
fn a_procfs_that_is_covered_in_parts_leaves_the_one_outside() {
    // As in containers: the kernel does not let a namespace see what was covered.
    let tests = [
        "sight::processes_threads_and_descriptors_can_be_seen",
        "life::signals_arrive",
        "end::a_runaway_ends_with_its_cell",
        "end::all_are_killed_and_the_cell_goes_on",
    ];
    passes_after("mount -t tmpfs none /proc/fs", &tests);
}

#[test]
fn names_resolve_where_the_files_for_it_are_missing() {
    let etc = TempDir::new().unwrap();
    passes_with_etc(&etc);
}

#[test]
fn names_resolve_where_resolv_conf_is_a_link_into_run() {
    let etc = TempDir::new().unwrap();
    fs::write(etc.path().join("hosts"), "").unwrap();
    fs::write(etc.path().join("nsswitch.conf"), "hosts: files\n").unwrap();
    symlink("../run/systemd/resolve/stub-resolv.conf", etc.path().join("resolv.conf")).unwrap();
    passes_with_etc(&etc);
}

#[test]
fn where_there_are_no_namespaces_the_setting_is_named() {
    // In a user namespace, this is a setting of that namespace alone.
    passes_in("-r", "echo 0 > /proc/sys/user/max_user_namespaces", &["other_machines::the_best_level_is_explained"]);
}

#[test]
fn the_best_level_is_explained() {
    let _ = Lab::new();
    let none_allowed = fs::read_to_string("/proc/sys/user/max_user_namespaces").unwrap().trim() == "0";
    let (level, why) = best_level();
    if none_allowed {
        assert_ne!(level, Level::Cell);
        assert!(why.as_ref().unwrap().contains("`sudo sysctl user.max_user_namespaces="), "{why:?}");
    } else {
        assert_eq!((level, why), (Level::Cell, None));
    }
}
