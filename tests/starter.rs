//! The starter: the same functions as the reference, nothing in them, and nothing earned.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::{cache, grade, levels, top};

#[test]
fn the_untouched_starter_earns_nothing_and_every_failure_says_what_to_do_next() {
    for level in levels() {
        let report = grade(&top().join("starter"), &["--level", level]);
        assert_eq!((report.earned(), report.with("passed").len()), (0, 0), "{:#}", report.0);
        for step in report.steps().iter().filter(|step| step.verdict() == "failed") {
            let (sentence, next) = (step.failure("sentence"), step.failure("next"));
            assert!(sentence.starts_with("panicked: not yet implemented: "), "{}: {sentence}", step.id());
            assert!(next.starts_with("write the function at src/"), "{}: {next}", step.id());
            assert_eq!(step.waited_until(), "event", "{}", step.id());
        }
    }
}

/// The file and line that `next` names is where the function stands.
#[test]
fn the_next_action_of_the_starter_names_the_function_that_is_missing() {
    let report = grade(&top().join("starter"), &["--lab", "02-server"]);
    let next = report.step("listens").failure("next").to_owned();
    let place = next.trim_start_matches("write the function at ").split(": ").next().expect("a place");
    let (file, line) = place.split_once(':').expect("file and line");
    let text = fs::read_to_string(top().join("starter").join(file)).expect("the file is there");
    let line: usize = line.parse().expect("a line number");
    assert!(text.lines().nth(line - 1).is_some_and(|line| line.contains("todo!")), "{next}");
}

#[test]
fn a_copy_of_the_starter_builds_alone_and_without_warnings() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("mine");
    let copied = Command::new("cp").arg("-r").arg(top().join("starter")).arg(&copy).status();
    assert!(copied.is_ok_and(|status| status.success()));
    // Dependencies are the same each time; what is the student's is built anew in a copy with a name of its own.
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--all-targets"]).env("CARGO_TARGET_DIR", cache().join("starter-alone"));
    let output = cargo.env_remove("RUSTFLAGS").current_dir(&copy).output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
}

/// Every `.rs` file below `folder`, relative to it.
fn rust_files(folder: &Path, below: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join(below)).expect("a folder").flatten() {
        let path = below.join(entry.file_name());
        match entry.file_type().expect("its type").is_dir() {
            true => files.extend(rust_files(folder, &path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}

/// What a file declares for others, without bodies and comments.
fn declarations(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut declarations = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if !["pub fn ", "pub const ", "pub struct ", "pub enum ", "pub mod "].iter().any(|word| line.starts_with(word))
        {
            continue;
        }
        let mut declaration = line.to_owned();
        while !declaration.contains(['{', ';']) {
            declaration.push(' ');
            declaration.push_str(lines.next().expect("a declaration ends"));
        }
        declarations.push(declaration.split(['{', ';']).next().unwrap_or_default().trim().to_owned());
    }
    declarations
}

#[test]
fn starter_and_reference_are_the_same_files_with_the_same_functions() {
    let (starter, reference) = (top().join("starter"), top().join("reference"));
    let files = rust_files(&starter, Path::new("src"));
    assert_eq!(files, rust_files(&reference, Path::new("src")));
    for file in files {
        let (given, solved) = (declarations(&starter.join(&file)), declarations(&reference.join(&file)));
        assert_eq!(given, solved, "{}", file.display());
    }
}

/// The thin programs are complete: nobody's points hang on how arguments are read.
#[test]
fn the_programs_of_starter_and_reference_differ_in_the_crates_name_alone() {
    for program in rust_files(&top().join("starter"), Path::new("src/bin")) {
        let read = |name: &str| {
            let file = top().join(name).join(&program);
            fs::read_to_string(file).expect("the file is there").replace(&format!("use {name}::"), "use solution::")
        };
        assert_eq!(read("starter"), read("reference"));
    }
}
