//! The order of an exchange's lines: nobody speaks before connecting or after closing.

use std::collections::{BTreeMap, BTreeSet};

use crate::rubric::lab::Start;
use crate::rubric::mistakes::Kind;
use crate::rubric::place::Place;
use crate::rubric::read::{Deed, Move, Scope};
use crate::rubric::role::{Actor, Manner, Role, STUDENT};

/// A connection's life, seen from its actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    New,
    Open,
    /// `close: write` on this line.
    HalfClosed(usize),
    /// `close: both` or `close: reset` on this line.
    Closed(&'static str, usize),
    /// The student has ended it, or the program is gone: it may be open or not.
    Loose,
    Unsure,
}

/// Whether another program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    NotYet,
    Started,
    Unsure,
}

/// `start` is the step's own or the lab's, `None` if it could not be read; `place` is where to say that it is missing.
pub fn exchange(scope: &Scope, actors: &[Actor], start: Option<&Start>, place: Place) -> Vec<(Place, Kind)> {
    let mut check = Check::new(actors, start);
    let starts = |made: &Move| made.actor == STUDENT && matches!(made.deed, Deed::Start | Deed::Unsure);
    if start == Some(&Start::ByHand) && !scope.moves.iter().any(starts) {
        check.found.push((place, Kind::StartMissing));
        // Once is enough.
        check.started = true;
    }
    for made in &scope.moves {
        check.look(made);
    }
    check.found.extend(
        check.programs.iter().filter(|(name, run)| **run == Run::NotYet && scope.used.contains(**name)).map(
            |(name, _)| {
                let place = actors.iter().find(|actor| actor.name == **name).map_or(place, |actor| actor.place);
                (place, Kind::ProgramNotStarted { name: (*name).to_owned() })
            },
        ),
    );
    let unused = actors.iter().filter(|actor| match scope.role(&actor.name) {
        // Who could not be read is not told off for doing nothing as well.
        None => false,
        // They do all they have to by being there.
        Some(Role::Server { manner: Manner::Squatting, .. } | Role::Server { port: Some(_), .. }) => false,
        Some(_) => !scope.used.contains(&actor.name),
    });
    check.found.extend(unused.map(|actor| (actor.place, Kind::UnusedActor { name: actor.name.clone() })));
    check.found
}

struct Check<'a> {
    lives: BTreeMap<&'a str, Life>,
    openers: BTreeMap<&'a str, &'static str>,
    programs: BTreeMap<&'a str, Run>,
    started: bool,
    /// A line of the student's could not be read: it may have been a `start`.
    unsure_start: bool,
    /// The program may have ended since it was started.
    may_have_ended: bool,
    remembered: BTreeSet<&'static str>,
    found: Vec<(Place, Kind)>,
}

