//! Scorecard to bytes, one file a format: pure, nothing is run or written from here.

mod capture;
mod command;
mod difference;
mod formats;
mod got;
mod html;
mod instant;
mod json;
mod look;
mod number;
mod page;
mod pcapng;
mod terminal;
mod text;
mod waited;
mod wrap;

pub use capture::{capture_name, capture_path, hidden_captures};
pub use command::shell_word;
pub use formats::{Assignment, Format};
pub use html::PAGE_STYLE;
pub use json::{SCHEMA, json, pretty};
#[cfg(test)]
pub use look::look;
pub use look::{BAD, Detail, GOOD, HEADING, LABEL, Look, QUIET};
pub use page::Page;
pub use pcapng::pcapng;
pub use terminal::terminal;
pub use wrap::{cut, width, wrap};
