//! Patterns against what a stream has brought.

use regex::Regex;

use super::difference::difference;
use super::fill::{Bytes, Facts};
use super::http;
use super::inbox::Inbox;
use super::interleaved::Interleaved;
use super::miss::{Ending, Miss};
use super::quote::quoted;
use crate::rubric::{Pattern, Payload, Sender, Template};

/// A pattern made ready for one stream at one moment: placeholders filled in, random bytes drawn.
#[derive(Debug)]
pub enum Wanted {
    Bytes(Bytes),
    Until(Bytes),
    /// The whole line has to match; `shown` is the expression as the rubric has it.
    Line {
        whole: Regex,
        shown: String,
    },
    SomeLine(Regex),
    Phrase(String),
    Lines(Vec<String>),
    Interleaved(Interleaved),
    Http(http::Wanted),
}

/// How far a stream meets what is wanted.
#[derive(Debug, PartialEq)]
pub enum Progress {
    /// This many bytes are what was wanted.
    Match(usize),
    /// What has come can still become right.
    More,
    /// It can't.
    Never(Box<Miss>),
}

/// Longest line or head that is waited for; past it, what was wanted does not come.
const LONGEST: usize = 1 << 20;

impl Wanted {
    pub fn new(pattern: &Pattern, facts: &mut Facts, number: u32, random: &mut fastrand::Rng) -> Wanted {
        let mut bytes = |payload: &Payload| facts.bytes(payload, number, random);
        match pattern {
            Pattern::Exactly(payload) => Wanted::Bytes(bytes(payload)),
            Pattern::Until(payload) => Wanted::Until(bytes(payload)),
            Pattern::Line(regex) => Wanted::line(&facts.expression(regex, number)),
            Pattern::SomeLine(regex) => Wanted::SomeLine(compiled(&facts.expression(regex, number))),
            Pattern::Phrase(template) => Wanted::Phrase(facts.text(template, number)),
            Pattern::LinesInAnyOrder(lines) => {
                Wanted::Lines(lines.iter().map(|line| facts.text(line, number)).collect())
            }
            Pattern::LinesInterleaved { senders, besides } => {
                let senders: Vec<Bytes> =
                    senders.iter().flat_map(|sender| each_ones(sender, facts, number, random)).collect();
                Wanted::Interleaved(Interleaved::new(
                    &senders,
                    besides.as_ref().map(|regex| whole(facts, regex, number)),
                ))
            }
            Pattern::Http(message) => Wanted::Http(http::Wanted::new(message, facts, number, random)),
        }
    }

    fn line(expression: &str) -> Wanted {
        Wanted::Line { whole: compiled(&format!(r"\A(?:{expression})\z")), shown: expression.to_owned() }
    }

    /// `who` names the stream in a miss.
    pub fn meet(&self, inbox: &Inbox, who: &str) -> Progress {
        let bytes = inbox.waiting();
        let ended = inbox.ended();
        let met = match self {
            Wanted::Bytes(wanted) => exactly(wanted, bytes, who),
            Wanted::Until(end) => match find(bytes, end) {
                Some(at) => Progress::Match(at + end.len()),
                None => Progress::More,
            },
            Wanted::Line { whole, shown } => next_line(whole, shown, bytes, ended, who),
            Wanted::SomeLine(regex) => some_line(bytes, ended, |line| regex.is_match(line)),
            Wanted::Phrase(words) => {
                let words = words.to_lowercase();
                some_line(bytes, ended, |line| line.to_lowercase().contains(&words))
            }
            Wanted::Interleaved(lines) => lines.meet(bytes, who),
            Wanted::Lines(lines) => any_order(lines, bytes, ended, who),
            Wanted::Http(message) => message.meet(bytes, who),
        };
        match met {
            Progress::More if ended != Ending::Open => Progress::Never(Box::new(self.cut_short(inbox, who))),
            Progress::More if self.is_textual() && bytes.len() > LONGEST => {
                Progress::Never(Box::new(self.cut_short(inbox, who)))
            }
            met => met,
        }
    }

    fn is_textual(&self) -> bool {
        !matches!(self, Wanted::Bytes(_) | Wanted::Until(_) | Wanted::Interleaved(_) | Wanted::Http(_))
    }

