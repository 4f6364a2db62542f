//! The interpreter that an executable names: the usual reason for "no such file" about a file that is there.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Of a script its `#!` line, of a program its dynamic loader.
pub(super) fn of(program: &Path) -> Option<String> {
    let mut head = Vec::new();
    File::open(program).ok()?.take(4096).read_to_end(&mut head).ok()?;
    in_script(&head).or_else(|| in_program(&head))
}

fn in_script(head: &[u8]) -> Option<String> {
    let line = head.strip_prefix(b"#!")?.split(|&byte| byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    // A carriage return belongs to the name, as far as the kernel is concerned: that is why it is not found.
    let name = line.trim_matches([' ', '\t']).split([' ', '\t']).next()?;
    (!name.is_empty()).then(|| name.escape_debug().to_string())
}

/// From the program header of type PT_INTERP of a 64-bit little-endian file.
fn in_program(head: &[u8]) -> Option<String> {
    if !head.starts_with(b"\x7fELF\x02\x01") {
        return None;
    }
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = head.get(at..at.checked_add(length)?)?;
        Some(bytes.iter().rev().fold(0, |all, &byte| all << 8 | usize::from(byte)))
    };
    let (table, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    let headers = (0..count).filter_map(|index| table.checked_add(index * size));
    let header = headers.into_iter().find(|&at| number(at, 4) == Some(3))?;
    let (offset, length) = (number(header + 8, 8)?, number(header + 32, 8)?);
    let name = head.get(offset..offset.checked_add(length)?)?;
    Some(String::from_utf8_lossy(name).trim_end_matches('\0').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_its_interpreter() {
        assert_eq!(in_script(b"#! /usr/bin/env python3\nprint()\n").as_deref(), Some("/usr/bin/env"));
        assert_eq!(in_script(b"#!/bin/sh").as_deref(), Some("/bin/sh"));
    }

    #[test]
    fn a_carriage_return_is_part_of_the_name() {
        assert_eq!(in_script(b"#!/bin/sh\r\n").as_deref(), Some("/bin/sh\\r"));
    }

    #[test]
    fn what_is_no_script_has_none() {
        assert_eq!(in_script(b"hello"), None);
        assert_eq!(in_script(b"#!\n"), None);
        assert_eq!(in_program(b"\x7fELF\x02\x01"), None);
    }

    #[test]
    fn this_test_itself_names_its_loader_or_is_static() {
        let loader = of(Path::new("/proc/self/exe"));
        assert!(loader.is_none_or(|loader| loader.starts_with('/') && loader.contains("ld")));
    }
}
