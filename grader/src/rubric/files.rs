//! What lies in `{files}`: a folder of files for the student's program to find.

use super::payload::Payload;

/// One entry of `files:`. The folders above it are made with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// Below `{files}`, of plain names: `www/index.html`.
    pub path: String,
    pub what: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A payload: these bytes. What has a name here can be expected by it: `{ same: body }`.
    Bytes(Payload),
    /// `{ link: ../secret.txt }`: a symbolic link with this text, wherever it leads.
    Link(String),
}
