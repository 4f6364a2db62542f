//! All of this once more, for somebody who is not root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use nix::unistd::geteuid;

use crate::support::helper;

#[test]
fn it_works_for_an_ordinary_user_as_well() {
    // Then all the other tests have been about him already.
    if !geteuid().is_root() {
        return;
    }
    // Where he can reach it: the build may be in root's home.
    let folder = tempfile::TempDir::new().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let (test, grader) = (folder.path().join("test"), folder.path().join("grader"));
    fs::copy(std::env::current_exe().unwrap(), &test).unwrap();
    fs::copy(helper(), &grader).unwrap();
    let run = Command::new("setpriv")
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups", "--"])
        .arg(&test)
        .args(["--skip", "ordinary_user::"])
        .env("CELL_HELPER", &grader)
        .current_dir("/")
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{stdout}\n{stderr}");
    assert!(!stdout.contains(" 0 passed"), "{stdout}");
}
