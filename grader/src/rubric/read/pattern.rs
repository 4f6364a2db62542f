//! What an actor expects to read.

use super::reader::{Field, Reader};
use super::scope::Scope;
use super::{payload, template};
use crate::rubric::mistakes::{Kind, Thing, Wanted};
use crate::rubric::pattern::{Each, HeaderValue, Http, Pattern, Sender};
use crate::rubric::role::Role;
use crate::rubric::units;
use crate::rubric::yaml::{Node, Value};

pub const WORDS: [&str; 7] =
    ["until", "line", "some_line", "phrase", "lines_in_any_order", "lines_interleaved", "http"];

pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Pattern> {
    scope.expecting = true;
    let pattern = pattern(reader, scope, field);
    scope.expecting = false;
    pattern
}

fn pattern(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Pattern> {
    let Value::Map(_) = &field.node.value else {
        if matches!(field.node.value, Value::Nothing) {
            reader.unfit(field, Wanted::Pattern);
            return None;
        }
        return Some(Pattern::Exactly(payload::read(reader, scope, field)));
    };
    if template::unquoted(reader, field.node) {
        return None;
    }
    let words = reader.entries(field, Wanted::Pattern)?;
    let known = [&WORDS[..], &payload::WORDS[..]].concat();
    let Some(first) = words.all().iter().find(|field| known.contains(&field.word)).copied() else {
        match words.all().first() {
            Some(first) => reader.unknown_word(first.place, first.word, &known),
            None => reader.unfit(field, Wanted::Pattern),
        }
        return None;
    };
    if payload::WORDS.contains(&first.word) {
        return Some(Pattern::Exactly(payload::read(reader, scope, field)));
    }
    if first.word == "lines_interleaved" {
        return interleaved(reader, scope, field, first);
    }
    reader.fields(field, Wanted::Pattern, &[first.word])?;
    match first.word {
        "until" => Some(Pattern::Until(payload::read(reader, scope, first))),
        "line" => template::read_regex(reader, scope, first).map(Pattern::Line),
        "some_line" => template::read_regex(reader, scope, first).map(Pattern::SomeLine),
        "phrase" => template::read(reader, scope, first, Wanted::Text).map(Pattern::Phrase),
        "lines_in_any_order" => {
            let lines = reader.list(first)?;
            if lines.is_empty() {
                reader.mistake(first.node.place, Kind::NothingIn { word: first.word.to_owned() });
            }
            let lines = lines.iter().filter_map(|line| template::read(reader, scope, first.entry(line), Wanted::Text));
            Some(Pattern::LinesInAnyOrder(lines.collect()))
        }
        _ => http(reader, scope, first).map(|message| Pattern::Http(Box::new(message))),
    }
}

fn interleaved(reader: &mut Reader, scope: &mut Scope, field: Field, first: Field) -> Option<Pattern> {
    let words = reader.fields(field, Wanted::Pattern, &["lines_interleaved", "besides"])?;
    let entries = reader.list(first)?;
    if entries.is_empty() {
        reader.mistake(first.node.place, Kind::NothingIn { word: first.word.to_owned() });
    }
    let senders = entries.iter().filter_map(|entry| sender(reader, scope, first.entry(entry))).collect();
    let besides = words.get("besides").and_then(|besides| template::read_regex(reader, scope, besides));
    Some(Pattern::LinesInterleaved { senders, besides })
}

/// A payload, or `{ each: crowd, lines: payload }`.
fn sender(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Sender> {
    let is_each = |(key, _): &(Node, Node)| matches!(&key.value, Value::Scalar(word) if word.text == "each");
    let Value::Map(entries) = &field.node.value else {
        return Some(Sender { each: None, lines: payload::read(reader, scope, field) });
    };
    if !entries.iter().any(is_each) {
        return Some(Sender { each: None, lines: payload::read(reader, scope, field) });
    }
    let wanted = Wanted::Map { example: "{ each: crowd, lines: \"{i} says hi\\n\" }" };
    let words = reader.fields(field, wanted, &["each", "lines"])?;
    let crowd = words.get("each")?;
    let name = reader.text(crowd)?;
    if !scope.is_actor(reader, &name, crowd.node.place) {
        return None;
    }
    let others = scope.acting == name;
    let each = match scope.role(&name) {
        Some(Role::Clients(clients)) => Each { clients: *clients, others },
        _ => {
            reader.mistake(crowd.node.place, Kind::NumberOutsideCrowd);
            return None;
        }
    };
    let lines = words.needed(reader, Thing::Sender, "lines")?;
    scope.each = true;
    let lines = payload::read(reader, scope, lines);
    scope.each = false;
    Some(Sender { each: Some(each), lines })
}

fn http(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Http> {
    let wanted = Wanted::Map { example: "{ http: { status: 200, headers: { Content-Length: 5 }, body: \"hello\" } }" };
    let words = reader.fields(field, wanted, &["status", "method", "target", "version", "headers", "body"])?;
    let mut message = Http::default();
    if let Some(status) = words.get("status") {
        let entries = reader.one_or_list(status);
        let read = |entry| reader.whole(status.entry(entry), 100, 599).map(|status| status as u16);
        message.status = entries.iter().filter_map(read).collect();
        for word in ["method", "target"] {
            if let Some(other) = words.get(word) {
                reader.mistake(other.place, Kind::BothRequestAndResponse { word: word.to_owned() });
            }
        }
    }
    if let Some(method) = words.get("method") {
        message.method = reader.parsed(method, Wanted::Method, |text| {
            let capitals = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase());
            capitals.then(|| text.to_owned())
        });
    }
    if let Some(target) = words.get("target") {
        message.target = template::read(reader, scope, target, Wanted::Text);
    }
    if let Some(version) = words.get("version") {
        message.version = reader.choice(version, &[("1.0", "1.0"), ("1.1", "1.1")]).map(str::to_owned);
    }
    if let Some(headers) = words.get("headers") {
        let wanted = Wanted::Map { example: "headers: { Content-Length: 5 }" };
        for header in reader.entries(headers, wanted).iter().flat_map(|headers| headers.all()) {
            if let Some(value) = header_value(reader, scope, *header) {
                message.headers.push((header.word.to_owned(), value));
            }
        }
    }
    if let Some(body) = words.get("body") {
        message.body = Some(payload::read(reader, scope, body));
    }
    Some(message)
}

/// Text, `{ matches: regex }` or `{ lacks: regex }`.
fn header_value(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<HeaderValue> {
    if !matches!(field.node.value, Value::Map(_)) || template::unquoted(reader, field.node) {
        return template::read(reader, scope, field, Wanted::Text).map(HeaderValue::Exactly);
    }
    let wanted = Wanted::Map { example: "{ matches: 'text/html(;.*)?' }" };
    let first = *reader.fields(field, wanted.clone(), &["matches", "lacks"])?.all().first()?;
    reader.fields(field, wanted, &[first.word])?;
    let regex = template::read_regex(reader, scope, first)?;
    Some(if first.word == "lacks" { HeaderValue::Lacks(regex) } else { HeaderValue::Matches(regex) })
}

/// `0`, or one of several: `[1, 2]`.
pub fn statuses(reader: &mut Reader, field: Field) -> Vec<u8> {
    let entries = reader.one_or_list(field);
    let status = |text: &str| units::whole(text).and_then(|status| u8::try_from(status).ok());
    entries.iter().filter_map(|entry| reader.parsed(field.entry(entry), Wanted::Status, status)).collect()
}
