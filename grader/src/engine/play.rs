//! Plays the steps of a lab against one program: in parallel, each in a cell of its own, in the order of `needs`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::capture::Capture;
use super::frames::Frames;
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

/// Plays `only` (all steps when empty; the steps they need are played too, but not returned), in the rubric's order.
/// `on_outcome` hears of each step as it ends, from any thread, and gets its frames, which nobody else has.
pub fn play(
    lab: &Lab,
    only: &[String],
    program: &Program,
    settings: &Settings,
    on_outcome: &(dyn Fn(&Outcome, Option<&Frames>) + Sync),
) -> Vec<Outcome> {
    let wanted = |step: &Step| only.is_empty() || only.contains(&step.id);
    let board = Board { steps: lab.with_needs(only), state: Mutex::default(), changed: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..settings.jobs.clamp(1, board.steps.len().max(1)) {
            scope.spawn(|| {
                while let Some(task) = board.next() {
                    let (outcome, frames) = match task {
                        Task::Play(step) => step::play(lab, step, program, settings),
                        Task::Block(step, needs) => (blocked(lab, step, needs), None),
                    };
                    if lab.step(&outcome.step).is_some_and(wanted) {
                        on_outcome(&outcome, frames.as_ref());
                    }
                    drop(frames);
                    board.done(outcome);
                }
            });
        }
    });
    let mut done = board.state.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()).done;
    lab.steps.iter().filter(|step| wanted(step)).filter_map(|step| done.remove(&step.id)).collect()
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
struct Board<'l> {
    steps: Vec<&'l Step>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    begun: HashSet<String>,
    done: HashMap<String, Outcome>,
}

enum Task<'l> {
    Play(&'l Step),
    /// A step it needs has not passed.
    Block(&'l Step, String),
}

impl<'l> Board<'l> {
    /// The next step whose needs are known; waits for one, `None` when all are begun.
    fn next(&self) -> Option<Task<'l>> {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        loop {
            let mut waiting = self.steps.iter().filter(|step| !state.begun.contains(&step.id)).peekable();
            waiting.peek()?;
            let ready = waiting.find_map(|step| readiness(step, &state.done));
            if let Some(task) = ready {
                let (Task::Play(step) | Task::Block(step, _)) = &task;
                state.begun.insert(step.id.clone());
                return Some(task);
            }
            state = self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    fn done(&self, outcome: Outcome) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        state.done.insert(outcome.step.clone(), outcome);
        self.changed.notify_all();
    }
}

/// A step that could not be checked holds up nobody: that it would have failed is not known.
fn readiness<'l>(step: &'l Step, done: &HashMap<String, Outcome>) -> Option<Task<'l>> {
    let mut known = true;
    for needed in &step.needs {
        match done.get(needed).map(|outcome| &outcome.verdict) {
            None => known = false,
            Some(Verdict::Failed(_) | Verdict::Blocked { .. }) => return Some(Task::Block(step, needed.clone())),
            Some(_) => {}
        }
    }
    known.then_some(Task::Play(step))
}
