//! What a stream has brought so far: a socket, stdout or stderr.

use super::miss::Ending;

/// Bytes kept that no `expect` has taken yet. More than any rubric's payload, little enough for many steps at once.
const KEPT: usize = 16 << 20;

/// A stream's bytes in order; `expect` takes them from the front.
#[derive(Debug)]
pub struct Inbox {
    bytes: Vec<u8>,
    /// How many of `bytes` have been taken.
    taken: usize,
    /// Bytes that came when the inbox was full: counted, not kept.
    lost: u64,
    /// Bytes that ever came.
    total: u64,
    ended: Ending,
}

impl Default for Inbox {
    fn default() -> Self {
        Inbox { bytes: Vec::new(), taken: 0, lost: 0, total: 0, ended: Ending::Open }
    }
}

impl Inbox {
    pub fn push(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let room = KEPT.saturating_sub(self.bytes.len() - self.taken).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.lost += (bytes.len() - room) as u64;
    }

    pub fn end(&mut self, how: Ending) {
        if self.ended == Ending::Open {
            self.ended = how;
        }
    }

    pub fn ended(&self) -> Ending {
        self.ended
    }

    pub fn is_open(&self) -> bool {
        self.ended == Ending::Open
    }

    /// What has come and was not taken.
    pub fn waiting(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }

    /// Bytes not taken, those not kept among them.
    pub fn waiting_total(&self) -> u64 {
        self.waiting().len() as u64 + self.lost
    }

    /// All that came, taken or not, for the report's tail.
    pub fn all(&self) -> &[u8] {
        &self.bytes
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn take(&mut self, count: usize) {
        self.taken = (self.taken + count).min(self.bytes.len());
        // Long exchanges must not pile up what is done with; stderr's tail stays useful.
        if self.taken > 4 << 20 {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_is_gone_and_the_rest_waits() {
        let mut inbox = Inbox::default();
        inbox.push(b"hello\nworld");
        inbox.take(6);
        assert_eq!(inbox.waiting(), b"world");
        assert_eq!((inbox.total(), inbox.waiting_total()), (11, 5));
    }

    #[test]
    fn a_flood_is_counted_and_not_kept() {
        let mut inbox = Inbox::default();
        let megabyte = vec![7; 1 << 20];
        for _ in 0..20 {
            inbox.push(&megabyte);
        }
        assert_eq!(inbox.waiting().len(), KEPT);
        assert_eq!(inbox.waiting_total(), 20 << 20);
    }

    #[test]
    fn the_first_end_counts() {
        let mut inbox = Inbox::default();
        inbox.end(Ending::Reset);
        inbox.end(Ending::Eof);
        assert_eq!(inbox.ended(), Ending::Reset);
    }
}
