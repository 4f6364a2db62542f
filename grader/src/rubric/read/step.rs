//! One step of a lab.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fields::Fields;
use super::reader::{Field, Reader};
use super::scope::Scope;
use super::{actors, files, hosts, line, requires, start};
use crate::rubric::check;
use crate::rubric::exchange::Line;
use crate::rubric::files::Laid;
use crate::rubric::lab::{Requirement, Start, Step, Visibility};
use crate::rubric::mistakes::{Thing, Wanted};
use crate::rubric::place::Place;
use crate::rubric::points::Points;
use crate::rubric::role::{Actor, STUDENT};
use crate::rubric::units;

const WORDS: [&str; 19] = [
    "id",
    "title",
    "points",
    "bonus",
    "needs",
    "actors",
    "start",
    "exchange",
    "hint",
    "why",
    "try",
    "files",
    "hosts",
    "receive_buffer",
    "send_buffer",
    "times",
    "visibility",
    "limit",
    "requires",
];

const LIMIT: Duration = Duration::from_secs(30);

/// Those of an exchange between two submissions, which nobody is graded by.
const INTEROP: [&str; 12] = [
    "id",
    "title",
    "actors",
    "start",
    "exchange",
    "files",
    "hosts",
    "receive_buffer",
    "send_buffer",
    "times",
    "limit",
    "requires",
];

/// What a step takes from its lab.
pub struct Defaults<'l> {
    pub start: Option<&'l Start>,
    pub files: &'l [Laid],
    pub requires: &'l [Requirement],
}

/// A step as far as it could be read.
pub struct Read {
    pub step: Step,
    /// Whether the points are what the rubric says.
    pub has_points: bool,
    /// Where the entries of `needs` stand.
    pub needs: Vec<Place>,
}

pub fn read(reader: &mut Reader, field: Field, defaults: &Defaults) -> Option<Read> {
    let wanted = Wanted::Map { example: "- id: slow-client" };
    let words = reader.fields(field, wanted, &WORDS)?;
    let id = words.needed(reader, Thing::Step, "id");
    let place = id.map_or(words.place, |id| id.node.place);
    // What is missing is shown under the step's name.
    let words = words.at(place);
    let id = id.and_then(|id| reader.parsed(id, Wanted::Id, id_of)).unwrap_or_default();
    let mut text = |word| text(reader, &words, Thing::Step, word);
    let (title, hint, why) = (text("title"), text("hint"), text("why"));
    let points = words.needed(reader, Thing::Step, "points");
    let points = points.and_then(|points| reader.parsed(points, Wanted::Points, units::points));
    let needs = words.get("needs").map_or_else(Vec::new, |needs| needed_steps(reader, needs));
    let mut step = common(reader, &words, Thing::Step, defaults, id, title);
    step.points = points.unwrap_or(Points::ZERO);
    step.needs = needs.iter().map(|(id, _)| id.clone()).collect();
    (step.hint, step.why) = (hint, why);
    step.bonus = words.get("bonus").and_then(|bonus| reader.flag(bonus)).unwrap_or(false);
    step.try_it = words.get("try").and_then(|field| reader.text(field));
    step.visibility = words.get("visibility").and_then(|field| visibility(reader, field)).unwrap_or_default();
    let needs = needs.into_iter().map(|(_, place)| place).collect();
    Some(Read { step, has_points: points.is_some(), needs })
}

/// An entry of `interop`.
pub fn read_interop(reader: &mut Reader, field: Field, defaults: &Defaults) -> Option<Step> {
    let wanted = Wanted::Map { example: "- id: http" };
    let words = reader.fields(field, wanted, &INTEROP)?;
    let id = words.needed(reader, Thing::Interop, "id");
    let place = id.map_or(words.place, |id| id.node.place);
    let words = words.at(place);
    let id = id.and_then(|id| reader.parsed(id, Wanted::Id, id_of)).unwrap_or_default();
    let title = text(reader, &words, Thing::Interop, "title");
    Some(common(reader, &words, Thing::Interop, defaults, id, title))
}

