//! The files that the student's program finds in `{files}`.

use super::payload;
use super::reader::{Field, Reader};
use super::scope::Scope;
use crate::rubric::files::{Content, Laid};
use crate::rubric::mistakes::{Kind, Wanted};
use crate::rubric::payload::{Payload, Piece};
use crate::rubric::yaml::Value;

/// A map of paths to payloads, `{ folder: site }` (a folder of `fixtures/` with all that is in it) or `{ link: target }`.
/// What is `above` lies there too.
pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field, above: &[Laid]) -> Vec<Laid> {
    let wanted = Wanted::Map { example: "files: { www: { folder: site }, www/a.txt: \"hello\" }" };
    let mut laid = above.to_vec();
    for entry in reader.entries(field, wanted).iter().flat_map(|entries| entries.all()) {
        if entry.word.is_empty() || !payload::stays_inside(entry.word) {
            reader.mistake(entry.place, Kind::OutsideFolder { name: entry.word.to_owned(), folder: "`{files}`" });
            continue;
        }
        for new in content(reader, scope, *entry) {
            if let Some(other) = laid.iter().find(|old| collide(&old.path, &new.path)) {
                let kind = Kind::SamePath { path: new.path.clone(), other: other.path.clone() };
                reader.mistake(entry.place, kind);
            }
            laid.push(new);
        }
    }
    laid
}

fn content(reader: &mut Reader, scope: &mut Scope, entry: Field) -> Vec<Laid> {
    let path = entry.word.to_owned();
    let only = match &entry.node.value {
        Value::Map(words) if words.len() == 1 => reader.entries(entry, Wanted::Payload),
        _ => None,
    };
    match only.as_ref().and_then(|words| words.all().first()) {
        Some(word) if word.word == "link" => {
            let target = reader.text(*word).map(Content::Link);
            target.into_iter().map(|what| Laid { path: path.clone(), what }).collect()
        }
        Some(word) if word.word == "folder" => folder(reader, *word, &path),
        _ => vec![Laid { path, what: Content::Bytes(payload::read(reader, scope, entry)) }],
    }
}

fn folder(reader: &mut Reader, field: Field, path: &str) -> Vec<Laid> {
    let Some(name) = reader.text(field) else { return Vec::new() };
    if !payload::stays_inside(&name) {
        reader.mistake(field.node.place, Kind::OutsideFolder { name, folder: "`fixtures/`" });
        return Vec::new();
    }
    let Some(files) = reader.fixtures.folder(&name) else {
        reader.mistake(field.node.place, Kind::NoFixtureFolder { name });
        return Vec::new();
    };
    let file = |(below, bytes): (String, Vec<u8>)| {
        let piece = Piece::File { name: format!("{name}/{below}"), bytes: bytes.into() };
        Laid { path: format!("{path}/{below}"), what: Content::Bytes(Payload(vec![piece])) }
    };
    files.into_iter().map(file).collect()
}

/// The same place, or one in the other, which is no folder.
fn collide(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The names that bytes among these have.
pub fn names(laid: &[Laid]) -> Vec<String> {
    let pieces = laid.iter().filter_map(|laid| match &laid.what {
        Content::Bytes(Payload(pieces)) => Some(pieces),
        Content::Link(_) => None,
    });
    let named = pieces.flatten().filter_map(|piece| match piece {
        Piece::Random { name, .. } => name.clone(),
        _ => None,
    });
    named.collect()
}
