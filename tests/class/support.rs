//! A small class of submissions for a small lab.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::assert::Assert;
use conformance::{built, cache, top};
use tempfile::TempDir;

pub struct Class {
    folder: TempDir,
}

impl Class {
    /// With no submission.
    pub fn new() -> Class {
        let folder = TempDir::new().expect("a folder");
        fs::create_dir(folder.path().join("submissions")).expect("a folder");
        Class { folder }
    }

    /// Eight submissions of all kinds.
    pub fn mixed() -> Class {
        let class = Class::new();
        class.copy("anna", "right/c-server");
        class.copy("bo", "wrong/server-never-listens");
        class.copy("cy", "wrong/server-closes-early");
        class.copy("di", "wrong/server-other-words");
        class.copy("ed", "right/c-server");
        class.zip("fay.zip", "right/c-server");
        class.write("gus/Makefile", "server: server.c\n\t$(CC) -o $@ server.c\n");
        class.write("gus/server.c", "int main(void) { return nothing; }\n");
        class.write("hal.zip", "this is no archive");
        class
    }

    pub fn submissions(&self) -> PathBuf {
        self.folder.path().join("submissions")
    }

    pub fn results(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    /// A copy of one of the tests' submissions.
    pub fn copy(&self, name: &str, of: &str) {
        let to = self.submissions().join(name);
        let _former = fs::remove_dir_all(&to);
        fs::create_dir(&to).expect("a folder");
        for entry in fs::read_dir(top().join("tests/submissions").join(of)).expect("it is there").flatten() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("it is copied");
        }
    }

    pub fn zip(&self, name: &str, of: &str) {
        let script = "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])";
        let to = self.submissions().join(name.trim_end_matches(".zip"));
        let from = top().join("tests/submissions").join(of);
        let made = Command::new("python3").args(["-c", script]).arg(to).arg(from).status();
        assert!(made.expect("there is Python").success());
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.submissions().join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(&path, text).expect("it is written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its mode is set");
    }

    /// `grader COMMAND SUBMISSIONS --out RESULTS --labs LABS ARGS`
    pub fn command(&self, command: &str, args: &[&str]) -> Command {
        let mut grader = Command::new(built());
        grader.current_dir(top()).env("GRADER_CACHE", cache()).env_remove("CLICOLOR_FORCE");
        grader.arg(command).arg(self.submissions()).arg("--out").arg(self.results());
        grader.arg("--labs").arg(top().join("tests/labs")).args(args);
        grader
    }

    pub fn class(&self, args: &[&str]) -> Assert {
        assert_cmd::Command::from_std(self.command("class", args)).assert()
    }

    pub fn merge(&self, args: &[&str]) -> Assert {
        assert_cmd::Command::from_std(self.command("merge", args)).assert()
    }

    pub fn result(&self, name: &str) -> String {
        read(&self.results().join(name))
    }

    /// The gradebook without the columns that tell when it was, how long it took, and with which seed.
    pub fn gradebook(&self) -> String {
        let lines = self.result("gradebook.csv");
        let kept = lines.lines().map(|line| line.rsplitn(5, ',').last().expect("a line has columns"));
        kept.map(|line| format!("{line}\n")).collect()
    }
}

pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a run printed.
pub fn stdout(run: &Assert) -> String {
    String::from_utf8(run.get_output().stdout.clone()).expect("it is text")
}

pub fn stderr(run: &Assert) -> String {
    String::from_utf8(run.get_output().stderr.clone()).expect("it is text")
}
