//! The first byte in which two byte strings differ.

use super::miss::Difference;

/// Bytes shown before and after the first difference.
const BEFORE: usize = 16;
const AFTER: usize = 48;

/// For strings that differ; where one is the other's beginning, the offset is the shorter one's length.
pub fn difference(expected: &[u8], got: &[u8]) -> Difference {
    let offset = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    let start = offset.saturating_sub(BEFORE);
    let window = |bytes: &[u8]| bytes[start.min(bytes.len())..(offset + AFTER).min(bytes.len())].to_vec();
    Difference {
        offset: offset as u64,
        start: start as u64,
        expected: window(expected),
        got: window(got),
        expected_total: expected.len() as u64,
        got_total: got.len() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_lies_around_the_first_difference() {
        let expected: Vec<u8> = (0..200).collect();
        let mut got = expected.clone();
        got[100] = 0;
        let difference = difference(&expected, &got);
        assert_eq!((difference.offset, difference.start), (100, 84));
        assert_eq!((difference.expected.len(), difference.expected[16], difference.got[16]), (64, 100, 0));
    }
}
