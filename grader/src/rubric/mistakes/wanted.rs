//! What a value should have been, and what stands there instead.

use super::words::any;

/// What a word takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Text,
    Whole {
        least: u64,
        most: u64,
    },
    Flag,
    True,
    Duration,
    /// A duration, or `taken`.
    Pace,
    Size {
        most: u64,
    },
    Bound,
    /// A bound, also against what is remembered.
    Amount,
    Points,
    Address,
    Id,
    ActorName,
    Program,
    Hex,
    Method,
    /// One of these words; `near` is the one that may have been meant.
    OneOf {
        words: Vec<&'static str>,
        near: Option<&'static str>,
    },
    List,
    /// A map; the text is how one looks.
    Map {
        example: &'static str,
    },
    Arguments,
    /// A program of the machine with its arguments, and the program alone.
    Command,
    Tool,
    /// Arguments, or `by_hand`, which may have been meant.
    Start {
        near: bool,
    },
    Role,
    Payload,
    Pattern,
    Status,
    /// A line of an exchange.
    Line,
    Action {
        example: String,
    },
    Probe,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Got {
    Text(String),
    List,
    Map,
    Nothing,
}

impl Wanted {
    /// With its article: `a duration`.
    pub fn name(&self) -> String {
        match self {
            Wanted::Text => "text",
            Wanted::Whole { least, most } => return format!("a whole number from {least} to {most}"),
            Wanted::Flag => "`true` or `false`",
            Wanted::True => "`true`",
            Wanted::Duration | Wanted::Pace => "a duration",
            Wanted::Size { .. } => "a size",
            Wanted::Bound => "a bound",
            Wanted::Amount => "an amount",
            Wanted::Points => "a number of points",
            Wanted::Address => "an IPv4 address",
            Wanted::Id => "an id",
            Wanted::ActorName => "a name for an actor",
            Wanted::Program => "the name of a program",
            Wanted::Hex => "bytes in hex",
            Wanted::Method => "a request method",
            Wanted::OneOf { .. } => "a word of its own",
            Wanted::List => "a list",
            Wanted::Map { .. } => "a map",
            Wanted::Arguments | Wanted::Start { .. } => "a list of arguments",
            Wanted::Command => "a program and its arguments",
            Wanted::Tool => "the name of a program",
            Wanted::Role => "a role",
            Wanted::Payload => "a payload",
            Wanted::Pattern => "a pattern",
            Wanted::Status => "an exit status",
            Wanted::Line => "a line of an exchange",
            Wanted::Action { .. } => "something to do",
            Wanted::Probe => "a probe",
        }
        .to_owned()
    }

    /// How it is written, where its name does not say so.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Wanted::Whole { .. } | Wanted::Flag => return None,
            Wanted::Text => "text of at least one character, in quotes where YAML needs them",
            Wanted::True => "write `true`, or leave it out",
            Wanted::Duration => "durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`",
            Wanted::Pace => "write `10ms`, or `taken` to go on when the student has read and sleeps again",
            Wanted::Size { most } => {
                return Some(format!("sizes are written `512`, `64KiB` or `4MiB`, up to `{}MiB`", most >> 20));
            }
            Wanted::Bound => "bounds are written `3`, `\">= 3\"`, `\"<= 3\"`, `\"> 3\"` or `\"< 3\"`",
            Wanted::Amount => "amounts are written `3` or `\">= 3\"`; or `remember`, and later `\"+3\"` or `\"<= +3\"`",
            Wanted::Points => "points are written `5` or `7.5`, with up to three decimals",
            Wanted::Address => "an address is written `127.0.0.1`",
            Wanted::Id => "an id is made of `a` to `z`, `0` to `9` and `-`",
            Wanted::ActorName => "an actor's name is made of letters, digits, `-` and `_`",
            Wanted::Program => "the program's file name: letters, digits, `-` and `_`",
            Wanted::Hex => "bytes are two hex digits each: `{ hex: \"ff d8 00\" }`",
            Wanted::Method => "a method is one word in capital letters: `GET`",
            Wanted::OneOf { near: Some(near), .. } => return Some(format!("did you mean `{near}`?")),
            Wanted::OneOf { words, .. } => return Some(format!("write {}", any(words))),
            Wanted::List => "lists are written `[a, b]`, or with a `-` before each entry",
            Wanted::Map { example } => return Some(format!("write `{example}`")),
            Wanted::Action { example } => return Some(format!("write `{example}`")),
            Wanted::Arguments => "write `[\"{port}\"]`",
            Wanted::Start { near: true } => "did you mean `by_hand`?",
            Wanted::Start { near: false } => {
                "write `[\"{port}\"]`, or `by_hand` when the exchange has its own `start` line"
            }
            Wanted::Command => "write `[curl, -s, \"http://127.0.0.1:{port}/\"]`",
            Wanted::Tool => "a program's name without a path: letters, digits, `-`, `_`, `.` and `+`",
            Wanted::Role => {
                "write `client`, `server`, `tool`, `{ clients: 50 }`, `{ server: silent }` or `{ program: httpd }`"
            }
            Wanted::Payload => {
                "write `\"text\"`, or one of `{ hex: \"ff d8\" }`, `{ file: cat.bin }`, `{ repeat: x, times: 100 }`, \
                 `{ random: 4KiB, as: body }`, `{ same: body }`, or a list of them"
            }
            Wanted::Pattern => {
                "write a payload, or one of `{ until: \"\\r\\n\" }`, `{ line: regex }`, `{ some_line: regex }`, \
                 `{ phrase: words }`, `{ lines_in_any_order: [a, b] }`, \
                 `{ lines_interleaved: [payload, payload] }`, `{ http: { status: 200 } }`"
            }
            Wanted::Status => "a status is a whole number from 0 to 255; `[1, 2]` allows either",
            Wanted::Line => "a line is `- actor: { verb: value }`, or `- { times: 10, exchange: [...] }`",
            Wanted::Probe => {
                "write one of `{ listening: true }`, `{ descriptors: steady }`, `{ memory: steady }`, \
                 `{ children: 3 }`, `{ zombies: 0 }`, `{ threads: \">= 3\" }`, `{ sockets: { close_wait: 0 } }`, `{ forked: true }`, \
                 `{ running: true }`, `{ asleep: true }`, `{ idle: 100ms }`"
            }
        };
        Some(hint.to_owned())
    }
}
