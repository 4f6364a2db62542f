//! What the lines of a step can refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::moves::{Deed, Move};
use super::reader::{Field, Reader};
use crate::rubric::mistakes::Kind;
use crate::rubric::place::Place;
use crate::rubric::role::{Manner, Role, STUDENT};
use crate::rubric::suggest::nearest;
use crate::rubric::verbs::Who;

pub struct Scope {
    /// `None` for an actor whose role could not be read.
    pub actors: BTreeMap<String, Option<Role>>,
    /// Names given by `as` so far.
    pub payloads: Vec<String>,
    pub used: BTreeSet<String>,
    pub moves: Vec<Move>,
    pub limit: Duration,
    /// There is a folder `{files}`, for all but programs.
    pub has_files: bool,
    /// Programs that have one of their own.
    pub programs_with_files: BTreeSet<String>,
    /// Something that was read needs a network of the step's own.
    pub in_cell: bool,
    /// Threads are pinned to processors.
    pub pins: bool,
    /// Programs that tools run.
    pub tools: Vec<String>,
    /// Whose line is being read.
    pub acting: String,
    /// A pattern is being read.
    pub expecting: bool,
    /// What each client of a crowd sends is being read.
    pub each: bool,
    /// The text of a `repeat` is being read.
    pub repeating: bool,
}

impl Scope {
    pub fn new(actors: BTreeMap<String, Option<Role>>, limit: Duration) -> Scope {
        Scope {
            actors,
            payloads: Vec::new(),
            used: BTreeSet::new(),
            moves: Vec::new(),
            limit,
            has_files: false,
            programs_with_files: BTreeSet::new(),
            in_cell: false,
            pins: false,
            tools: Vec::new(),
            acting: STUDENT.to_owned(),
            expecting: false,
            each: false,
            repeating: false,
        }
    }

    /// `None` when it is not known what kind of actor that is.
    pub fn who(&self, actor: &str) -> Option<Who> {
        if actor == STUDENT {
            return Some(Who::Student);
        }
        match self.actors.get(actor)?.as_ref()? {
            Role::Client | Role::Clients(_) => Some(Who::Client),
            Role::Server { .. } => Some(Who::Server),
            Role::Tool => Some(Who::Tool),
            Role::Program(_) => Some(Who::Program),
        }
    }

    pub fn role(&self, actor: &str) -> Option<&Role> {
        self.actors.get(actor)?.as_ref()
    }

    /// Whether `{files}` means something to whoever is acting.
    pub fn knows_files(&self) -> bool {
        match self.role(&self.acting) {
            Some(Role::Program(_)) => self.programs_with_files.contains(&self.acting),
            _ => self.has_files,
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.actors.keys().map(String::as_str)
    }

    pub fn did(&mut self, verb: &str, deed: Deed, place: Place) {
        self.moves.push(Move { actor: self.acting.clone(), verb: verb.to_owned(), deed, place });
    }

    /// The name of an actor of the step, or the mistake.
    pub fn is_actor(&mut self, reader: &mut Reader, name: &str, place: Place) -> bool {
        if name == STUDENT || self.actors.contains_key(name) {
            self.used.insert(name.to_owned());
            return true;
        }
        let known: Vec<String> = std::iter::once(STUDENT).chain(self.names()).map(str::to_owned).collect();
        let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        // Nothing is said of an actor that is probably meant here.
        if let Some(near) = &near {
            self.used.insert(near.clone());
            self.moves.push(Move { actor: near.clone(), verb: String::new(), deed: Deed::Unsure, place });
        }
        reader.mistake(place, Kind::UnknownActor { name: name.to_owned(), near, known });
        false
    }

    /// A duration that has to fit into the step.
    pub fn within_limit(&self, reader: &mut Reader, field: Field) -> Option<Duration> {
        let time = reader.duration(field)?;
        if time > self.limit {
            let kind = Kind::LongerThanLimit { word: field.word.to_owned(), limit: self.limit };
            reader.mistake(field.node.place, kind);
        }
        Some(time)
    }
}

/// With its article: `a client`.
pub fn role_name(role: Option<&Role>) -> &'static str {
    match role {
        None => "the student",
        Some(Role::Client) => "a client",
        Some(Role::Clients(_)) => "a crowd of clients",
        Some(Role::Server { manner: Manner::Willing, .. }) => "a server",
        Some(Role::Server { manner: Manner::Silent, .. }) => "a silent server",
        Some(Role::Server { manner: Manner::Refusing, .. }) => "a refusing server",
        Some(Role::Server { manner: Manner::Squatting, .. }) => "a squatting server",
        Some(Role::Server { manner: Manner::Unreachable, .. }) => "an unreachable server",
        Some(Role::Tool) => "a tool",
        Some(Role::Program(_)) => "a program",
    }
}
