//! What an `observe` line looks at.

use super::moves::Deed;
use super::reader::{Field, Reader};
use super::scope::Scope;
use crate::rubric::exchange::{Amount, Bound, Level, ListenAddress, Probe, SocketState};
use crate::rubric::mistakes::{Kind, Wanted};
use crate::rubric::units;
use crate::rubric::yaml::Value;

const WORDS: [&str; 11] = [
    "listening",
    "descriptors",
    "memory",
    "children",
    "zombies",
    "threads",
    "sockets",
    "forked",
    "running",
    "asleep",
    "idle",
];

const STATES: [(&str, SocketState); 8] = [
    ("established", SocketState::Established),
    ("close_wait", SocketState::CloseWait),
    ("fin_wait1", SocketState::FinWait1),
    ("fin_wait2", SocketState::FinWait2),
    ("last_ack", SocketState::LastAck),
    ("time_wait", SocketState::TimeWait),
    ("syn_sent", SocketState::SynSent),
    ("listen", SocketState::Listen),
];

pub fn read(reader: &mut Reader, scope: &mut Scope, field: Field) -> Option<Probe> {
    let words = reader.fields(field, Wanted::Probe, &WORDS)?;
    let (first, more) = match words.all() {
        [] => {
            // A map of unknown words has been reported; an empty one has not.
            if matches!(&field.node.value, Value::Map(entries) if entries.is_empty()) {
                reader.unfit(field, Wanted::Probe);
            }
            return None;
        }
        [first, more @ ..] => (*first, more),
    };
    if let Some(second) = more.first() {
        let kind = Kind::TwoVerbs { first: first.word.to_owned(), second: second.word.to_owned() };
        reader.mistake(second.place, kind);
    }
    match first.word {
        "listening" => listening(reader, first),
        "descriptors" => level(reader, scope, first, "descriptors").map(Probe::Descriptors),
        "memory" => level(reader, scope, first, "memory").map(Probe::Memory),
        "children" => amount(reader, scope, first, "children").map(Probe::Children),
        "zombies" => bound(reader, first).map(Probe::Zombies),
        "threads" => amount(reader, scope, first, "threads").map(Probe::Threads),
        "sockets" => sockets(reader, first),
        "forked" => reader.yes(first).then_some(Probe::Forked),
        "running" => reader.flag(first).map(Probe::Running),
        "asleep" => reader.yes(first).then_some(Probe::Asleep),
        _ => scope.within_limit(reader, first).map(Probe::Idle),
    }
}

fn bound(reader: &mut Reader, field: Field) -> Option<Bound> {
    reader.parsed(field, Wanted::Bound, units::bound)
}

fn amount(reader: &mut Reader, scope: &mut Scope, field: Field, what: &'static str) -> Option<Amount> {
    let amount = reader.parsed(field, Wanted::Amount, units::amount)?;
    match amount {
        Amount::Remember => scope.did(field.word, Deed::Remember(what), field.place),
        Amount::More(_) => scope.did(field.word, Deed::More(what), field.place),
        Amount::Absolute(_) => {}
    }
    Some(amount)
}

fn level(reader: &mut Reader, scope: &mut Scope, field: Field, what: &'static str) -> Option<Level> {
    let level = reader.choice(field, &[("remember", Level::Remember), ("steady", Level::Steady)])?;
    let deed = match level {
        Level::Remember => Deed::Remember(what),
        Level::Steady => Deed::Steady(what),
    };
    scope.did(field.word, deed, field.place);
    Some(level)
}

fn listening(reader: &mut Reader, field: Field) -> Option<Probe> {
    if matches!(field.node.value, Value::Scalar(_)) {
        return reader.yes(field).then_some(Probe::Listening { address: None, backlog: None });
    }
    let wanted = Wanted::Map { example: "{ listening: { address: any, backlog: \">= 10\" } }" };
    let words = reader.fields(field, wanted, &["address", "backlog"])?;
    let addresses = [("any", ListenAddress::Any), ("loopback", ListenAddress::Loopback)];
    let address = words.get("address").and_then(|address| reader.choice(address, &addresses));
    let backlog = words.get("backlog").and_then(|backlog| bound(reader, backlog));
    Some(Probe::Listening { address, backlog })
}

fn sockets(reader: &mut Reader, field: Field) -> Option<Probe> {
    let wanted = Wanted::Map { example: "{ sockets: { close_wait: 0 } }" };
    let words = reader.fields(field, wanted, &STATES.map(|(word, _)| word))?;
    let mut sockets = Vec::new();
    for (word, state) in STATES {
        let Some(count) = words.get(word) else { continue };
        sockets.extend(bound(reader, count).map(|count| (state, count)));
    }
    if matches!(&field.node.value, Value::Map(entries) if entries.is_empty()) {
        reader.mistake(field.node.place, Kind::NothingIn { word: field.word.to_owned() });
    }
    Some(Probe::Sockets(sockets))
}
