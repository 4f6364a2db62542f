//! The first difference between two byte strings: one line of each in hex and text, and a caret.

use anstyle::Style;

use super::look::{BAD, GOOD, Look};
use super::wrap::width;
use crate::engine::Difference;

const WANTED: &str = "expected  ";
const GOT: &str = "got       ";
/// Columns a byte takes: two hex digits, a space and its character.
const COLUMNS: usize = 4;

/// Three lines that fit into `most` columns.
pub fn window(difference: &Difference, look: &Look, most: usize) -> [String; 3] {
    let longest = difference.expected.len().max(difference.got.len());
    let room = (most.saturating_sub(width(WANTED) + 2) / COLUMNS).clamp(4, 16);
    // A difference outside its windows would be a mistake of ours: the report goes on.
    let at = (difference.offset.saturating_sub(difference.start) as usize).min(longest);
    // What comes before the difference helps to find the place, what comes after it says more.
    let skipped = if longest <= room { 0 } else { at.saturating_sub(room / 3) };
    let shown = room.min(longest - skipped).max(at - skipped + 1);
    let column = at - skipped;
    let line = |label: &str, bytes: &[u8], style: Style| {
        let bytes = bytes.get(skipped..).unwrap_or(&[]);
        let bytes = &bytes[..bytes.len().min(shown)];
        let (mut hex, mut text) = (String::new(), String::new());
        for (index, byte) in bytes.iter().enumerate() {
            let style = if index == column { style } else { Style::new() };
            let character = if byte.is_ascii_graphic() || *byte == b' ' { *byte as char } else { '.' };
            hex.push_str(&look.paint(style, &format!("{byte:02x}")));
            hex.push(' ');
            text.push_str(&look.paint(style, &character.to_string()));
        }
        let missing = " ".repeat(3 * (shown - bytes.len()));
        format!("{label}{hex}{missing} {text}").trim_end().to_owned()
    };
    let caret =
        format!("{}^^{}^", " ".repeat(width(GOT) + 3 * column), " ".repeat(3 * shown + 1 + column - (3 * column + 2)),);
    [line(WANTED, &difference.expected, GOOD), line(GOT, &difference.got, BAD), look.paint(BAD, &caret)]
}

#[cfg(test)]
mod tests {
    use super::window;
    use crate::engine::Difference;
    use crate::report::look::look;

    fn shown(offset: u64, start: u64, expected: &[u8], got: &[u8], most: usize) -> String {
        let totals = (expected.len() as u64, got.len() as u64);
        let (expected, got) = (expected.to_vec(), got.to_vec());
        let (expected_total, got_total) = totals;
        let difference = Difference { offset, start, expected, got, expected_total, got_total };
        format!("\n{}\n", window(&difference, &look(), most).join("\n"))
    }

    #[test]
    fn the_caret_is_under_the_first_byte_that_differs() {
        let expected = r"
expected  68 65 6c 6c 6f 0a  hello.
got       68 65 6c 6c 58 00  hellX.
                      ^^         ^
";
        assert_eq!(shown(4, 0, b"hello\n", b"hellX\0", 66), expected);
    }

    #[test]
    fn a_long_window_is_cut_around_the_difference() {
        let expected = r"
expected  69 6a 6b 6c 6d 6e 6f 70  ijklmnop
got       69 6a 2d 6c 6d 6e 6f 70  ij-lmnop
                ^^                   ^
";
        let got = b"abcdefghij-lmnopqrstuvwxyz";
        assert_eq!(shown(110, 100, b"abcdefghijklmnopqrstuvwxyz", got, 46), expected);
    }

    #[test]
    fn the_end_of_one_side_is_a_difference_too() {
        let expected = r"
expected  61 62 63 0a  abc.
got       61 62 63     abc
                   ^^     ^
";
        assert_eq!(shown(3, 0, b"abc\n", b"abc", 12), expected);
    }

    #[test]
    fn a_window_that_makes_no_sense_is_survived() {
        shown(0, 7, b"", b"", 0);
        shown(u64::MAX, 0, b"a", b"b", 200);
    }
}
