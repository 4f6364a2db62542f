//! A build tool's words, fit to be shown.

use std::path::Path;

/// Characters kept of the beginning and of the end.
const HEAD: usize = 6_000;
const TAIL: usize = 2_000;

/// Lossily decoded, with `folders` taken out of paths, and cut in the middle when long.
pub fn readable(bytes: &[u8], folders: &[&Path]) -> String {
    let text = folders.iter().fold(String::from_utf8_lossy(bytes).into_owned(), |text, folder| {
        let folder = folder.to_string_lossy();
        text.replace(&format!("{folder}/"), "").replace(&*folder, ".")
    });
    let total = text.chars().count();
    if total <= HEAD + TAIL {
        return text;
    }
    let head: String = text.chars().take(HEAD).collect();
    let tail: String = text.chars().skip(total - TAIL).collect();
    format!("{head}\n… {} characters left out …\n{tail}", total - HEAD - TAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_submissions_own() {
        assert_eq!(readable(b" --> /c/slots/0/src/x.rs:1", &[Path::new("/c/slots/0")]), " --> src/x.rs:1");
    }

    #[test]
    fn a_long_output_keeps_its_head_and_its_tail() {
        let shown = readable("é".repeat(10_000).as_bytes(), &[]);
        assert!(shown.contains("\n… 2000 characters left out …\n"));
        assert_eq!(shown.chars().filter(|c| *c == 'é').count(), HEAD + TAIL);
    }
}
