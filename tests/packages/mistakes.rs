//! What `package` refuses, and what it says.

use std::fs;

use conformance::{grader, top};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

use super::packaged::{LAB, Package, packager};

/// The grader as it comes from a build that is no package's, and not from cargo.
fn alone() -> assert_cmd::Command {
    let mut command = grader();
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO");
    command
}

#[test]
fn a_lab_that_is_not_there_is_refused_as_by_grade() {
    let grade = alone().args(["grade", "reference", "--lab", "02-sever"]).output().expect("it runs");
    let said = String::from_utf8(grade.stderr).expect("text");
    assert!(said.contains("02-server"), "{said}");
    alone().args(["package", "autolab", "02-sever"]).assert().code(2).stdout(is_empty()).stderr(said);
    let step =
        "error: `02-server/listens` is one step, and a package holds whole labs\nhint: name the lab: `02-server`";
    alone().args(["package", "autolab", "02-server/listens"]).assert().code(2).stderr(contains(step));
    alone().args(["package", "autolab"]).assert().code(2);
    alone().args(["package", "canvas", LAB]).assert().code(2).stderr(contains("gradescope"));
}

#[test]
fn what_is_there_is_not_overwritten_unless_that_is_asked_for() {
    let package = Package::made(&["classroom50", LAB]);
    let file = package.path.join("README.md");
    fs::write(&file, "mine").expect("it is written");
    fs::write(package.path.join("notes"), "mine").expect("it is written");
    let again = |force: &[&str]| {
        let mut again = packager();
        again.args(["package", "classroom50", LAB, "--out"]).arg(&package.path).args(force).assert()
    };
    again(&[]).code(2).stderr(contains("is there already\nhint: `--force` replaces it"));
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "mine");
    again(&["--force"]).code(0).stdout(contains("wrote ").and(contains("02-server")));
    assert!(fs::read_to_string(&file).expect("it is there").starts_with("# An autograder"));
    assert_eq!(fs::read_to_string(package.path.join("notes")).expect("it is nobody else's"), "mine");
}

#[test]
fn a_grader_that_needs_shared_libraries_is_no_part_of_a_package() {
    let folder = TempDir::new().expect("a folder");
    let package = |args: &[&str]| {
        let mut package = alone();
        package.args(["package", "autolab", LAB, "--out"]).arg(folder.path().join("out")).args(args);
        package.assert().code(2)
    };
    package(&[])
        .stderr(contains("this grader needs shared libraries").and(contains("hint: run it as `cargo lab package")));
    let script = top().join(".ci/run");
    let script = script.to_str().expect("text");
    package(&["--grader", script]).stderr(contains("is no static program for Linux\nhint: `RUSTFLAGS="));
    package(&["--grader", "/no/such/file"]).stderr(contains("cannot read `/no/such/file`: no such file"));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_place_that_cannot_be_written_to_is_the_callers_mistake() {
    let mut package = packager();
    package
        .args(["package", "autolab", LAB, "--out", "/proc/none"])
        .assert()
        .code(2)
        .stderr(contains("cannot write `/proc/none/"));
}

#[test]
fn the_same_package_is_written_byte_for_byte() {
    let packages = [(); 2].map(|()| Package::made(&["gradescope", LAB]));
    let [one, other] = packages.each_ref().map(|package| fs::read(&package.path).expect("it is there"));
    assert!(one == other, "{} and {} bytes", one.len(), other.len());
}

#[test]
fn crates_that_cannot_be_unpacked_are_nobodys_points() {
    let folder = TempDir::new().expect("a folder");
    let archive = folder.path().join("crates.tar.gz");
    fs::write(&archive, "no archive").expect("it is written");
    let mut warm = alone();
    warm.arg("warm").env("GRADER_CACHE", folder.path().join("cache")).env("GRADER_CRATES", &archive);
    warm.assert().code(70).stderr(contains("cannot unpack the lab's crates from `"));
}
