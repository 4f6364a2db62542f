//! Commands that can be copied from a report into a shell.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::look::Look;
use crate::engine::quote;

/// `cargo lab grade answer --step 02-server/backlog`
pub fn grade_step(look: &Look, submission: &OsStr, lab: &str, step: &str) -> String {
    let (submission, step) = (shell_bytes(submission.as_bytes()), format!("{lab}/{step}"));
    format!("{} grade {submission} --step {}{}", look.program, shell_word(&step), look.options)
}

/// A word as a shell takes it, quoted if it has to be.
pub fn shell_word(word: &str) -> Cow<'_, str> {
    shell_bytes(word.as_bytes())
}

fn shell_bytes(word: &[u8]) -> Cow<'_, str> {
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/._-+:,@%=".contains(c);
    match str::from_utf8(word) {
        Ok(word) if !word.is_empty() && word.chars().all(harmless) => Cow::Borrowed(word),
        Ok(word) if !word.contains(|c: char| c.is_control() || !c.is_ascii()) => {
            Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
        }
        // Quoted for bash: what does not print, or is no text, comes as an escape.
        _ => {
            let quoted = quote(word, usize::MAX);
            let inner = quoted[1..quoted.len() - 1].replace("\\\"", "\"").replace('\'', "\\'");
            Cow::Owned(format!("$'{}'", shorten_unicode(&inner)))
        }
    }
}

/// `\u{202e}` is `\U0000202e` to a shell.
fn shorten_unicode(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut shell = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((digits, rest)) => shell.push_str(&format!("\\U{digits:0>8}{rest}")),
            None => shell.push_str(part),
        }
    }
    shell
}

#[cfg(test)]
mod tests {
    use super::{Look, OsStr, grade_step, shell_bytes, shell_word};
    use crate::report::look::look;

    #[test]
    fn a_plain_path_needs_no_quotes() {
        let look = Look { options: " --labs mine".to_owned(), ..look() };
        let command = grade_step(&look, OsStr::new("students/anna-1"), "02-server", "backlog");
        assert_eq!(command, "cargo lab grade students/anna-1 --step 02-server/backlog --labs mine");
        assert_eq!(shell_word("students/anna.zip"), "students/anna.zip");
    }

    #[test]
    fn a_path_that_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(shell_word("my answer"), "'my answer'");
        assert_eq!(shell_word("it's; rm -rf $HOME"), r"'it'\''s; rm -rf $HOME'");
        assert_eq!(shell_word("a\n\u{1b}[2J\u{202e}'b"), r"$'a\n\x1b[2J\U0000202e\'b'");
        assert_eq!(shell_bytes(b"a\xff b"), r"$'a\xff b'");
        assert_eq!(shell_word(""), "''");
    }
}