/// What is played, and how: all but what a step is worth.
fn common(reader: &mut Reader, words: &Fields, thing: Thing, defaults: &Defaults, id: String, title: String) -> Step {
    let limit = words.get("limit").and_then(|limit| reader.duration(limit)).unwrap_or(LIMIT);
    let Played { actors, start, files, lines, in_cell, pins, tools } = played(reader, words, thing, defaults, limit);
    let mut buffer = |word| words.get(word).and_then(|field| reader.size(field, 64 << 20));
    let mut step = Step {
        id,
        title,
        points: Points::ZERO,
        bonus: false,
        needs: Vec::new(),
        actors,
        start,
        exchange: lines,
        hint: String::new(),
        why: String::new(),
        try_it: None,
        files,
        hosts: BTreeMap::new(),
        receive_buffer: buffer("receive_buffer"),
        send_buffer: buffer("send_buffer"),
        times: 1,
        visibility: Visibility::default(),
        limit,
        requires: defaults.requires.to_vec(),
        place: words.place,
    };
    step.hosts = words.get("hosts").map(|field| hosts::read(reader, field)).unwrap_or_default();
    step.times = words.get("times").and_then(|times| reader.whole(times, 1, 1000)).unwrap_or(1) as u32;
    let mut requires = words.get("requires").map(|field| requires::read(reader, field)).unwrap_or_default();
    if in_cell || !step.hosts.is_empty() || step.receive_buffer.or(step.send_buffer).is_some() {
        requires.push(Requirement::Cell);
    }
    if pins {
        requires.push(Requirement::TwoProcessors);
    }
    requires.extend(tools.into_iter().map(Requirement::Tool));
    for requirement in requires {
        if !step.requires.contains(&requirement) {
            step.requires.push(requirement);
        }
    }
    step
}

fn text(reader: &mut Reader, words: &Fields, thing: Thing, word: &'static str) -> String {
    let field = words.needed(reader, thing, word);
    field.and_then(|field| reader.text(field)).unwrap_or_default()
}

/// Who plays, and what.
struct Played {
    actors: Vec<Actor>,
    start: Start,
    files: Vec<Laid>,
    lines: Vec<Line>,
    /// Something in it needs a network of the step's own.
    in_cell: bool,
    /// Something in it needs two processors.
    pins: bool,
    /// Programs that have to be there.
    tools: Vec<String>,
}

fn played(reader: &mut Reader, words: &Fields, thing: Thing, defaults: &Defaults, limit: Duration) -> Played {
    let mut actors = words.get("actors").map_or_else(Vec::new, |field| actors::read_all(reader, field));
    let roles = actors.iter().map(|read| (read.actor.name.clone(), read.good.then(|| read.actor.role.clone())));
    let mut scope = Scope::new(roles.collect(), limit);
    scope.payloads = files::names(defaults.files);
    let files = match words.get("files") {
        Some(field) => files::read(reader, &mut scope, field, defaults.files),
        None => defaults.files.to_vec(),
    };
    scope.has_files = !files.is_empty();
    for read in &mut actors {
        let Some(field) = read.files else { continue };
        scope.acting = read.actor.name.clone();
        read.actor.files = files::read(reader, &mut scope, field, &[]);
        scope.programs_with_files.insert(read.actor.name.clone());
    }
    scope.acting = STUDENT.to_owned();
    let own = words.get("start");
    let start = match own {
        Some(field) => start::read(reader, &mut scope, field),
        None => defaults.start.cloned(),
    };
    let exchange = words.needed(reader, thing, "exchange");
    let lines = exchange.map_or_else(Vec::new, |field| line::read_all(reader, &mut scope, field, 0));
    let actors: Vec<Actor> = actors.into_iter().map(|read| read.actor).collect();
    let start_place = own.map_or(words.place, |start| start.node.place);
    for (place, kind) in check::exchange(&scope, &actors, start.as_ref(), start_place) {
        reader.mistake(place, kind);
    }
    let in_cell = scope.in_cell || actors.iter().any(|actor| actors::needs_cell(&actor.role));
    let start = start.unwrap_or(Start::ByHand);
    Played { actors, start, files, lines, in_cell, pins: scope.pins, tools: scope.tools }
}

/// Of `a` to `z`, `0` to `9` and `-`.
pub fn id_of(text: &str) -> Option<String> {
    let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    Some(text.to_owned()).filter(|text| !text.is_empty() && text.bytes().all(sign))
}

fn needed_steps(reader: &mut Reader, field: Field) -> Vec<(String, Place)> {
    let entries = reader.one_or_list(field);
    entries.iter().filter_map(|entry| Some((reader.text(field.entry(entry))?, entry.place))).collect()
}

fn visibility(reader: &mut Reader, field: Field) -> Option<Visibility> {
    let choices = [
        ("visible", Visibility::Visible),
        ("hidden", Visibility::Hidden),
        ("after_due_date", Visibility::AfterDueDate),
    ];
    reader.choice(field, &choices)
}
