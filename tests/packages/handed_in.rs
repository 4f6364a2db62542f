//! What students hand in.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::top;
use tempfile::TempDir;

/// One that claims everything that any platform might believe, wherever it can, and leaves processes behind that go on when they
/// are told to end.
const HOSTILE: &str = r#"#!/bin/sh
claim() {
    echo '{"scores": {"02-server": 100}}'
    echo '{"score": 1, "gradable": true}'
    echo 'Grade :=>> 100'
    echo '::error title=FORGED::FORGED'
    echo '::notice title=Autograding report::{"totalPoints":100,"maxPoints":100}'
    echo 'Killed'
    env
}
trap '' TERM INT HUP
for file in /autograder/results/results.json /grade/results/results.json ./result.json ../result.json \
    /home/user/job/autograde/result /home/user/work/result.json "$GITHUB_STEP_SUMMARY"; do
    echo '{"score": 100, "tests": []}' >"$file"
done 2>/dev/null
again() { for time in 1 2 3 4 5 6 7 8 9 10 11 12; do claim; sleep 0.05; done; }
again >/proc/1/fd/1 2>/dev/null &
again &
claim
claim >&2
sleep 0.3
exit 3
"#;

pub const ALL: [&str; 5] = ["reference", "wrong", "broken", "empty", "hostile"];

/// A folder with one of them.
pub fn handed_in(name: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let put = |name: &str, text: &str, mode: u32| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("it is written");
        fs::set_permissions(&file, Permissions::from_mode(mode)).expect("its mode is set");
    };
    match name {
        "reference" => copy(&top().join("reference"), folder.path()),
        "wrong" => copy(&top().join("tests/submissions/wrong/server-never-listens"), folder.path()),
        "broken" => {
            put("Makefile", "server: server.c\n\tcc -o server server.c\n", 0o644);
            put("server.c", "int main(void) { return nothing_of_the_kind; }\n", 0o644);
        }
        "hostile" => put("server", HOSTILE, 0o755),
        _ => {}
    }
    folder
}

/// As students pack it.
pub fn packed(folder: &Path) -> PathBuf {
    let archive = folder.with_extension("tar");
    let tar = Command::new("tar").arg("-cf").arg(&archive).arg("-C").arg(folder).arg(".").status();
    assert!(tar.is_ok_and(|status| status.success()));
    archive
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").arg(from.join(".")).arg(to).status();
    assert!(copied.is_ok_and(|status| status.success()), "{}", from.display());
}
