//! What sentences have in common that differ in numbers, bytes and names of files only.

use std::sync::LazyLock;

use regex::Regex;

/// In this order: a submission's path, what is quoted, then the particulars of a byte, then numbers.
static PARTICULARS: LazyLock<[(Regex, &str); 5]> = LazyLock::new(|| {
    let pattern = |text| Regex::new(text).expect("it is one");
    [
        (pattern("the (submission|archive) `[^`]*`"), "the $1"),
        (pattern(r#""(?:[^"\\]|\\.)*""#), "\"…\""),
        (pattern(r"(?:`.` \()?0x[0-9a-f]{2}\)?"), "a byte"),
        (pattern(r"\b\d+(?:\.\d+){3}\b"), "n.n.n.n"),
        (pattern(r"\b\d+(?:\.\d+)?\b"), "n"),
    ]
});

/// The sentence without what differs from run to run.
pub fn without_particulars(sentence: &str) -> String {
    PARTICULARS
        .iter()
        .fold(sentence.to_owned(), |text, (particular, word)| particular.replace_all(&text, *word).into_owned())
}
