//! YAML text to a tree of which every node knows its place.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{DefaultMessageFormatter, Error, Location, MessageFormatter, Spanned};

use super::mistakes::{Kind, YamlTrouble};
use super::place::{Place, Source};

#[derive(Debug)]
pub struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Debug)]
pub enum Value {
    /// `key:` with nothing after it, or `null`.
    Nothing,
    Scalar(Scalar),
    List(Vec<Node>),
    /// In the file's order, with keys that stand there twice.
    Map(Vec<(Node, Node)>),
}

#[derive(Debug)]
pub struct Scalar {
    pub text: String,
    /// As it stands in the file, with its quotes.
    pub raw: String,
}

impl Scalar {
    /// Only in double quotes do backslashes mean something to YAML.
    pub fn is_double_quoted(&self) -> bool {
        // Text between other signs may begin with quotes of its own, and is what it looks like.
        self.raw.starts_with('"') && self.raw.lines().next() != self.text.lines().next()
    }
}

/// The tree of the whole text; `None` when there is nothing in it but comments.
pub fn parse(source: &Source) -> Result<Option<Node>, (Place, Kind)> {
    let options = serde_yaml::options! {
        // Repeated keys are shown with everything else that is wrong, by those who read the tree.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        // `yes`, `no`, `on`, `off` are words of their own.
        strict_booleans: true,
        with_snippet: false,
        // Generous for a rubric, and small enough for a file that was made to grow.
        budget: serde_yaml::budget! {
            max_nodes: 50_000,
            max_events: 200_000,
            max_total_scalar_bytes: 4 << 20,
        },
    };
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(&source.text, options) {
        Ok(root) => Ok(Some(node(source, root)).filter(|root| !matches!(root.value, Value::Nothing))),
        Err(error) => Err(trouble(source, &error)),
    }
}

fn node(source: &Source, spanned: Spanned<Raw>) -> Node {
    let raw = raw_text(source, spanned.defined);
    let mut place = place(spanned.defined);
    place.length = raw.lines().next().map_or(1, |line| line.trim_end().chars().count().max(1));
    let value = match spanned.value {
        Raw::Nothing => Value::Nothing,
        Raw::Text(text) => Value::Scalar(Scalar { text, raw: raw.to_owned() }),
        Raw::Plain => Value::Scalar(Scalar { text: raw.to_owned(), raw: raw.to_owned() }),
        Raw::List(items) => Value::List(items.into_iter().map(|item| node(source, item)).collect()),
        Raw::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, value)| (node(source, key), node(source, value))).collect())
        }
    };
    Node { place, value }
}

/// What stands in the file there; empty for lists and maps, of which YAML gives the beginning alone.
fn raw_text(source: &Source, location: Location) -> &str {
    let span = location.span();
    let (Some(start), Some(length)) = (span.byte_offset(), span.byte_len()) else { return "" };
    source.text.get(start as usize..(start + length) as usize).unwrap_or("").trim_end()
}

fn place(location: Location) -> Place {
    Place { line: location.line().max(1) as usize, column: location.column().max(1) as usize, length: 1 }
}

fn trouble(source: &Source, error: &Error) -> (Place, Kind) {
    let location = error.location().unwrap_or(Location::UNKNOWN);
    let message = DefaultMessageFormatter.format_message(error.without_snippet());
    let mut place = place(location);
    if message.contains("tab") {
        place = tab(source, place).unwrap_or(place);
    }
    (place, Kind::Yaml(YamlTrouble::from_message(&message)))
}

/// The parser points at the text before the tab that it stumbled over.
fn tab(source: &Source, place: Place) -> Option<Place> {
    let indented = |line: &str| line[..line.len() - line.trim_start().len()].find('\t');
    let mut lines = source.text.lines().enumerate().skip(place.line - 1);
    lines.find_map(|(at, line)| Some(Place { line: at + 1, column: indented(line)? + 1, length: 1 }))
}

/// What `deserialize_any` gives. Numbers and booleans are read from the text itself, which YAML's types would lose:
/// `1.50`, `007`.
enum Raw {
    Nothing,
    Text(String),
    Plain,
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<Raw>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("text, a number, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Plain)
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Raw, E> {
        Ok(Raw::Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
