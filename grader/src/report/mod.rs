//! Scorecard to bytes, one file a format: pure, nothing is run or written from here.

mod command;
mod difference;
mod got;
mod json;
mod look;
mod page;
mod terminal;
mod wrap;

pub use command::shell_word;
pub use json::{SCHEMA, json};
#[cfg(test)]
pub use look::look;
pub use look::{BAD, Detail, HEADING, LABEL, Look, QUIET};
pub use page::Page;
pub use terminal::terminal;
pub use wrap::cut;
