//! Whether a program is one static file.

/// Where in a 64-bit header the table of its segments begins, how long an entry is, and how many there are.
const TABLE: usize = 32;
const ENTRY_SIZE: usize = 54;
const ENTRIES: usize = 56;
/// The segment that names the loader of shared libraries.
const INTERPRETER: u32 = 3;

/// A 64-bit ELF program that asks for no loader, and so for nothing that another machine may not have.
pub fn is_static(program: &[u8]) -> bool {
    needs_loader(program) == Some(false)
}

/// Nothing when it is no such program.
fn needs_loader(program: &[u8]) -> Option<bool> {
    let number = |at: usize, length: usize| -> Option<u64> {
        let bytes = program.get(at..at.checked_add(length)?)?;
        Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    };
    // 64 bits, low byte first.
    if !program.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let table = usize::try_from(number(TABLE, 8)?).ok()?;
    let size = usize::try_from(number(ENTRY_SIZE, 2)?).ok()?;
    let count = usize::try_from(number(ENTRIES, 2)?).ok()?;
    let kinds: Option<Vec<u64>> = (0..count).map(|index| number(table.checked_add(index * size)?, 4)).collect();
    Some(kinds?.contains(&INTERPRETER.into()))
}

#[cfg(test)]
mod tests {
    use super::is_static;

    /// A header, and a table with segments of these kinds.
    fn program(kinds: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(b"\x7fELF\x02\x01");
        bytes[32] = 64;
        bytes[54] = 56;
        bytes[56] = kinds.len() as u8;
        for kind in kinds {
            bytes.extend(kind.to_le_bytes());
            bytes.extend([0; 52]);
        }
        bytes
    }

    #[test]
    fn a_program_with_a_loader_is_not_static() {
        assert!(is_static(&program(&[6, 1, 1])));
        assert!(!is_static(&program(&[6, 3, 1])));
    }

    #[test]
    fn what_is_no_program_is_not_static_either() {
        let cut = &program(&[1, 1])[..100];
        for other in [&b""[..], b"#!/bin/sh\n", b"\x7fELF\x02\x01", cut] {
            assert!(!is_static(other));
        }
    }
}
