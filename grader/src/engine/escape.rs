//! Foreign bytes as text that a person can read and that does nothing to a terminal.

/// Bytes as a string literal in quotes: `"hello\n"`, `"\xff\0"`. Of more than `most` bytes the first are shown, with
/// the number of those left out.
pub fn quote(bytes: &[u8], most: usize) -> String {
    let (shown, rest) = bytes.split_at(end_of_character(bytes, most));
    let mut text = String::from("\"");
    for chunk in shown.utf8_chunks() {
        chunk.valid().chars().for_each(|character| match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            _ => push(&mut text, character),
        });
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text.push('"');
    if !rest.is_empty() {
        text.push_str(&format!(" and {} more", super::say::count(rest.len() as u64, "byte")));
    }
    text
}

/// Text on one line, without quotes: what does not print is escaped, a tab is a few spaces.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    text.chars().for_each(|character| match character {
        '\t' => plain.push_str("    "),
        _ => push(&mut plain, character),
    });
    plain
}

/// Whether the character has a shape of its own and changes nothing around it: no control character, no override of
/// the writing direction, nothing invisible.
fn prints(character: char) -> bool {
    matches!(character, '\'' | '"' | '\\') || character.escape_debug().len() == 1
}

fn push(text: &mut String, character: char) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\0' => text.push_str("\\0"),
        _ if prints(character) => text.push(character),
        _ if character.is_ascii() => text.push_str(&format!("\\x{:02x}", character as u32)),
        _ => text.push_str(&format!("\\u{{{:x}}}", character as u32)),
    }
}

/// At most `most`, moved back so that no character of UTF-8 is cut in two.
fn end_of_character(bytes: &[u8], most: usize) -> usize {
    if bytes.len() <= most {
        return bytes.len();
    }
    let continues = |at: &usize| bytes[*at] & 0b1100_0000 == 0b1000_0000;
    (most.saturating_sub(3)..=most).rev().find(|at| !continues(at)).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::{plain, quote};

    #[test]
    fn what_prints_stays_as_it_is() {
        assert_eq!(quote("grüße, 世界 it's".as_bytes(), 99), r#""grüße, 世界 it's""#);
        assert_eq!(plain("a \"b\" c:\\d"), "a \"b\" c:\\d");
    }

    #[test]
    fn quotes_and_backslashes_are_escaped_in_quotes() {
        assert_eq!(quote(br#"a"b\"#, 99), r#""a\"b\\""#);
    }

    #[test]
    fn nothing_reaches_the_terminal_that_moves_it() {
        assert_eq!(quote(b"\x1b[31m\0\x7f\r\n\t", 99), r#""\x1b[31m\0\x7f\r\n\t""#);
        assert_eq!(quote("\u{202e}\u{200b}\u{feff}\u{2028}\u{9b}".as_bytes(), 99), {
            r#""\u{202e}\u{200b}\u{feff}\u{2028}\u{9b}""#
        });
        assert_eq!(plain("\u{1b}]0;title\u{7}\tx"), "\\x1b]0;title\\x07    x");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_bytes() {
        assert_eq!(quote(b"a\xff\xfeb\xc3", 99), r#""a\xff\xfeb\xc3""#);
    }

    #[test]
    fn a_cut_says_what_it_cut_and_leaves_characters_whole() {
        assert_eq!(quote(b"abcdef", 4), r#""abcd" and 2 bytes more"#);
        assert_eq!(quote("abcü".as_bytes(), 4), r#""abc" and 2 bytes more"#);
        assert_eq!(quote(&[0x80; 9], 4), r#""\x80\x80\x80\x80" and 5 bytes more"#);
    }
}
