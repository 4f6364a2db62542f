//! What a file is, by its first bytes: names can lie, and often do.

/// Bytes that tell; a tar header's length.
pub const TELLING: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Zip,
    Gzip,
    Tar,
    /// Known, and not unpacked.
    Foreign(&'static str),
}

const FOREIGN: [(&[u8], &str); 5] = [
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
];

impl Format {
    pub fn of(head: &[u8]) -> Option<Format> {
        // With entries, and without any.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Format::Zip);
        }
        if head.starts_with(b"\x1f\x8b") {
            return Some(Format::Gzip);
        }
        let foreign = FOREIGN.iter().find(|(magic, _)| head.starts_with(magic));
        let foreign = foreign.map(|(_, name)| Format::Foreign(name));
        foreign.or_else(|| is_tar(head).then_some(Format::Tar))
    }
}

/// A header whose sum is right, of any of the many kinds of tar; or the zeros that end an archive without files.
pub fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..TELLING) else { return false };
    if header.iter().all(|byte| *byte == 0) {
        return true;
    }
    let sum: u32 =
        (0..TELLING).map(|at| if (148..156).contains(&at) { u32::from(b' ') } else { u32::from(header[at]) }).sum();
    let mut block = [0; TELLING];
    block.copy_from_slice(header);
    tar::Header::from_byte_slice(&block).cksum().is_ok_and(|said| said == sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_by_its_first_bytes() {
        assert_eq!(Format::of(b"PK\x03\x04..."), Some(Format::Zip));
        assert_eq!(Format::of(b"\x1f\x8b\x08"), Some(Format::Gzip));
        assert_eq!(Format::of(b"Rar!\x1a\x07\0"), Some(Format::Foreign("RAR")));
        for text in [b"".as_slice(), b"PK", b"#!/bin/sh\n", &[b'x'; 2000]] {
            assert_eq!(Format::of(text), None);
        }
    }

    #[test]
    fn a_tar_is_told_by_the_sum_of_its_header() {
        let mut header = tar::Header::new_old();
        header.set_path("server").unwrap();
        header.set_size(0);
        header.set_cksum();
        assert_eq!(Format::of(header.as_bytes()), Some(Format::Tar));
        header.set_mode(0o777);
        assert_eq!(Format::of(header.as_bytes()), None);
        assert_eq!(Format::of(&[0; 1024]), Some(Format::Tar));
    }
}
