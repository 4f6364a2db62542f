//! How much of what students' programs said fits into one file.
//!
//! Platforms take a mebibyte (PrairieLearn, GitHub's summary, Autolab a little less), 10 000 lines (Autolab), and show
//! less. Each step is cut at 2000 characters already; this is for a rubric with many steps that all fail loudly.

use super::row::Row;

/// What all texts of a file may cost. With names and punctuation, the file stays below 256 KiB.
const FILE: usize = 160 * 1024;
/// Characters of a cause, which is one sentence.
const MESSAGE: usize = 300;

/// Cuts what is too long, where there is too much of it; as much for one step as for the other.
pub fn fit(rows: &mut [Row]) {
    for row in rows.iter_mut() {
        if row.message.chars().count() > MESSAGE {
            row.message = row.message.chars().take(MESSAGE - 1).chain(['…']).collect();
        }
    }
    let all: usize = rows.iter().map(|row| cost(&row.message) + cost(&row.details)).sum();
    if all <= FILE {
        return;
    }
    let share = FILE / rows.len();
    for row in rows {
        row.message = within(&row.message, share / 4, "…");
        row.details = within(&row.details, share / 4 * 3, "\n[…]\n");
    }
}

/// The beginning and the end.
fn within(text: &str, allowed: usize, mark: &str) -> String {
    if cost(text) <= allowed {
        return text.to_owned();
    }
    let half = allowed.saturating_sub(cost(mark)) / 2;
    let (head, tail) = (affordable(text.chars(), half), affordable(text.chars().rev(), half));
    format!("{}{mark}{}", &text[..head], &text[text.len() - tail..])
}

/// Bytes of the first characters that cost no more than this.
fn affordable(chars: impl Iterator<Item = char>, allowed: usize) -> usize {
    let mut left = allowed;
    let pay = |c: &char| {
        let rest = left.checked_sub(price(*c));
        left = rest.unwrap_or(left);
        rest.is_some()
    };
    chars.take_while(pay).map(char::len_utf8).sum()
}

fn cost(text: &str) -> usize {
    text.chars().map(price).sum()
}

/// Bytes in the format that escapes it at the greatest length. A line costs more: some count lines.
fn price(c: char) -> usize {
    match c {
        '\n' => 24,
        '"' | '\'' | '&' | '<' | '>' | '\t' => 6,
        '\\' | '%' | ':' | '|' => 3,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cost, within};

    #[test]
    fn both_ends_are_kept_and_no_character_is_cut_in_half() {
        assert_eq!(within("short", 10, "…"), "short");
        let kept = within(&"äöü€".repeat(100), 50, "…");
        assert!(kept.starts_with("äöü€") && kept.ends_with("äöü€") && kept.contains('…'), "{kept}");
        assert!(cost(&kept) <= 50, "{kept}");
        assert_eq!(within("a long text", 0, "…"), "…");
    }
}
