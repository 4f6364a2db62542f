//! Text with placeholders: `connect 127.0.0.1 {origin.port}`.

use super::moves::{Deed, Move};
use super::reader::{Field, Reader};
use super::scope::{Scope, role_name};
use crate::rubric::mistakes::{Kind, Wanted};
use crate::rubric::place::Place;
use crate::rubric::role::{Manner, Role, STUDENT};
use crate::rubric::suggest::nearest;
use crate::rubric::template::{Part, Template};
use crate::rubric::yaml::{Node, Scalar, Value};

/// What actors have: facts of a server, and of who has a connection.
pub const FACTS: [&str; 4] = ["port", "address", "peer", "local"];

/// A scalar of text, as it is sent or compared.
pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field, wanted: Wanted) -> Option<Template> {
    if unquoted(reader, field.node) {
        return None;
    }
    let scalar = reader.scalar(field, wanted)?;
    escapes(reader, scalar, field.node.place);
    Some(Template(parts(reader, scope, scalar, field.node)))
}

/// A regular expression, in which `{origin.port}` is filled in as it stands, and `{2}` or `\p{Greek}` means what it does.
pub fn read_regex(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Template> {
    let scalar = reader.scalar(field, Wanted::Text)?;
    let mut parts = Vec::new();
    let (mut literal, mut tried) = (String::new(), String::new());
    let mut rest = scalar.text.as_str();
    while let Some(at) = rest.find('{') {
        let (before, after) = rest.split_at(at);
        literal.push_str(before);
        tried.push_str(before);
        let class = before.ends_with("\\p") || before.ends_with("\\P");
        let name = after[1..].split_once('}').map(|(name, _)| name).filter(|name| !class && is_name(name));
        let Some(name) = name else {
            literal.push('{');
            tried.push('{');
            rest = &after[1..];
            continue;
        };
        let place = within(field.node.place, &scalar.raw, &format!("{{{name}}}"));
        if let Some(part) = placeholder(reader, scope, name, place) {
            parts.push(Part::Text(std::mem::take(&mut literal)));
            parts.push(part);
        }
        tried.push('0');
        rest = &after[name.len() + 2..];
    }
    literal.push_str(rest);
    tried.push_str(rest);
    parts.push(Part::Text(literal));
    match regex::Regex::new(&tried) {
        Ok(_) => Some(Template(parts)),
        Err(error) => {
            reader.mistake(field.node.place, Kind::BadRegex { why: why(&error) });
            None
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || "._-".contains(c))
}

/// The last line of the library's report, which shows the expression above it.
fn why(error: &regex::Error) -> String {
    let report = error.to_string();
    let last = report.lines().last().unwrap_or("");
    last.trim().trim_start_matches("error: ").to_owned()
}

/// Arguments of the program.
pub fn read_list(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Vec<Template>> {
    let Value::List(items) = &field.node.value else {
        reader.unfit(field, Wanted::Arguments);
        return None;
    };
    let arguments = items.iter().filter_map(|item| read(reader, scope, field.entry(item), Wanted::Text));
    Some(arguments.collect())
}

/// Whether the node is `{port}` without quotes, which is said.
pub fn unquoted(reader: &mut Reader, node: &Node) -> bool {
    let Value::Map(entries) = &node.value else { return false };
    let [(Node { value: Value::Scalar(name), .. }, Node { value: Value::Nothing, .. })] = entries.as_slice() else {
        return false;
    };
    let placeholder = ["port", "files", "i"].contains(&name.text.as_str()) || name.text.contains('.');
    if placeholder {
        reader.mistake(node.place, Kind::UnquotedPlaceholder { name: name.text.clone() });
    }
    placeholder
}

/// Outside double quotes YAML takes `\n` for a backslash and an `n`; inside, `\xff` for a letter.
fn escapes(reader: &mut Reader, scalar: &Scalar, place: Place) {
    let raw = &scalar.raw;
    for (at, _) in raw.match_indices('\\') {
        let after = &raw[at + 1..];
        if scalar.is_double_quoted() {
            // The second of a pair of backslashes escapes nothing.
            let before = raw[..at].bytes().rev().take_while(|byte| *byte == b'\\').count();
            let byte = after.strip_prefix('x').and_then(|hex| hex.get(..2));
            let high = byte.filter(|hex| u8::from_str_radix(hex, 16).is_ok_and(|byte| byte >= 0x80));
            if let (Some(hex), true) = (high, before % 2 == 0) {
                let escape = format!("\\x{hex}");
                reader.mistake(within(place, raw, &escape), Kind::CharacterNotByte { escape });
                return;
            }
        } else if after.starts_with(['n', 'r', 't', '0', 'x']) {
            let escape: String = raw[at..].chars().take(2).collect();
            reader.mistake(within(place, raw, &escape), Kind::LiteralBackslash { escape });
            return;
        }
    }
}

/// The place of a part of a scalar, if it stands on the scalar's first line.
fn within(place: Place, raw: &str, part: &str) -> Place {
    let first = raw.lines().next().unwrap_or("");
    match first.find(part) {
        Some(at) => {
            let (before, length) = (first[..at].chars().count(), part.chars().count());
            Place { line: place.line, column: place.column + before, length }
        }
        None => place,
    }
}

fn parts(reader: &mut Reader, scope: &mut Scope, scalar: &Scalar, node: &Node) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = scalar.text.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = if rest[at..].starts_with('{') { '{' } else { '}' };
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix(brace) {
            literal.push(brace);
            rest = after;
            continue;
        }
        let Some((name, after)) = after.split_once('}').filter(|(name, _)| brace == '{' && !name.contains('{')) else {
            let part = if brace == '{' { &rest[at..] } else { "}" };
            reader.mistake(one(within(node.place, &scalar.raw, part)), Kind::LoneBrace { brace });
            break;
        };
        let place = within(node.place, &scalar.raw, &format!("{{{name}}}"));
        if let Some(part) = placeholder(reader, scope, name, place) {
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(part);
        }
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() || parts.is_empty() {
        parts.push(Part::Text(literal));
    }
    parts
}

fn one(place: Place) -> Place {
    Place { length: 1, ..place }
}

fn placeholder(reader: &mut Reader, scope: &mut Scope, name: &str, place: Place) -> Option<Part> {
    match name.split_once('.') {
        None if name == "port" => Some(Part::Port),
        None if name == "files" && scope.knows_files() => Some(Part::Files),
        None if name == "n" && scope.repeating => Some(Part::Turn),
        None if name == "i" => {
            if !scope.each
                && !matches!(scope.role(&scope.acting), Some(Role::Clients(_)) | None if scope.acting != STUDENT)
            {
                reader.mistake(place, Kind::NumberOutsideCrowd);
            }
            Some(Part::Number)
        }
        Some((actor, fact)) if scope.actors.contains_key(actor) && FACTS.contains(&fact) => {
            fact_of(reader, scope, actor, fact, place)
        }
        _ => {
            unknown(reader, scope, name, place);
            None
        }
    }
}

fn fact_of(reader: &mut Reader, scope: &mut Scope, actor: &str, fact: &str, place: Place) -> Option<Part> {
    scope.used.insert(actor.to_owned());
    let name = actor.to_owned();
    let (fact, part) = match fact {
        "port" => ("port", Part::PortOf(name)),
        "address" => ("address", Part::AddressOf(name)),
        "peer" => ("peer", Part::PeerOf(name)),
        _ => ("local", Part::LocalOf(name)),
    };
    let role = scope.role(actor)?;
    let has = facts(role);
    if !has.contains(&fact) {
        let has = has.iter().map(|fact| (*fact).to_owned()).collect();
        let kind = Kind::NoSuchFact { actor: actor.to_owned(), role: role_name(Some(role)), fact, has };
        reader.mistake(place, kind);
    } else if matches!(role, Role::Clients(_)) && scope.acting != actor {
        reader.mistake(place, Kind::FactOfCrowd { actor: actor.to_owned(), fact });
    } else if fact == "peer" || fact == "local" {
        let deed = Deed::Mention(fact);
        scope.moves.push(Move { actor: actor.to_owned(), verb: String::new(), deed, place });
    }
    Some(part)
}

fn facts(role: &Role) -> &'static [&'static str] {
    match role {
        Role::Client | Role::Clients(_) => &["peer", "local"],
        Role::Server { manner: Manner::Willing, .. } => &FACTS,
        Role::Server { .. } | Role::Program(_) => &["port", "address"],
        Role::Tool => &[],
    }
}

fn unknown(reader: &mut Reader, scope: &mut Scope, name: &str, place: Place) {
    let mut known = vec!["port".to_owned()];
    if scope.knows_files() {
        known.push("files".to_owned());
    }
    if matches!(scope.role(&scope.acting), Some(Role::Clients(_))) {
        known.push("i".to_owned());
    }
    if scope.repeating {
        known.push("n".to_owned());
    }
    for (actor, role) in &scope.actors {
        let facts = role.as_ref().map_or(&FACTS[..], facts);
        known.extend(facts.iter().map(|fact| format!("{actor}.{fact}")));
    }
    let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    if let Some((actor, _)) = near.as_deref().and_then(|near| near.split_once('.')) {
        scope.used.insert(actor.to_owned());
    }
    reader.mistake(place, Kind::UnknownPlaceholder { name: name.to_owned(), near, known });
}
