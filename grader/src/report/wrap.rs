//! Text in lines of a given width, measured as a terminal does.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

pub fn width(text: &str) -> usize {
    text.width()
}

/// Lines of at most `most` columns, broken at spaces. A word that is longer stays whole: it may be a command or a path.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if width(line) + 1 + width(word) <= most {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// The beginning of the text that fits, with `…` where something is missing.
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut left = most.saturating_sub(1);
    let fits = |character: &char| {
        let columns = character.width().unwrap_or(0);
        let fits = columns <= left;
        left = left.saturating_sub(columns);
        fits
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// The text with spaces after it, up to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use super::{cut, pad, wrap};

    #[test]
    fn lines_break_at_spaces_and_long_words_stay_whole() {
        assert_eq!(wrap("a bc def ghijklmnop q", 6), ["a bc", "def", "ghijklmnop", "q"]);
        assert_eq!(wrap("", 6), [""]);
    }

    #[test]
    fn wide_characters_count_as_two_columns() {
        assert_eq!(wrap("世界 世界", 6), ["世界", "世界"]);
        assert_eq!(cut("世界世界", 6), "世界…");
        assert_eq!(pad("世", 4), "世  ");
    }

    #[test]
    fn a_cut_is_marked() {
        assert_eq!(cut("listens on a port", 9), "listens…");
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("anything", 0), "…");
    }
}