    /// The miss when no more comes, or nothing in time.
    pub fn cut_short(&self, inbox: &Inbox, who: &str) -> Miss {
        let (who, got, ended) = (who.to_owned(), inbox.waiting(), inbox.ended());
        match self {
            Wanted::Bytes(wanted) => {
                Miss::TooFew { who, expected: wanted.len() as u64, got: got.len() as u64, tail: tail(got), ended }
            }
            Wanted::Until(end) => Miss::NeverCame { who, wanted: quoted(end), got: got.into() },
            Wanted::Http(message) => message.cut_short(got, who, ended),
            Wanted::Line { shown, .. } => Miss::LineDiffers { who, pattern: shown.clone(), got: got.into() },
            Wanted::SomeLine(regex) => lacks(who, regex.to_string(), got),
            Wanted::Phrase(words) => lacks(who, words.clone(), got),
            Wanted::Interleaved(lines) => lines.cut_short(inbox, &who),
            Wanted::Lines(lines) => lines_differ(lines, &lines_of(got), who),
        }
    }
}

fn lacks(who: String, wanted: String, got: &[u8]) -> Miss {
    Miss::Lacks { who, wanted, lines: lines_of(got).len(), got: got.into() }
}

/// What a sender says; one for each client of a crowd, where it stands for that.
fn each_ones(sender: &Sender, facts: &mut Facts, number: u32, random: &mut fastrand::Rng) -> Vec<Bytes> {
    match sender.each {
        None => vec![facts.bytes(&sender.lines, number, random)],
        Some(each) => {
            let counted = (0..each.clients).filter(|other| !(each.others && *other == number));
            counted.map(|other| facts.bytes(&sender.lines, other, random)).collect()
        }
    }
}

/// An expression that has to match a line from end to end; a line may be any bytes.
fn whole(facts: &Facts, expression: &Template, number: u32) -> regex::bytes::Regex {
    let expression = facts.expression(expression, number);
    regex::bytes::Regex::new(&format!(r"\A(?:{expression})\z"))
        .unwrap_or_else(|error| panic!("the expression `{expression}` does not compile: {error}"))
}

/// The rubric's expressions were compiled when it was loaded, and what is filled in is escaped.
pub fn compiled(expression: &str) -> Regex {
    Regex::new(expression).unwrap_or_else(|error| panic!("the expression `{expression}` does not compile: {error}"))
}

fn tail(bytes: &[u8]) -> Vec<u8> {
    bytes[bytes.len().saturating_sub(64)..].to_vec()
}

fn exactly(wanted: &[u8], bytes: &[u8], who: &str) -> Progress {
    let both = wanted.len().min(bytes.len());
    if wanted[..both] != bytes[..both] {
        let difference = difference(wanted, bytes);
        return Progress::Never(Box::new(Miss::WrongBytes { who: who.to_owned(), difference }));
    }
    if both == wanted.len() { Progress::Match(both) } else { Progress::More }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() {
        return Some(0);
    }
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Lines that are complete, lossily decoded; the last one counts at the end of the stream without its newline too.
fn lines_of(bytes: &[u8]) -> Vec<String> {
    let mut lines: Vec<String> =
        bytes.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn next_line(regex: &Regex, shown: &str, bytes: &[u8], ended: Ending, who: &str) -> Progress {
    let (line, length) = match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], end + 1),
        None if ended != Ending::Open && !bytes.is_empty() => (bytes, bytes.len()),
        None => return Progress::More,
    };
    let text = String::from_utf8_lossy(line);
    if regex.is_match(&text) {
        return Progress::Match(length);
    }
    Progress::Never(Box::new(Miss::LineDiffers { who: who.to_owned(), pattern: shown.to_owned(), got: line.into() }))
}

fn some_line(bytes: &[u8], ended: Ending, wanted: impl Fn(&str) -> bool) -> Progress {
    let mut start = 0;
    for (end, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        if wanted(&String::from_utf8_lossy(&bytes[start..end])) {
            return Progress::Match(end + 1);
        }
        start = end + 1;
    }
    if ended != Ending::Open && wanted(&String::from_utf8_lossy(&bytes[start..])) {
        return Progress::Match(bytes.len());
    }
    Progress::More
}

