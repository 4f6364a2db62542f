//! One line on the terminal while there is something to wait for.

use std::io::{self, IsTerminal, Write};

use crate::report::cut;

/// Gone again, without a trace, when it is dropped.
pub struct Progress {
    shown: bool,
    width: usize,
}

impl Progress {
    /// Shows nothing where nobody is watching.
    pub fn new() -> Progress {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let width = terminal_size::terminal_size_of(io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
        Progress { shown: io::stderr().is_terminal() && !dumb, width }
    }

    pub fn say(&self, text: &str) {
        if self.shown {
            let text = cut(text, self.width.saturating_sub(1));
            let _ = write!(io::stderr(), "\r\x1b[2K{text}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say("");
    }
}
