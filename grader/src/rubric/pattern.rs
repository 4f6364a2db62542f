//! What an actor expects to read.

use super::payload::Payload;
use super::template::Template;

#[derive(Debug, Clone)]
pub enum Pattern {
    /// A payload: these bytes, no others.
    Exactly(Payload),
    /// `{ until: "\r\n\r\n" }`: everything up to and with these bytes, whatever it is.
    Until(Payload),
    /// `{ line: regex }`: the next line, without its newline, matches from end to end. Placeholders in it
    /// stand for themselves, character by character.
    Line(Template),
    /// `{ some_line: regex }`: a line, perhaps after others, has a match. Lines up to it are taken.
    SomeLine(Template),
    /// `{ phrase: "in use" }`: a line contains the words, in any case. Lines up to it are taken.
    Phrase(Template),
    /// `{ lines_in_any_order: ["a", "b"] }`: exactly these lines come next.
    LinesInAnyOrder(Vec<Template>),
    /// `{ lines_interleaved: ["a 1\na 2\n", "b 1\n"] }`: these lines come next, whole, those of one entry in its order,
    /// however the entries are mixed. Lines that match `besides` from end to end may stand anywhere among them. No two
    /// entries may have a line in common.
    LinesInterleaved { senders: Vec<Sender>, besides: Option<Template> },
    /// `{ http: { … } }`: an HTTP request or response head, headers in any order, and its body.
    Http(Box<Http>),
}

/// What a header has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    Exactly(Template),
    /// `{ matches: regex }`, from end to end.
    Matches(Template),
    /// `{ lacks: regex }`: no header of that name has a match. With `.*` there must be none.
    Lacks(Template),
}

/// Whose lines come in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// `{ each: crowd, lines: "{i} says hi\n" }`: so many senders, with their numbers in the crowd.
    pub each: Option<Each>,
    pub lines: Payload,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Each {
    pub clients: u32,
    /// The one who expects it is of the crowd itself, and does not count.
    pub others: bool,
}

/// An HTTP message; what is not given is not looked at.
#[derive(Debug, Clone, Default)]
pub struct Http {
    /// For a response: `200`, or one of several.
    pub status: Vec<u16>,
    /// For a request: `GET`.
    pub method: Option<String>,
    /// For a request: `/index.html`.
    pub target: Option<Template>,
    /// `1.0` or `1.1`
    pub version: Option<String>,
    /// Name and value; names compare in any case.
    pub headers: Vec<(String, HeaderValue)>,
    pub body: Option<Payload>,
}
