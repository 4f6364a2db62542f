//! Who takes part in a step.

use std::net::Ipv4Addr;

use super::fields::Fields;
use super::lab::program_name;
use super::line;
use super::reader::{Field, Reader};
use crate::rubric::mistakes::{Got, Kind, Wanted};
use crate::rubric::role::{Actor, Manner, Role};
use crate::rubric::verbs::Who;
use crate::rubric::yaml::Value;

const MANNERS: [(&str, Manner); 5] = [
    ("willing", Manner::Willing),
    ("silent", Manner::Silent),
    ("refusing", Manner::Refusing),
    ("squatting", Manner::Squatting),
    ("unreachable", Manner::Unreachable),
];

/// Roles of one word.
pub const PLAIN: [(&str, Who); 3] = [("client", Who::Client), ("server", Who::Server), ("tool", Who::Tool)];

/// An address of a network that is nobody's (RFC 5737).
const NOWHERE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

/// An actor, as far as it could be read.
pub struct ReadActor<'n> {
    pub actor: Actor,
    /// Whether it could be read as it stands there.
    pub good: bool,
    /// A program's files, to be read when it is known who else takes part.
    pub files: Option<Field<'n>>,
}

pub fn read_all<'n>(reader: &mut Reader, field: Field<'n>) -> Vec<ReadActor<'n>> {
    let wanted = Wanted::Map { example: "actors: { slow: client, origin: server }" };
    let Some(words) = reader.entries(field, wanted) else { return Vec::new() };
    let mut actors: Vec<ReadActor> = Vec::new();
    for word in words.all() {
        if line::is_student(word.word) {
            reader.mistake(word.place, Kind::StudentDeclared);
            continue;
        }
        let mut good_name = false;
        if line::is_reserved(word.word) {
            reader.mistake(word.place, Kind::ReservedName { name: word.word.to_owned() });
        } else if is_name(word.word) {
            good_name = true;
        } else {
            let got = Got::Text(word.word.to_owned());
            reader.mistake(word.place, Kind::Unfit { word: "name".to_owned(), wanted: Wanted::ActorName, got });
        }
        let (role, laid) = role(reader, *word);
        let good = good_name && role.is_some();
        let role = role.unwrap_or(Role::Client);
        let taken = |other: &&ReadActor| good && same_port(&other.actor.role, &role);
        if let Some(first) = actors.iter().find(taken) {
            reader.mistake(word.place, Kind::SamePort { first: first.actor.name.clone() });
        }
        let actor = Actor { name: word.word.to_owned(), role, files: Vec::new(), place: word.place };
        actors.push(ReadActor { actor, good, files: laid });
    }
    actors
}

fn same_port(one: &Role, other: &Role) -> bool {
    match (one, other) {
        (Role::Server { at, port: Some(port), .. }, Role::Server { at: other_at, port: Some(other), .. }) => {
            (at, port) == (other_at, other)
        }
        _ => false,
    }
}

fn is_name(name: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !name.is_empty() && name.bytes().all(sign)
}

/// The words that make a map a role.
const ROLES: [&str; 3] = ["clients", "server", "program"];

/// The role, and a program's files.
fn role<'n>(reader: &mut Reader, field: Field<'n>) -> (Option<Role>, Option<Field<'n>>) {
    match &field.node.value {
        Value::Map(_) => {}
        Value::Scalar(_) => return (plain(reader, field), None),
        _ => {
            reader.unfit(field, Wanted::Role);
            return (None, None);
        }
    }
    let Some(words) = reader.fields(field, Wanted::Role, &["clients", "server", "at", "port", "program", "files"])
    else {
        return (None, None);
    };
    (of_words(reader, field, &words), words.get("files"))
}

fn plain(reader: &mut Reader, field: Field) -> Option<Role> {
    Some(match reader.choice(field, &PLAIN)? {
        Who::Server => Role::Server { manner: Manner::Willing, at: Ipv4Addr::LOCALHOST, port: None },
        Who::Tool => Role::Tool,
        _ => Role::Client,
    })
}

fn of_words(reader: &mut Reader, field: Field, words: &Fields) -> Option<Role> {
    let mut roles = ROLES.iter().filter_map(|word| words.get(word));
    let (first, second) = (roles.next(), roles.next());
    if let (Some(first), Some(second)) = (first, second) {
        let (one, other) = (first.word.to_owned(), second.word.to_owned());
        reader.mistake(second.place, Kind::TwoRoles { one, other });
        return None;
    }
    match first.map(|first| (first, first.word)) {
        Some((count, "clients")) => {
            for word in ["at", "port", "files"] {
                unsuited(reader, words, ("clients", &[]), word);
            }
            reader.whole(count, 1, 1000).map(|count| Role::Clients(count as u32))
        }
        Some((name, "program")) => {
            for word in ["at", "port"] {
                unsuited(reader, words, ("program", &["files"]), word);
            }
            reader.parsed(name, Wanted::Program, program_name).map(Role::Program)
        }
        Some((manner, _)) => {
            unsuited(reader, words, ("server", &["at", "port"]), "files");
            let manner = reader.choice(manner, &MANNERS);
            let at = words.get("at").and_then(|at| address(reader, manner?, at));
            let port = words.get("port").map(|port| reader.whole(port, 1, 65535));
            let (manner, port) = (manner?, port.map_or(Some(None), |port| port.map(Some))?);
            if manner == Manner::Squatting {
                unsuited(reader, words, ("squatting", &[]), "port");
            }
            let default = if manner == Manner::Unreachable { NOWHERE } else { Ipv4Addr::LOCALHOST };
            Some(Role::Server { manner, at: at.unwrap_or(default), port: port.map(|port| port as u16) })
        }
        None => {
            if words.all().len() == 1 || matches!(&field.node.value, Value::Map(entries) if entries.is_empty()) {
                reader.unfit(field, Wanted::Role);
            }
            None
        }
    }
}

fn unsuited(reader: &mut Reader, words: &Fields, (verb, takes): (&str, &[&str]), modifier: &str) {
    if let Some(field) = words.get(modifier) {
        let (verb, modifier) = (verb.to_owned(), modifier.to_owned());
        let takes = takes.iter().map(|word| (*word).to_owned()).collect();
        reader.mistake(field.place, Kind::ModifierNotFor { verb, modifier, takes });
    }
}

/// Whether such an actor is only to be had in a network of the step's own.
pub fn needs_cell(role: &Role) -> bool {
    match role {
        Role::Server { manner, at, port } => *manner == Manner::Unreachable || !at.is_loopback() || port.is_some(),
        _ => false,
    }
}

fn address(reader: &mut Reader, manner: Manner, field: Field) -> Option<Ipv4Addr> {
    if manner != Manner::Unreachable {
        return reader.own_address(field);
    }
    let address = reader.address(field)?;
    if address.is_loopback() {
        reader.mistake(field.node.place, Kind::Reachable { address: address.to_string() });
    }
    Some(address)
}
