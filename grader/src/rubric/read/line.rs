//! The lines of an exchange.

use super::action;
use super::fields::Fields;
use super::moves::Deed;
use super::reader::{Field, Reader};
use super::scope::{Scope, role_name};
use crate::rubric::exchange::{Act, Line};
use crate::rubric::mistakes::{Kind, Thing, Wanted};
use crate::rubric::role::{Manner, Role, STUDENT};
use crate::rubric::suggest::nearest;
use crate::rubric::verbs::{self, Who};
use crate::rubric::yaml::{Node, Value};

/// Words that make a line a block.
pub const BLOCK: [&str; 2] = ["times", "exchange"];

/// How many times a block's lines are looked at when their order is checked: what a second round meets, any further
/// one does. Blocks in blocks in blocks are looked at once.
const DEEPEST: usize = 2;

pub fn read_all(reader: &mut Reader, scope: &mut Scope, field: Field, depth: usize) -> Vec<Line> {
    let Some(items) = reader.list(field) else { return Vec::new() };
    if items.is_empty() {
        reader.mistake(field.node.place, Kind::NothingIn { word: field.word.to_owned() });
    }
    items.iter().filter_map(|item| read(reader, scope, field, item, depth)).collect()
}

fn read(reader: &mut Reader, scope: &mut Scope, field: Field, node: &Node, depth: usize) -> Option<Line> {
    let words = reader.entries(field.entry(node), Wanted::Line)?;
    let Some(first) = words.all().first().copied() else {
        reader.mistake(node.place, Kind::NoActor);
        return None;
    };
    if words.all().iter().any(|field| BLOCK.contains(&field.word)) {
        return block(reader, scope, field.entry(node), depth);
    }
    if let Some(second) = words.all().get(1) {
        let kind = Kind::TwoActors { first: first.word.to_owned(), second: second.word.to_owned() };
        reader.mistake(second.place, kind);
    }
    act(reader, scope, first).map(Line::Act)
}

fn block(reader: &mut Reader, scope: &mut Scope, field: Field, depth: usize) -> Option<Line> {
    let words = reader.fields(field, Wanted::Line, &BLOCK)?;
    let times = words.needed(reader, Thing::Block, "times").and_then(|times| reader.whole(times, 1, 100_000));
    let exchange = words.needed(reader, Thing::Block, "exchange")?;
    let start = scope.moves.len();
    let lines = read_all(reader, scope, exchange, depth + 1);
    if times.is_some_and(|times| times > 1) && depth < DEEPEST {
        scope.moves.extend_from_within(start..);
    }
    Some(Line::Block { times: times.unwrap_or(1) as u32, lines, place: words.place })
}

fn act(reader: &mut Reader, scope: &mut Scope, actor: Field) -> Option<Act> {
    let known = scope.is_actor(reader, actor.word, actor.place);
    scope.acting = actor.word.to_owned();
    let who = scope.who(actor.word);
    let act = deed(reader, scope, actor, who);
    if act.is_none() && known {
        scope.did("", Deed::Unsure, actor.place);
    }
    act
}

/// `None` after a mistake that leaves open what was meant to happen.
fn deed(reader: &mut Reader, scope: &mut Scope, actor: Field, who: Option<Who>) -> Option<Act> {
    let example = format!("{}: {}", actor.word, example(actor, who));
    let words = reader.entries(actor, Wanted::Action { example })?;
    let verb = verb(reader, scope, actor, who, &words)?;
    let takes = verb_of(verb).modifiers;
    for word in words.all().iter().filter(|word| word.word != verb.word && !takes.contains(&word.word)) {
        modifier_mistake(reader, *word, verb.word, takes);
    }
    let within = match words.get("within") {
        Some(within) if takes.contains(&"within") => scope.within_limit(reader, within),
        _ => None,
    };
    let action = action::read(reader, scope, verb, &words, within)?;
    Some(Act { actor: actor.word.to_owned(), action, within, place: actor.place })
}

/// How the line may look: with the verb that stands there, or with one that the actor has.
fn example(actor: Field, who: Option<Who>) -> String {
    let there = match &actor.node.value {
        Value::Scalar(scalar) => verbs::find(&scalar.text),
        _ => None,
    };
    let first = verbs::VERBS.iter().find(|verb| who.is_some_and(|who| verb.who.contains(&who)));
    let verb = there.or(first).unwrap_or(&verbs::VERBS[0]);
    format!("{{ {}: {} }}", verb.word, verb.example)
}

fn verb_of(field: Field) -> &'static verbs::Verb {
    verbs::find(field.word).unwrap_or(&verbs::VERBS[0])
}

/// The one verb among the words, if it is one of the actor's.
fn verb<'n>(
    reader: &mut Reader,
    scope: &Scope,
    actor: Field,
    who: Option<Who>,
    words: &Fields<'n>,
) -> Option<Field<'n>> {
    let can: Vec<&str> = match who {
        Some(who) => verbs::of(who).collect(),
        None => verbs::VERBS.iter().map(|verb| verb.word).collect(),
    };
    let mut found = words.all().iter().copied().filter(|word| verbs::find(word.word).is_some());
    let Some(first) = found.next() else {
        let unknown = words.all().iter().find(|word| !verbs::is_modifier(word.word));
        match unknown {
            Some(unknown) => reader.unknown_word(unknown.place, unknown.word, &can),
            None => reader.mistake(words.place, Kind::NoVerb { can: owned(&can) }),
        }
        return None;
    };
    if let Some(second) = found.next() {
        let kind = Kind::TwoVerbs { first: first.word.to_owned(), second: second.word.to_owned() };
        reader.mistake(second.place, kind);
        return None;
    }
    let role = scope.role(actor.word);
    let can = can.into_iter().filter(|verb| suits(role, verb)).collect::<Vec<_>>();
    if !can.contains(&first.word) {
        let kind = Kind::VerbNotFor {
            actor: actor.word.to_owned(),
            role: role_name(role),
            verb: first.word.to_owned(),
            can: owned(&can),
        };
        reader.mistake(first.place, kind);
        return None;
    }
    Some(first)
}

/// Only a willing server ever has a connection.
fn suits(role: Option<&Role>, verb: &str) -> bool {
    match role {
        Some(Role::Server { manner: Manner::Willing, .. }) => true,
        Some(Role::Server { .. }) => verb == "wait",
        _ => true,
    }
}

fn modifier_mistake(reader: &mut Reader, word: Field, verb: &str, takes: &[&str]) {
    if verbs::is_modifier(word.word) || nearest(word.word, takes.iter().copied()).is_none() {
        let kind = Kind::ModifierNotFor { verb: verb.to_owned(), modifier: word.word.to_owned(), takes: owned(takes) };
        reader.mistake(word.place, kind);
    } else {
        reader.unknown_word(word.place, word.word, takes);
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Names that a line could not be told from a block by.
pub fn is_reserved(name: &str) -> bool {
    BLOCK.contains(&name)
}

/// The student is nobody's to declare.
pub fn is_student(name: &str) -> bool {
    name == STUDENT
}
