//! Two byte strings in hex and text, with what differs marked.

use crate::engine::{Difference, count};

/// Bytes a line.
const LINE: usize = 16;

pub struct Bytes {
    pub offset: u64,
    pub totals: String,
    pub rows: Vec<Row>,
}

pub struct Row {
    /// Of its first byte.
    pub offset: u64,
    /// As many as `got`: where one side has ended, its bytes are empty.
    pub expected: Vec<Byte>,
    pub got: Vec<Byte>,
}

pub struct Byte {
    pub hex: String,
    pub text: String,
    pub wrong: bool,
}

impl Bytes {
    pub fn of(difference: &Difference) -> Bytes {
        let longest = difference.expected.len().max(difference.got.len());
        let row = |begin: usize| {
            let places = begin..longest.min(begin + LINE);
            let side = |own: &[u8], other: &[u8]| {
                places.clone().map(|at| Byte::of(own.get(at).copied(), other.get(at).copied())).collect()
            };
            Row {
                offset: difference.start + begin as u64,
                expected: side(&difference.expected, &difference.got),
                got: side(&difference.got, &difference.expected),
            }
        };
        let (expected, got) = (count(difference.expected_total, "byte"), count(difference.got_total, "byte"));
        Bytes {
            offset: difference.offset,
            totals: format!("{expected} expected, {got} read"),
            rows: (0..longest).step_by(LINE).map(row).collect(),
        }
    }
}

impl Row {
    /// With their names.
    pub fn sides(&self) -> [(&'static str, &[Byte]); 2] {
        [("expected", &self.expected), ("got", &self.got)]
    }
}

impl Byte {
    fn of(own: Option<u8>, other: Option<u8>) -> Byte {
        let text = own.map(|byte| if byte.is_ascii_graphic() || byte == b' ' { byte as char } else { '·' });
        Byte {
            hex: own.map_or("  ".to_owned(), |byte| format!("{byte:02x}")),
            text: text.unwrap_or(' ').to_string(),
            wrong: own != other,
        }
    }
}
