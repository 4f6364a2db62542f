//! A lab and its steps, as loaded from `labs/NAME/rubric.yaml`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use super::exchange::Line;
use super::files::Laid;
use super::place::{Place, Source};
use super::points::Points;
use super::role::{Actor, Role};
use super::template::Template;

/// One lab: a program to write and the steps it is graded by.
#[derive(Debug, Clone)]
pub struct Lab {
    /// The folder's name, `02-server`.
    pub id: String,
    pub title: String,
    /// The program that is graded: `client`, `server`, …
    pub program: String,
    /// Arguments the program is started with before a step's first line, unless the step says otherwise.
    pub start: Start,
    pub steps: Vec<Step>,
    /// Exchanges of this program with one of another submission: nobody is graded by them.
    pub interop: Vec<Step>,
    /// The rubric's text, for messages that quote it.
    pub source: Arc<Source>,
    /// The handout (`README.md`), empty when there is none.
    pub handout: String,
}

impl Lab {
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The steps to play for `only`: those and, transitively, those they need; all when it is empty.
    pub fn with_needs(&self, only: &[String]) -> Vec<&Step> {
        let mut ids: HashSet<&str> = only.iter().map(String::as_str).collect();
        if only.is_empty() {
            ids.extend(self.steps.iter().map(|step| step.id.as_str()));
        }
        loop {
            let needed = self.steps.iter().filter(|step| ids.contains(step.id.as_str())).flat_map(|step| &step.needs);
            let more: Vec<&str> = needed.map(String::as_str).filter(|id| !ids.contains(id)).collect();
            if more.is_empty() {
                return self.steps.iter().filter(|step| ids.contains(step.id.as_str())).collect();
            }
            ids.extend(more);
        }
    }

    /// The other programs that take part when these steps are played.
    pub fn programs_beside(&self, only: &[String]) -> BTreeSet<&str> {
        self.with_needs(only).into_iter().flat_map(Step::programs).collect()
    }

    /// What the lab is worth without extra credit.
    pub fn points(&self) -> Points {
        self.steps.iter().filter(|s| !s.bonus).map(|s| s.points).sum()
    }
}

impl Step {
    /// The other programs that take part in it.
    pub fn programs(&self) -> impl Iterator<Item = &str> {
        self.actors.iter().filter_map(|actor| match &actor.role {
            Role::Program(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// How a step begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// The exchange has `start` lines of its own.
    ByHand,
    /// The program runs with these arguments from before the first line.
    With(Vec<Template>),
}

/// One step of a lab: a requirement, how it is played and what it is worth.
#[derive(Debug, Clone)]
pub struct Step {
    /// Unique in its lab; `02-server/backlog` names the step from outside.
    pub id: String,
    pub title: String,
    pub points: Points,
    /// Extra credit, on top of the lab's 100 points.
    pub bonus: bool,
    /// Steps that have to pass first.
    pub needs: Vec<String>,
    pub actors: Vec<Actor>,
    pub start: Start,
    pub exchange: Vec<Line>,
    /// A question or a pointer that leads a student on.
    pub hint: String,
    /// The lecture's point that the step is about.
    pub why: String,
    /// A command with which a student sees the same from a shell, if there is a good one.
    pub try_it: Option<String>,
    /// What the program finds in `{files}`, the lab's first.
    pub files: Vec<Laid>,
    /// Names the student's resolver knows, forward and reverse. Needs a cell.
    pub hosts: BTreeMap<String, Vec<Ipv4Addr>>,
    /// Largest receive buffer of the cell's TCP sockets, in bytes (`net.ipv4.tcp_rmem`). Needs a cell.
    pub receive_buffer: Option<u64>,
    /// Largest send buffer of the cell's TCP sockets, in bytes (`net.ipv4.tcp_wmem`). Needs a cell.
    pub send_buffer: Option<u64>,
    /// The step is played this many times, each from the start; all have to pass.
    pub times: u32,
    pub visibility: Visibility,
    /// Bound of the whole step in fair time; 30 s unless the step says otherwise.
    pub limit: Duration,
    pub requires: Vec<Requirement>,
    /// Where `- id:` stands.
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    #[default]
    Visible,
    Hidden,
    AfterDueDate,
}

/// What a step needs of the machine; without it the step is `Unavailable`, never failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// A network of its own.
    Cell,
    Ipv6,
    /// The program's language has `fork(2)`.
    Fork,
    /// Two threads can run at once: whatever pins them needs that.
    TwoProcessors,
    /// A program in PATH.
    Tool(String),
}
