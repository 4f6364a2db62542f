//! The frames of one exchange, as many as there is room for.

use std::time::Duration;

/// Bytes that are kept.
const MOST: usize = 6 << 20;
/// From here on, only the beginnings of frames are: enough to see who said how much, and how it ended.
const WHOLE: usize = 4 << 20;
const HEAD: usize = 128;

/// What went over the network of a step, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frames {
    /// When the step began, since the epoch: the trace's times begin here.
    pub began: Duration,
    /// They were made up from what the grader's actors sent and received.
    pub drawn: bool,
    /// How many are missing.
    pub missing: u64,
    bytes: Vec<u8>,
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Slot {
    at: Duration,
    length: u32,
    end: usize,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'f> {
    /// Since the epoch.
    pub at: Duration,
    /// What it had on the wire; less may have been kept.
    pub length: u32,
    pub bytes: &'f [u8],
}

impl Frames {
    pub fn begun(began: Duration) -> Frames {
        Frames { began, ..Frames::default() }
    }

    /// How many bytes of the next frame are of use.
    pub fn wants(&self) -> usize {
        if self.bytes.len() < WHOLE { usize::MAX } else { HEAD }
    }

    pub fn push(&mut self, at: Duration, length: u32, bytes: &[u8]) {
        let bytes = &bytes[..bytes.len().min(self.wants())];
        if self.bytes.len() + bytes.len() > MOST {
            self.missing += 1;
            return;
        }
        self.bytes.extend_from_slice(bytes);
        self.slots.push(Slot { at, length, end: self.bytes.len() });
    }

    /// None is later than the one after it: those that two processors see at once have their order from the queue, and one
    /// that was not stamped when it passed has the time at which it was looked at.
    pub fn put_in_order(&mut self) {
        let mut next = Duration::MAX;
        for slot in self.slots.iter_mut().rev() {
            slot.at = slot.at.min(next);
            next = slot.at;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = Frame<'_>> {
        let mut begin = 0;
        self.slots.iter().map(move |slot| {
            let bytes = &self.bytes[begin..slot.end];
            begin = slot.end;
            Frame { at: slot.at, length: slot.length, bytes }
        })
    }

    pub fn len(&self) -> usize {
        self.slots.len()
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many have only their beginnings.
    pub fn cut(&self) -> usize {
        self.iter().filter(|frame| frame.bytes.len() < frame.length as usize).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_were() {
        let mut frames = Frames::default();
        for (at, bytes) in [(3, &b"syn"[..]), (4, b""), (9, b"hello")] {
            frames.push(Duration::from_micros(at), bytes.len() as u32, bytes);
        }
        let back: Vec<_> = frames.iter().map(|frame| (frame.at.as_micros(), frame.length, frame.bytes)).collect();
        assert_eq!(back, [(3, 3, &b"syn"[..]), (4, 0, b""), (9, 5, b"hello")]);
        assert_eq!((frames.len(), frames.cut(), frames.missing), (3, 0, 0));
    }

    #[test]
    fn a_flood_leaves_the_heads_and_then_a_number() {
        let mut frames = Frames::default();
        let long = vec![7; 64 << 10];
        for _ in 0..50_000 {
            frames.push(Duration::ZERO, long.len() as u32, &long);
        }
        assert_eq!(frames.len(), WHOLE / long.len() + (MOST - WHOLE) / HEAD);
        assert_eq!(frames.cut(), (MOST - WHOLE) / HEAD);
        assert_eq!(frames.missing, 50_000 - frames.len() as u64);
        assert!(frames.bytes.len() <= MOST);
        assert!(frames.iter().all(|frame| frame.length == 64 << 10));
    }

    #[test]
    fn no_frame_is_later_than_the_next() {
        let mut frames = Frames::default();
        for at in [1, 7, 5, 9, 8] {
            frames.push(Duration::from_micros(at), 1, b"x");
        }
        frames.put_in_order();
        assert_eq!(frames.iter().map(|frame| frame.at.as_micros()).collect::<Vec<_>>(), [1, 5, 5, 8, 8]);
    }
}
