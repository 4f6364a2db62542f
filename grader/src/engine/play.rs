//! Plays the steps of labs against programs: in parallel, each in a cell of its own, in the order of `needs`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::capture::Capture;
use super::frames::Frames;
use super::order::waits_ahead;
use super::step;
use super::trace::Trace;
use super::verdict::{Outcome, Verdict};
use crate::cell::Level;
use crate::rubric::{Lab, Step};

/// The program under test, built.
#[derive(Debug, Clone)]
pub struct Program {
    /// A folder that anybody may read, with the executable (and what a script needs beside it).
    pub folder: PathBuf,
    /// The executable's file name in it, `server`.
    pub name: String,
    /// Other programs, by their names, for the steps in which one plays beside it.
    pub beside: BTreeMap<String, Beside>,
}

impl Program {
    pub fn new(folder: PathBuf, name: impl Into<String>) -> Program {
        Program { folder, name: name.into(), beside: BTreeMap::new() }
    }
}

/// A program that plays beside the one under test.
#[derive(Debug, Clone)]
pub enum Beside {
    /// A folder as that of [`Program`], built.
    Built(PathBuf),
    /// There is none, and that is nobody's mistake here: ``the submission has no `httpd` ``.
    Lacking(String),
    /// The grader could not build it.
    OwnFault(String),
}

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub level: Level,
    pub seed: u64,
    /// Steps played at the same time.
    pub jobs: usize,
    /// How often a step that failed is played again, to see how sure its verdict is; it stands in any case.
    pub confirm: u32,
    /// Of which steps the frames on their network are wanted.
    pub capture: Capture,
}

/// One lab against one program.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    pub lab: &'a Lab,
    /// The ids of the steps to play, all when empty. Those that they need are played too, but not told of.
    pub only: &'a [String],
    pub program: &'a Program,
}

impl Part<'_> {
    fn is_asked_for(&self, step: &Step) -> bool {
        self.only.is_empty() || self.only.contains(&step.id)
    }
}

/// Plays all parts at once, and gives back the outcomes of each in its rubric's order.
/// `on_outcome` hears of each step as it ends, from any thread, and gets its frames, which nobody else has.
pub fn play(
    parts: &[Part],
    settings: &Settings,
    on_outcome: &(dyn Fn(&Outcome, Option<&Frames>) + Sync),
) -> Vec<Vec<Outcome>> {
    let board = Board::new(parts);
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs.clamp(1, board.steps.len().max(1)) {
            scope.spawn(|| {
                while let Some((at, verdict)) = board.next() {
                    let Entry { part, step, .. } = board.steps[at];
                    let Part { lab, program, .. } = parts[part];
                    let (outcome, frames) = match verdict {
                        Readiness::Play => step::play(lab, step, program, settings),
                        Readiness::Block(needs) => (blocked(lab, step, needs), None),
                    };
                    if parts[part].is_asked_for(step) {
                        on_outcome(&outcome, frames.as_ref());
                    }
                    drop(frames);
                    board.done(part, outcome);
                }
            });
        }
    });
    let done = board.state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).done;
    let asked = |(part, mut done): (&Part, HashMap<String, Outcome>)| {
        let asked = part.lab.steps.iter().filter(|step| part.is_asked_for(step));
        asked.filter_map(|step| done.remove(&step.id)).collect()
    };
    parts.iter().zip(done).map(asked).collect()
}

fn blocked(lab: &Lab, step: &Step, needs: String) -> Outcome {
    Outcome {
        lab: lab.id.clone(),
        step: step.id.clone(),
        verdict: Verdict::Blocked { needs },
        trace: Trace::default(),
        took: Duration::ZERO,
        replays: None,
        captured: None,
    }
}

/// Who plays what: shared by the workers.
struct Board<'p> {
    steps: Vec<Entry<'p>>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Clone, Copy)]
struct Entry<'p> {
    part: usize,
    step: &'p Step,
    /// How long it and the longest chain of those after it do nothing but wait.
    ahead: Duration,
}

#[derive(Default)]
struct State {
    /// By their places in `steps`.
    begun: HashSet<usize>,
    /// Of each part, by their ids.
    done: Vec<HashMap<String, Outcome>>,
}

enum Readiness {
    Play,
    /// A step it needs has not passed.
    Block(String),
}

impl<'p> Board<'p> {
    fn new(parts: &[Part<'p>]) -> Board<'p> {
        let entries = |(part, of): (usize, &Part<'p>)| {
            let steps = of.lab.with_needs(of.only);
            let ahead = waits_ahead(&steps);
            steps.into_iter().zip(ahead).map(move |(step, ahead)| Entry { part, step, ahead }).collect::<Vec<_>>()
        };
        let steps = parts.iter().enumerate().flat_map(entries).collect();
        let state = State { begun: HashSet::new(), done: vec![HashMap::new(); parts.len()] };
        Board { steps, state: Mutex::new(state), changed: Condvar::new() }
    }

    /// A step whose needs are known: of several, the one with most waiting ahead, for others work meanwhile. Waits for one;
    /// `None` when all are begun.
    fn next(&self) -> Option<(usize, Readiness)> {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        loop {
            let mut waiting = (0..self.steps.len()).filter(|at| !state.begun.contains(at)).peekable();
            waiting.peek()?;
            let known = |at: usize| {
                let Entry { part, step, .. } = self.steps[at];
                readiness(step, &state.done[part]).map(|readiness| (at, readiness))
            };
            // The first of those that are equal.
            let ready = waiting.filter_map(known).min_by_key(|(at, _)| Reverse(self.steps[*at].ahead));
            if let Some((at, readiness)) = ready {
                state.begun.insert(at);
                return Some((at, readiness));
            }
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    fn done(&self, part: usize, outcome: Outcome) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.done[part].insert(outcome.step.clone(), outcome);
        self.changed.notify_all();
    }
}

/// A step that could not be checked holds up nobody: that it would have failed is not known.
fn readiness(step: &Step, done: &HashMap<String, Outcome>) -> Option<Readiness> {
    let mut known = true;
    for needed in &step.needs {
        match done.get(needed).map(|outcome| &outcome.verdict) {
            None => known = false,
            Some(Verdict::Failed(_) | Verdict::Blocked { .. }) => return Some(Readiness::Block(needed.clone())),
            Some(_) => {}
        }
    }
    known.then_some(Readiness::Play)
}