fn any_order(wanted: &[String], bytes: &[u8], ended: Ending, who: &str) -> Progress {
    let mut missing: Vec<&String> = wanted.iter().collect();
    let mut start = 0;
    for _ in wanted {
        let rest = &bytes[start..];
        let (line, length) = match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&rest[..end], end + 1),
            None if ended != Ending::Open && !rest.is_empty() => (rest, rest.len()),
            None => return Progress::More,
        };
        let text = String::from_utf8_lossy(line);
        let Some(at) = missing.iter().position(|wanted| **wanted == text) else {
            return Progress::Never(Box::new(lines_differ(wanted, &lines_of(bytes), who.to_owned())));
        };
        missing.remove(at);
        start += length;
    }
    Progress::Match(start)
}

fn lines_differ(wanted: &[String], got: &[String], who: String) -> Miss {
    let mut unexpected = got.to_vec();
    let mut missing = Vec::new();
    for line in wanted {
        match unexpected.iter().position(|other| other == line) {
            Some(at) => drop(unexpected.remove(at)),
            None => missing.push(line.clone()),
        }
    }
    Miss::LinesDiffer { who, missing, unexpected }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(bytes: &[u8], ended: Ending) -> Inbox {
        let mut inbox = Inbox::default();
        inbox.push(bytes);
        inbox.end(ended);
        inbox
    }

    fn never(progress: Progress) -> Miss {
        match progress {
            Progress::Never(miss) => *miss,
            other => panic!("{other:?} is no miss"),
        }
    }

    #[test]
    fn a_wrong_byte_is_final_before_the_rest_has_come() {
        let wanted = Wanted::Bytes(b"hello\n".to_vec().into());
        let miss = never(wanted.meet(&inbox(b"hex", Ending::Open), "stdout"));
        assert!(matches!(miss, Miss::WrongBytes { difference, .. } if difference.offset == 2));
    }

    #[test]
    fn bytes_that_are_still_right_are_waited_for_until_the_stream_ends() {
        let wanted = Wanted::Bytes(b"hello\n".to_vec().into());
        assert_eq!(wanted.meet(&inbox(b"hel", Ending::Open), "stdout"), Progress::More);
        let miss = never(wanted.meet(&inbox(b"hel", Ending::Eof), "stdout"));
        assert!(matches!(miss, Miss::TooFew { expected: 6, got: 3, ended: Ending::Eof, .. }));
    }

    #[test]
    fn what_follows_the_wanted_bytes_is_left_for_the_next_line() {
        let wanted = Wanted::Bytes(b"a".to_vec().into());
        assert_eq!(wanted.meet(&inbox(b"ab", Ending::Open), "stdout"), Progress::Match(1));
    }

    #[test]
    fn a_line_has_to_match_from_end_to_end() {
        let wanted = Wanted::line("[0-9]+");
        assert_eq!(wanted.meet(&inbox(b"42\nrest", Ending::Open), "stdout"), Progress::Match(3));
        assert!(matches!(never(wanted.meet(&inbox(b"42x\n", Ending::Open), "stdout")), Miss::LineDiffers { .. }));
    }

    #[test]
    fn a_phrase_is_found_in_any_case_after_other_lines() {
        let wanted = Wanted::Phrase("in use".to_owned());
        let stderr = inbox(b"starting\nbind: Address already IN USE\n", Ending::Open);
        assert_eq!(wanted.meet(&stderr, "stderr"), Progress::Match(38));
        assert!(matches!(never(wanted.meet(&inbox(b"x\ny\n", Ending::Eof), "stderr")), Miss::Lacks { lines: 2, .. }));
    }

    #[test]
    fn lines_come_in_any_order_but_each_once() {
        let wanted = Wanted::Lines(vec!["a".into(), "b".into()]);
        assert_eq!(wanted.meet(&inbox(b"b\na\n", Ending::Open), "stdout"), Progress::Match(4));
        let miss = never(wanted.meet(&inbox(b"a\na\n", Ending::Open), "stdout"));
        assert!(matches!(miss, Miss::LinesDiffer { missing, unexpected, .. }
            if missing == ["b"] && unexpected == ["a"]));
    }
}
