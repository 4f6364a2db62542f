//! Bytes that are sent, or expected exactly.

use std::path::{Component, Path};

use super::reader::{Field, Reader};
use super::scope::Scope;
use super::template;
use crate::rubric::mistakes::{Kind, Thing, Wanted};
use crate::rubric::payload::{Payload, Piece};
use crate::rubric::suggest::nearest;
use crate::rubric::template::Template;
use crate::rubric::yaml::Value;

/// The words a piece begins with.
pub const WORDS: [&str; 5] = ["hex", "file", "repeat", "random", "same"];

/// More would be a test of the machine's memory.
const MOST: u64 = 64 << 20;

pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field) -> Payload {
    match &field.node.value {
        Value::List(items) if items.is_empty() => {
            reader.mistake(field.node.place, Kind::NothingIn { word: field.word.to_owned() });
            Payload(Vec::new())
        }
        Value::List(items) => {
            Payload(items.iter().filter_map(|item| piece(reader, scope, field.entry(item))).collect())
        }
        _ => Payload(piece(reader, scope, field).into_iter().collect()),
    }
}

fn piece(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Piece> {
    if !matches!(field.node.value, Value::Map(_)) {
        return template::read(reader, scope, field, Wanted::Payload).map(Piece::Text);
    }
    if template::unquoted(reader, field.node) {
        return None;
    }
    let words = reader.entries(field, Wanted::Payload)?;
    let Some(first) = words.all().iter().find(|field| WORDS.contains(&field.word)).copied() else {
        match words.all().first() {
            Some(first) => reader.unknown_word(first.place, first.word, &WORDS),
            None => reader.unfit(field, Wanted::Payload),
        }
        return None;
    };
    let known: &[&str] = match first.word {
        "repeat" => &["repeat", "times"],
        "random" => &["random", "as"],
        "hex" => &["hex"],
        "file" => &["file"],
        _ => &["same"],
    };
    let words = reader.fields(field, Wanted::Payload, known)?;
    match first.word {
        "hex" => reader.parsed(first, Wanted::Hex, hex).map(Piece::Hex),
        "file" => file(reader, first),
        "repeat" => {
            scope.repeating = true;
            let text = template::read(reader, scope, first, Wanted::Text);
            scope.repeating = false;
            let times = words.needed(reader, Thing::Repeat, "times");
            let times = times.and_then(|times| reader.whole(times, 1, MOST));
            Some(Piece::Repeat { text: text.unwrap_or_else(|| Template::literal("")), times: times.unwrap_or(1) })
        }
        "random" => {
            if scope.expecting {
                reader.mistake(first.place, Kind::RandomExpected);
            }
            let name = words.get("as").and_then(|name| reader.text(name));
            scope.payloads.extend(name.clone());
            Some(Piece::Random { size: reader.size(first, MOST).unwrap_or(0), name })
        }
        _ => same(reader, scope, first),
    }
}

/// Pairs of digits, with white space between pairs as one likes.
fn hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for run in text.split_whitespace() {
        if run.len() % 2 != 0 || !run.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        for pair in run.as_bytes().chunks(2) {
            let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
            bytes.push(digit(pair[0]) << 4 | digit(pair[1]));
        }
    }
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

fn file(reader: &mut Reader, field: Field) -> Option<Piece> {
    let name = reader.text(field)?;
    if !stays_inside(&name) {
        reader.mistake(field.node.place, Kind::OutsideFolder { name, folder: "`fixtures/`" });
        return None;
    }
    let Some(bytes) = reader.fixtures.file(&name) else {
        reader.mistake(field.node.place, Kind::NoFixture { name });
        return None;
    };
    Some(Piece::File { name, bytes: bytes.into() })
}

/// A path of plain names alone: not absolute, no `..`.
pub fn stays_inside(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) && !path.contains('\\')
}

fn same(reader: &mut Reader, scope: &Scope, field: Field) -> Option<Piece> {
    let name = reader.text(field)?;
    if !scope.payloads.contains(&name) {
        let mut known = scope.payloads.clone();
        known.dedup();
        let near = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
        reader.mistake(field.node.place, Kind::UnknownPayload { name: name.clone(), near, known });
    }
    Some(Piece::Same(name))
}
