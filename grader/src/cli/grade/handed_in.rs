//! When a submission was handed in: the same instant whenever it is graded again.
//!
//! It is the last commit's, in the repository that the submission lies in. Without one it is what the tag says
//! (`submit/2026-09-01T10-00-00Z-a1b2c3d`), and without that the time of the newest file. All of them are the student's
//! own word: who has to know when something came asks the server that took it.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use wait_timeout::ChildExt;

/// Files that are looked at; more of them are not what a student wrote.
const FILES: usize = 100_000;

/// In seconds since 1970.
pub fn handed_in(submission: &Path, tag: &str) -> u64 {
    committed(submission).or_else(|| tagged(tag)).unwrap_or_else(|| newest(submission))
}

/// The repository is the student's, and its settings name programs that git would start for a signature, a hook, or an
/// object that it has to fetch. This command checks no signature, and fetches nothing.
fn committed(submission: &Path) -> Option<u64> {
    let mut git = Command::new("git");
    git.arg("-C").arg(submission).args(["-c", "core.hooksPath=/dev/null", "--no-replace-objects"]);
    git.args(["rev-list", "--max-count=1", "--timestamp", "HEAD"]);
    git.env("GIT_ALLOW_PROTOCOL", "none").env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    let mut git = git.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    // One line, which any pipe holds.
    let Ok(Some(status)) = git.wait_timeout(Duration::from_secs(10)) else {
        let _ = git.kill().and_then(|()| git.wait());
        return None;
    };
    let mut line = String::new();
    git.stdout.take()?.take(1024).read_to_string(&mut line).ok()?;
    status.success().then(|| line.split(' ').next()?.parse().ok()).flatten()
}

fn tagged(tag: &str) -> Option<u64> {
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let time = tag.strip_prefix("submit/")?.get(..20)?;
    let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if shape.replace(':', "-") != "0000-00-00T00-00-00Z" {
        return None;
    }
    let part = |from: usize, to: usize| digits(&time[from..to]);
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let valid = year >= 1970 && (1..=12).contains(&month) && (1..=31).contains(&day);
    let seconds = part(11, 13)? * 3600 + part(14, 16)? * 60 + part(17, 19)?;
    valid.then(|| days(year, month, day) * 86_400 + seconds)
}

/// Since 1970, from the first of March of the year 0 on.
fn days(year: u64, month: u64, day: u64) -> u64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
}

fn newest(submission: &Path) -> u64 {
    let mut newest = 0;
    let mut left = vec![submission.to_owned()];
    let mut seen = 0;
    while let Some(path) = left.pop().filter(|_| seen < FILES) {
        seen += 1;
        let Ok(data) = fs::symlink_metadata(&path) else { continue };
        if data.is_dir() {
            left.extend(fs::read_dir(&path).into_iter().flatten().flatten().map(|entry| entry.path()));
        } else if let Ok(time) = data.modified() {
            newest = newest.max(time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()));
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, UNIX_EPOCH};

    use super::{handed_in, tagged};

    #[test]
    fn a_tag_says_when_it_was_made() {
        assert_eq!(tagged("submit/2026-09-01T10-00-00Z-a1b2c3d"), Some(1_788_256_800));
        assert_eq!(tagged("submit/2000-02-29T00:00:01Z-a1b2c3d"), Some(951_782_401));
        for other in ["submit/", "submit/x", "submit/2026-13-01T10-00-00Z-a", "submit/1969-01-01T10-00-00Z", "2026"] {
            assert_eq!(tagged(other), None, "{other}");
        }
    }

    #[test]
    fn without_a_repository_the_tag_counts_and_then_the_newest_file() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("src")).expect("a folder");
        for (name, time) in [("Makefile", 1_700_000_000), ("src/server.c", 1_700_000_100)] {
            let file = File::create(folder.path().join(name)).expect("it is made");
            file.set_modified(UNIX_EPOCH + Duration::from_secs(time)).expect("its time is set");
        }
        assert_eq!(handed_in(folder.path(), "submit/1"), 1_700_000_100);
        assert_eq!(handed_in(folder.path(), "submit/2026-09-01T10-00-00Z-a1b2c3d"), 1_788_256_800);
    }
}
