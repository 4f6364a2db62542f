//! How a report is to look to its reader.

use anstyle::{AnsiColor, Style};

use super::formats::Assignment;

/// All that a report depends on beside the scorecard.
#[derive(Debug, Clone)]
pub struct Look {
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    pub detail: Detail,
    /// How the reader calls this program: `cargo lab`, `grader`.
    pub program: String,
    /// Options that a command needs to see the same again: ` --labs labs`.
    pub options: String,
    /// Where it was handed in, if a format asks for that.
    pub assignment: Assignment,
    /// The folder with the captures, as seen from where the report will lie; none when there are none.
    pub captures: Option<String>,
}

/// Which steps are shown with all that is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The first failure of each lab; the others with their cause and the command that shows the rest.
    First,
    /// Every failure.
    Failures,
    /// Passed steps too.
    Everything,
}

pub const HEADING: Style = Style::new().bold();
pub const GOOD: Style = AnsiColor::Green.on_default();
pub const BAD: Style = AnsiColor::Red.on_default().bold();
pub const NOTICE: Style = AnsiColor::Yellow.on_default().bold();
pub const LABEL: Style = AnsiColor::Cyan.on_default();
pub const QUIET: Style = Style::new().dimmed();
pub const PLAIN: Style = Style::new();

impl Look {
    /// The text in a style, if this report has colours.
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() && style != PLAIN {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// A plain one, for tests.
#[cfg(test)]
pub fn look() -> Look {
    let (program, options) = ("cargo lab".to_owned(), String::new());
    let (detail, assignment) = (Detail::First, Assignment::default());
    Look { colour: false, width: 80, detail, program, options, assignment, captures: None }
}
