//! The lines of several senders in one stream: each whole, each sender's in its order, mixed in any way.

use regex::bytes::Regex;

use super::escape::quote;
use super::fill::Bytes;
use super::inbox::Inbox;
use super::matching::Progress;
use super::miss::{Excerpt, Miss};

/// Senders that a miss names.
const NAMED: usize = 3;
const QUOTED: usize = 60;

#[derive(Debug)]
pub struct Interleaved {
    /// Each one's lines, with their newlines.
    senders: Vec<Vec<Vec<u8>>>,
    /// Lines that may stand anywhere among them, without their newlines.
    besides: Option<Regex>,
}

/// How far a stream has come.
struct Reached {
    /// Of each sender, how many lines have come.
    turns: Vec<usize>,
    lines: u64,
    bytes: usize,
    /// Bytes of these that are the senders'.
    wanted: u64,
}

impl Interleaved {
    /// From each one's bytes. Two with a line in common are the rubric's mistake: whose line it is could not be told.
    pub fn new(senders: &[Bytes], besides: Option<Regex>) -> Interleaved {
        let lines = |bytes: &Bytes| bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let senders: Vec<Vec<Vec<u8>>> = senders.iter().map(lines).collect();
        let mut owners = std::collections::HashMap::new();
        for (sender, line) in
            senders.iter().enumerate().flat_map(|(at, lines)| lines.iter().map(move |line| (at, line)))
        {
            let first = *owners.entry(line).or_insert(sender);
            assert_eq!(first, sender, "two senders have the line {}", quote(line, QUOTED));
        }
        Interleaved { senders, besides }
    }

    pub fn meet(&self, bytes: &[u8], who: &str) -> Progress {
        match self.reach(bytes) {
            Ok(reached) if self.is_all(&reached) => Progress::Match(reached.bytes),
            Ok(_) => Progress::More,
            Err((reached, line)) => {
                let next = self.senders.iter().zip(&reached.turns).filter_map(|(lines, turn)| lines.get(*turn));
                let next: Vec<String> = next.map(|line| String::from_utf8_lossy(line).trim_end().to_owned()).collect();
                Progress::Never(Box::new(Miss::LineOutOfTurn {
                    who: who.to_owned(),
                    number: reached.lines + 1,
                    got: Excerpt::from(line),
                    others: next.len().saturating_sub(NAMED) as u64,
                    next: next.into_iter().take(NAMED).collect(),
                }))
            }
        }
    }

    pub fn cut_short(&self, inbox: &Inbox, who: &str) -> Miss {
        let reached = self.reach(inbox.waiting()).unwrap_or_else(|(reached, _)| reached);
        let expected = self.senders.iter().flatten().map(|line| line.len() as u64).sum();
        let got = inbox.waiting();
        let tail = got[got.len().saturating_sub(64)..].to_vec();
        Miss::TooFew { who: who.to_owned(), expected, got: reached.wanted, tail, ended: inbox.ended() }
    }

    fn is_all(&self, reached: &Reached) -> bool {
        self.senders.iter().zip(&reached.turns).all(|(lines, turn)| lines.len() == *turn)
    }

    /// Up to the last line that was wanted, or to one that is nobody's next.
    fn reach<'b>(&self, bytes: &'b [u8]) -> Result<Reached, (Reached, &'b [u8])> {
        let mut reached = Reached { turns: vec![0; self.senders.len()], lines: 0, bytes: 0, wanted: 0 };
        // Senders mostly say several lines in a row: the last one is asked first.
        let mut last = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n').take_while(|line| line.ends_with(b"\n")) {
            if self.is_all(&reached) {
                break;
            }
            let is_next = |sender: &usize| {
                let next = self.senders[*sender].get(reached.turns[*sender]);
                next.is_some_and(|next| next == line)
            };
            let sender = Some(last).filter(is_next).or_else(|| (0..self.senders.len()).find(is_next));
            match sender {
                Some(sender) => {
                    reached.turns[sender] += 1;
                    reached.wanted += line.len() as u64;
                    last = sender;
                }
                None if self.is_besides(&line[..line.len() - 1]) => {}
                None => return Err((reached, line)),
            }
            reached.lines += 1;
            reached.bytes += line.len();
        }
        Ok(reached)
    }

    fn is_besides(&self, line: &[u8]) -> bool {
        self.besides.as_ref().is_some_and(|besides| besides.is_match(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(besides: Option<&str>) -> Interleaved {
        let senders = [b"a 1\na 2\n".to_vec().into(), b"b 1\nb 2\n".to_vec().into()];
        Interleaved::new(&senders, besides.map(|regex| Regex::new(&format!(r"\A(?:{regex})\z")).unwrap()))
    }

    fn never(progress: Progress) -> Miss {
        match progress {
            Progress::Never(miss) => *miss,
            other => panic!("{other:?} is no miss"),
        }
    }

    #[test]
    fn lines_of_several_senders_may_be_mixed_in_any_way() {
        for stream in ["a 1\na 2\nb 1\nb 2\nrest", "b 1\na 1\nb 2\na 2\nrest", "b 1\nb 2\na 1\na 2\nrest"] {
            assert_eq!(two(None).meet(stream.as_bytes(), "x"), Progress::Match(16), "{stream}");
        }
    }

    #[test]
    fn the_lines_of_one_sender_come_in_their_order() {
        let miss = never(two(None).meet(b"b 1\na 2\na 1\nb 2\n", "x"));
        let (got, next) = (Excerpt::from(b"a 2\n".as_slice()), vec!["a 1".to_owned(), "b 2".to_owned()]);
        assert_eq!(miss, Miss::LineOutOfTurn { who: "x".into(), number: 2, got, next, others: 0 });
    }

    #[test]
    fn a_line_that_is_torn_or_comes_twice_is_nobodys_next() {
        for stream in ["a 1\na b 1\n2\n", "a 1\na 1\n"] {
            let miss = never(two(None).meet(stream.as_bytes(), "x"));
            assert!(matches!(miss, Miss::LineOutOfTurn { number: 2, .. }), "{miss:?}");
        }
    }

    #[test]
    fn what_is_begun_is_waited_for_and_what_is_missing_is_counted() {
        assert_eq!(two(None).meet(b"b 1\na 1\na", "x"), Progress::More);
        let mut inbox = Inbox::default();
        inbox.push(b"* hi\nb 1\na 1\na");
        let miss = two(Some(r"\* .*")).cut_short(&inbox, "x");
        assert!(matches!(miss, Miss::TooFew { expected: 16, got: 8, .. }), "{miss:?}");
    }

    #[test]
    fn lines_besides_may_stand_anywhere_up_to_the_last_that_is_wanted() {
        let stream = b"* hi\nb 1\nb 2\n* ho\na 1\na 2\n* hum\n";
        assert_eq!(two(Some(r"\* h[io]")).meet(stream, "x"), Progress::Match(26));
        let miss = never(two(Some("h[io]")).meet(stream, "x"));
        assert!(matches!(miss, Miss::LineOutOfTurn { number: 1, .. }), "{miss:?}");
    }

    #[test]
    #[should_panic = "two senders have the line \"a 1\\n\""]
    fn two_senders_with_a_line_in_common_are_refused() {
        Interleaved::new(&[b"a 1\n".to_vec().into(), b"b 1\na 1\n".to_vec().into()], None);
    }
}
