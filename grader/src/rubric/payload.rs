//! Bytes an actor sends, or expects exactly.

use std::sync::Arc;

use super::template::Template;

/// One payload, or several joined: `["HTTP/1.0 200 OK\r\n\r\n", { random: 64KiB, as: body }]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload(pub Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `"text"`
    Text(Template),
    /// `{ hex: "ff d8" }`
    Hex(Vec<u8>),
    /// `{ file: cat.bin }`, read from the lab's `fixtures/` when the rubric is loaded.
    File { name: String, bytes: Arc<[u8]> },
    /// `{ repeat: x, times: 65536 }`; `{ repeat: "line {n}\n", times: 3 }` counts them.
    Repeat { text: Template, times: u64 },
    /// `{ random: 4MiB, as: body }`, from the run's seed; `size` in bytes.
    Random { size: u64, name: Option<String> },
    /// `{ same: body }`: the bytes named so before in this step, or (`student`'s `expect … as`) taken.
    Same(String),
}
