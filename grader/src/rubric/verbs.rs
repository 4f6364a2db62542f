//! The words of an exchange's lines: which verb is whose, and what goes with it.

/// Kinds of actors, as far as verbs care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Client,
    Server,
    Student,
    Tool,
    Program,
}

pub struct Verb {
    pub word: &'static str,
    pub who: &'static [Who],
    pub modifiers: &'static [&'static str],
    /// How its value may look.
    pub example: &'static str,
}

const PEERS: &[Who] = &[Who::Client, Who::Server];
const STUDENT: &[Who] = &[Who::Student];
const TALKERS: &[Who] = &[Who::Client, Who::Server, Who::Student, Who::Program];
const ALL: &[Who] = &[Who::Client, Who::Server, Who::Student, Who::Tool, Who::Program];

const fn verb(
    word: &'static str,
    who: &'static [Who],
    modifiers: &'static [&'static str],
    example: &'static str,
) -> Verb {
    Verb { word, who, modifiers, example }
}

pub const VERBS: &[Verb] = &[
    verb("connect", &[Who::Client], &["within", "from", "to"], "student"),
    verb("accept", &[Who::Server], &["within"], "student"),
    verb("send", PEERS, &["chunk", "every", "background", "within"], r#""ping\n""#),
    verb("expect", TALKERS, &["within"], r#""ping\n""#),
    verb("expect_silence", PEERS, &[], "100ms"),
    verb("expect_close", PEERS, &["within"], "eof"),
    verb("close", PEERS, &["within"], "both"),
    verb("read", PEERS, &[], "paused"),
    verb("start", &[Who::Student, Who::Program], &["within"], r#"["{port}"]"#),
    verb("restart", STUDENT, &["within"], "group"),
    verb("type", STUDENT, &["background", "within"], r#""ping\n""#),
    verb("close_stdin", STUDENT, &["within"], "true"),
    verb("signal", STUDENT, &["within", "to"], "TERM"),
    verb("pin", STUDENT, &[], "threads"),
    verb("expect_exit", STUDENT, &["within", "after"], "0"),
    verb("expect_stderr", STUDENT, &["within"], r#"{ phrase: "in use" }"#),
    verb("expect_end", STUDENT, &["within"], "stdout"),
    verb("observe", STUDENT, &["within"], "{ listening: true }"),
    verb("run", &[Who::Tool], &["stdout", "status", "within"], r#"[curl, -s, "http://127.0.0.1:{port}/"]"#),
    verb("wait", ALL, &["at_most"], "100ms"),
];

pub fn find(word: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.word == word)
}

/// The verbs that an actor of this kind has.
pub fn of(who: Who) -> impl Iterator<Item = &'static str> {
    VERBS.iter().filter(move |verb| verb.who.contains(&who)).map(|verb| verb.word)
}

/// Whether some verb has such a modifier.
pub fn is_modifier(word: &str) -> bool {
    VERBS.iter().any(|verb| verb.modifiers.contains(&word))
}
