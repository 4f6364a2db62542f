//! The numbered record of an exchange.

use crate::engine::{Direction, Entry, Trace, plain, span};
use crate::report::look::{BAD, Detail, PLAIN};
use crate::report::page::{LABELS, Page};
use crate::report::wrap::{cut, pad, width, wrap};

/// Of a longer exchange the beginning and the end are shown.
const FIRST: usize = 4;
const LAST: usize = 16;

pub fn trace(page: &mut Page, trace: &Trace) {
    let entries = &trace.0;
    if entries.is_empty() {
        return;
    }
    page.label("trace");
    let actors = entries.iter().map(|entry| width(&plain(&entry.actor))).max().unwrap_or(0);
    let whole = page.look.detail == Detail::Everything || entries.len() <= FIRST + LAST + 1;
    let left_out = if whole { 0..0 } else { FIRST..entries.len() - LAST };
    for (index, entry) in entries.iter().enumerate() {
        if index == left_out.start && !left_out.is_empty() {
            let number = left_out.len();
            page.prose(LABELS + 6, PLAIN, &format!("… {number} more, which --verbose shows"));
        }
        if !left_out.contains(&index) {
            line(page, index + 1, actors, entry);
        }
    }
}

/// `   3    12 ms  client  → "hello\n"`
fn line(page: &mut Page, number: usize, actors: usize, entry: &Entry) {
    let arrow = match entry.direction {
        Direction::Act => " ",
        Direction::ToStudent => "→",
        Direction::FromStudent => "←",
    };
    let mark = if entry.wrong { "✗" } else { " " };
    let actor = pad(&plain(&entry.actor), actors);
    let head = format!("{}{mark} {number:>3}  {:>7}  {actor} {arrow} ", " ".repeat(LABELS), span(entry.at));
    let text = plain(&entry.text);
    let room = page.room(width(&head));
    // What went wrong is shown whole.
    let lines = if entry.wrong { wrap(&text, room) } else { vec![cut(&text, room)] };
    for (index, line) in lines.iter().enumerate() {
        let head = if index == 0 { head.clone() } else { " ".repeat(width(&head)) };
        let style = if entry.wrong { BAD } else { PLAIN };
        let line = page.look.paint(style, format!("{head}{line}").trim_end());
        page.line(&line);
    }
}
