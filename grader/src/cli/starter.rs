//! The starter, as it was when this program was built (see `build.rs`).

/// Path and bytes of each file.
pub static STARTER: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/starter.rs"));
