//! What a program wrote, as text that may stand in a file.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::engine::{plain, quote};

/// Characters that are kept: as many from the beginning as from the end.
const KEPT: usize = 2000;

/// Control characters but newline and tab become `\u{fffd}`; of a long text the middle is left out.
pub fn harmless(text: &str) -> String {
    let bad = |c: char| c.is_control() && c != '\n' && c != '\t';
    let clean: Vec<char> = text.chars().map(|c| if bad(c) { '\u{fffd}' } else { c }).collect();
    if clean.len() <= KEPT {
        return clean.into_iter().collect();
    }
    let left_out = clean.len() - KEPT;
    let (head, tail) = (&clean[..KEPT / 2], &clean[clean.len() - KEPT / 2..]);
    let of = |part: &[char]| part.iter().collect::<String>();
    format!("{}\n[… {left_out} characters left out …]\n{}", of(head), of(tail))
}

/// The name of a file: as it is, but for what is no text or would not stay on its line, which is escaped.
pub fn one_line(name: &OsStr) -> String {
    match name.to_str() {
        Some(name) => plain(name),
        None => {
            let quoted = quote(name.as_bytes(), usize::MAX);
            quoted[1..quoted.len() - 1].to_owned()
        }
    }
}

/// `68656c6c6f`
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::{KEPT, harmless, one_line};

    #[test]
    fn control_characters_do_not_get_into_the_file() {
        assert_eq!(harmless("a\0\u{1b}[31m\tb\r\n"), "a\u{fffd}\u{fffd}[31m\tb\u{fffd}\n");
    }

    #[test]
    fn a_name_is_on_one_line_and_loses_no_byte() {
        let shown = |name: &[u8]| one_line(OsStr::from_bytes(name));
        assert_eq!(shown("hw/anna müller.zip".as_bytes()), "hw/anna müller.zip");
        assert_eq!(shown(b"a\n\x1b[2J\xff"), r"a\n\x1b[2J\xff");
    }

    #[test]
    fn a_long_text_keeps_both_ends_and_says_what_is_missing() {
        let text = format!("{}{}", "a".repeat(KEPT), "z".repeat(KEPT));
        let kept = harmless(&text);
        assert!(kept.starts_with("aaa") && kept.ends_with("zzz"));
        assert!(kept.contains("\n[… 2000 characters left out …]\n"));
    }
}
