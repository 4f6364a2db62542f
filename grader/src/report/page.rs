//! A page of text that grows line by line.

use anstyle::Style;

use super::look::{LABEL, Look, PLAIN};
use super::wrap::{width, wrap};

/// Where labels stand, and the text beside them.
pub const LABELS: usize = 6;
pub const BESIDE: usize = LABELS + 10;

pub struct Page<'l> {
    pub look: &'l Look,
    text: String,
}

impl<'l> Page<'l> {
    pub fn new(look: &'l Look) -> Page<'l> {
        Page { look, text: String::new() }
    }

    pub fn finish(self) -> String {
        self.text
    }

    /// One line as it is.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// An empty line, unless there is one.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Prose in lines that fit.
    pub fn prose(&mut self, indent: usize, style: Style, text: &str) {
        for line in wrap(text, self.room(indent)) {
            let line = self.look.paint(style, &line);
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// A label and what it is about, the further lines below the first one's text.
    pub fn labelled(&mut self, label: &str, style: Style, text: &str) {
        for (number, line) in wrap(text, self.room(BESIDE)).iter().enumerate() {
            self.beside(if number == 0 { label } else { "" }, style, line);
        }
    }

    /// The same on one line, however long: a command that is copied, a line of a file.
    pub fn beside(&mut self, label: &str, style: Style, text: &str) {
        let space = " ".repeat(BESIDE - LABELS - width(label));
        let (label, text) = (self.look.paint(LABEL, label), self.look.paint(style, text));
        let line = format!("{}{label}{space}{text}", " ".repeat(LABELS));
        self.line(line.trim_end());
    }

    /// A label on a line of its own.
    pub fn label(&mut self, label: &str) {
        self.beside(label, PLAIN, "");
    }

    /// A text, and one at the right edge; below it where there is no room beside it.
    pub fn spread(&mut self, left: &str, style: Style, right: &str) {
        match self.look.width.checked_sub(width(left) + width(right)) {
            Some(gap) if gap >= 2 => {
                let left = self.look.paint(style, left);
                self.line(&format!("{left}{}{right}", " ".repeat(gap)));
            }
            _ => {
                self.prose(0, style, left);
                self.line(right);
            }
        }
    }

    pub fn room(&self, indent: usize) -> usize {
        self.look.width.saturating_sub(indent).max(16)
    }
}
