//! A student's bytes for one line of a trace.

use super::escape::quote;
use super::say::count;

/// Bytes shown of a payload in a trace.
const SHOWN: usize = 48;

/// `6 bytes "hello\n"`
pub fn counted(bytes: &[u8]) -> String {
    format!("{} {}", count(bytes.len() as u64, "byte"), quoted(bytes))
}

/// `"hello\n"`, at most 48 bytes of it.
pub fn quoted(bytes: &[u8]) -> String {
    quote(bytes, SHOWN)
}
