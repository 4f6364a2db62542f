//! Where something stands in a file.

use serde::{Deserialize, Serialize};

/// A file's name as a person would type it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// A place in a [`Source`]; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    /// Characters to underline, at least 1.
    pub length: usize,
}

impl Source {
    /// `labs/02-server/rubric.yaml:31`
    pub fn at(&self, place: Place) -> String {
        format!("{}:{}", self.name, place.line)
    }

    /// The text of the place's line, without the white space around it.
    pub fn line(&self, place: Place) -> &str {
        self.text.lines().nth(place.line.saturating_sub(1)).unwrap_or("").trim()
    }
}
