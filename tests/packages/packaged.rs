//! The packages, from the grader that the tests build.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::{Mutex, PoisonError};

use conformance::{cache, grader, top};
use tempfile::TempDir;

pub const LAB: &str = "02-server";

/// What `grader package` writes.
pub struct Package {
    pub path: PathBuf,
    /// It goes with this, unless it is shared.
    _folder: Option<TempDir>,
}

impl Package {
    /// `grader package PLATFORM 02-server`, made once for all tests: nobody changes it.
    pub fn of(platform: &str) -> Package {
        static MADE: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let path = cache().join("packages").join(platform);
        if !made.contains(platform) {
            let _former = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
            packager().args(["package", platform, LAB, "--out"]).arg(&path).assert().success();
            made.insert(platform.to_owned());
        }
        Package { path, _folder: None }
    }

    /// `grader package ARGS --out …`
    pub fn made(args: &[&str]) -> Package {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("package");
        packager().arg("package").args(args).arg("--out").arg(&path).assert().success();
        Package { path, _folder: Some(folder) }
    }
}

/// The grader as `cargo lab` starts it: it has a static one built, once, beside the tests' other builds.
pub fn packager() -> assert_cmd::Command {
    let mut command = grader();
    command.env("CARGO_MANIFEST_DIR", top().join("grader")).env("CARGO", env!("CARGO"));
    command
}

/// Fails with all that is wrong with a result.
#[track_caller]
pub fn fits(schema: &str, result: &serde_json::Value) {
    let path = top().join("grader/schema").join(format!("{schema}.schema.json"));
    let schema = serde_json::from_slice(&fs::read(path).expect("there is a schema")).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a schema");
    let errors: Vec<String> = validator.iter_errors(result).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new(), "{result:#}");
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a command in the background, and kills the grader that it starts as soon as this file says that steps were played.
pub fn kill_when(command: &str, file: &str, says: &str) -> [String; 3] {
    let script = format!(
        r#"{command} & all=$!
until grep -q '{says}' {file} 2>/dev/null; do sleep 0.01; kill -0 $all || exit 99; done
for process in /proc/[0-9]*; do
    if [ "$(cat "$process/comm" 2>/dev/null)" = grader ]; then kill -9 "${{process#/proc/}}"; fi
done
wait $all"#
    );
    ["sh".to_owned(), "-c".to_owned(), script]
}
