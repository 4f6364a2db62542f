//! Lines that a program wrote, as lines of the report.

use crate::engine::plain;
use crate::report::look::QUIET;
use crate::report::page::Page;
use crate::report::wrap::cut;

/// The last lines of a text, each behind a bar, so that nobody takes them for ours.
pub fn lines_of(page: &mut Page, indent: usize, text: &str, most: usize) {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let left_out = lines.len().saturating_sub(most);
    let bar = format!("{}{} ", " ".repeat(indent), page.look.paint(QUIET, "|"));
    if left_out > 0 {
        page.line(&format!("{bar}… {left_out} more before these"));
    }
    for line in &lines[left_out..] {
        let line = cut(&plain(line), page.room(indent + 2));
        page.line(format!("{bar}{line}").trim_end());
    }
}