impl<'a> Check<'a> {
    fn new(actors: &'a [Actor], start: Option<&Start>) -> Check<'a> {
        let opener = |role: &Role| match role {
            Role::Client | Role::Clients(_) => "connect",
            Role::Server { .. } | Role::Tool | Role::Program(_) => "accept",
        };
        // A tool's connections are its own, and a program's.
        let connects = |actor: &&Actor| !matches!(actor.role, Role::Tool | Role::Program(_));
        let is_program = |actor: &&Actor| matches!(actor.role, Role::Program(_));
        Check {
            lives: actors.iter().filter(connects).map(|actor| (actor.name.as_str(), Life::New)).collect(),
            openers: actors.iter().map(|actor| (actor.name.as_str(), opener(&actor.role))).collect(),
            programs: actors.iter().filter(is_program).map(|actor| (actor.name.as_str(), Run::NotYet)).collect(),
            started: start != Some(&Start::ByHand),
            unsure_start: start.is_none(),
            may_have_ended: start.is_none(),
            remembered: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    fn look(&mut self, made: &Move) {
        if made.actor == STUDENT {
            return self.student(made);
        }
        if let Some(started) = self.programs.get_mut(made.actor.as_str()) {
            let name = made.actor.clone();
            *started = match (*started, made.deed) {
                (Run::Started, Deed::Start) => {
                    self.found.push((made.place, Kind::ProgramStarted { name }));
                    Run::Started
                }
                (Run::NotYet, Deed::Expect) => {
                    self.found.push((made.place, Kind::ProgramNotStarted { name }));
                    Run::Unsure
                }
                (_, Deed::Unsure) => Run::Unsure,
                (Run::NotYet, Deed::Start) => Run::Started,
                (run, _) => run,
            };
            return;
        }
        let Some(life) = self.lives.get(made.actor.as_str()).copied() else { return };
        if life == Life::Unsure {
            return;
        }
        let line = made.place.line;
        let next = match made.deed {
            Deed::Unsure => Life::Unsure,
            Deed::Open => {
                if matches!(life, Life::Open | Life::HalfClosed(_)) {
                    let (actor, verb) = (made.actor.clone(), made.verb.clone());
                    self.found.push((made.place, Kind::OpenAlready { actor, verb }));
                }
                Life::Open
            }
            Deed::Mention(fact) => {
                if life == Life::New {
                    self.found.push((made.place, Kind::FactTooEarly { actor: made.actor.clone(), fact }));
                }
                return;
            }
            Deed::Pace if life == Life::New => return,
            // Whoever cannot was told so when the line was read.
            Deed::Start => return,
            _ if life == Life::New => {
                let opener = self.openers.get(made.actor.as_str()).copied().unwrap_or("connect");
                let (actor, verb) = (made.actor.clone(), made.verb.clone());
                self.found.push((made.place, Kind::BeforeOpen { actor, verb, opener }));
                // Once is enough.
                Life::Unsure
            }
            _ if matches!(life, Life::Closed(..)) => return self.after_close(made, life),
            Deed::Send | Deed::CloseWrite if matches!(life, Life::HalfClosed(_)) => {
                return self.after_close(made, life);
            }
            Deed::Ending => Life::Loose,
            Deed::CloseWrite => Life::HalfClosed(line),
            Deed::CloseBoth => Life::Closed("both", line),
            Deed::CloseReset => Life::Closed("reset", line),
            _ => return,
        };
        if let Some(life) = self.lives.get_mut(made.actor.as_str()) {
            *life = next;
        }
    }

    fn after_close(&mut self, made: &Move, life: Life) {
        let (closing, line) = match life {
            Life::Closed(closing, line) => (closing, line),
            Life::HalfClosed(line) => ("write", line),
            _ => return,
        };
        let (actor, verb) = (made.actor.clone(), made.verb.clone());
        self.found.push((made.place, Kind::AfterClose { actor, verb, closing, line }));
    }

    fn student(&mut self, made: &Move) {
        match made.deed {
            Deed::Unsure => {
                self.unsure_start = true;
                self.may_have_ended = true;
            }
            Deed::Start => {
                if self.started && !self.may_have_ended {
                    self.found.push((made.place, Kind::StartedAlready));
                }
                self.started = true;
                self.may_have_ended = false;
            }
            Deed::Mention(_) => {}
            // The `observe` around it is told of below.
            Deed::Remember(_) | Deed::Steady(_) | Deed::More(_) if !self.started && !self.unsure_start => {}
            _ if !self.started && !self.unsure_start => {
                self.found.push((made.place, Kind::BeforeStart { verb: made.verb.clone() }));
            }
            Deed::Remember(what) => {
                self.remembered.insert(what);
            }
            Deed::Steady(what) if !self.remembered.contains(what) => {
                self.found.push((made.place, Kind::NothingRemembered { what, now: "steady" }));
            }
            Deed::More(what) if !self.remembered.contains(what) => {
                self.found.push((made.place, Kind::NothingRemembered { what, now: "\"+…\"" }));
            }
            Deed::Restart => self.loosen(),
            Deed::End => {
                self.may_have_ended = true;
                self.loosen();
            }
            _ => {}
        }
    }

    /// With the program, connections may have ended.
    fn loosen(&mut self) {
        for life in self.lives.values_mut().filter(|life| **life == Life::Open) {
            *life = Life::Loose;
        }
    }
}
