//! Plays one step, as often as it asks for, each time from the start in a cell of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::play::{Program, Settings};
use super::stage::{Stage, Stop};
use super::trace::Trace;
use super::verdict::{Outcome, Replays, Verdict};
use super::{act_student, open, tool};
use crate::cell::Level;
use crate::rubric::{Lab, Requirement, Start, Step};

/// Never panics: a panic in here is the grader's own trouble.
pub fn play(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> Outcome {
    let began = Instant::now();
    let (verdict, trace) = all_rounds(lab, step, program, settings);
    let took = began.elapsed();
    let replays = match verdict {
        Verdict::Failed(_) if settings.confirm > 0 => Some(replay(lab, step, program, settings)),
        _ => None,
    };
    Outcome { lab: lab.id.clone(), step: step.id.clone(), verdict, trace, took, replays }
}

/// With the same random bytes: what differs now is chance.
fn replay(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> Replays {
    let verdicts = (0..settings.confirm).map(|_| all_rounds(lab, step, program, settings).0);
    let told = verdicts.filter(|verdict| !matches!(verdict, Verdict::Faulted { .. }));
    told.fold(Replays { played: 0, passed: 0 }, |so_far, verdict| Replays {
        played: so_far.played + 1,
        passed: so_far.passed + u32::from(verdict == Verdict::Passed),
    })
}

fn all_rounds(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> (Verdict, Trace) {
    if let Some(why) = unavailable(step, settings.level) {
        return (Verdict::Unavailable { why }, Trace::default());
    }
    let mut trace = Trace::default();
    for round in 0..step.times.max(1) {
        let seed = seed(settings.seed, lab, step, round);
        let (verdict, played) = catch_unwind(AssertUnwindSafe(|| once(step, program, settings.level, seed)))
            .unwrap_or_else(|panic| (Verdict::Faulted { what: panic_text(&*panic) }, Trace::default()));
        trace = played;
        match verdict {
            Verdict::Passed => {}
            Verdict::Failed(mut failure) if step.times > 1 => {
                let (round, times) = (round + 1, step.times);
                failure.observed.push(format!("this was time {round} of the {times} that the step is played"));
                return (Verdict::Failed(failure), trace);
            }
            verdict => return (verdict, trace),
        }
    }
    (Verdict::Passed, trace)
}

fn once(step: &Step, program: &Program, level: Level, seed: u64) -> (Verdict, Trace) {
    let mut stage = match Stage::set(step, program, level, seed) {
        Ok(stage) => stage,
        Err(Stop::Failed(failure)) => return (Verdict::Failed(failure), Trace::default()),
        Err(Stop::Fault(what)) => return (Verdict::Faulted { what }, Trace::default()),
        Err(Stop::Unavailable(why)) => return (Verdict::Unavailable { why }, Trace::default()),
    };
    let played = exchange(&mut stage, step);
    // Of a cell that somebody has killed, nothing that was seen in it counts.
    let played = stage.cell.check().map_err(Stop::from).and(played);
    let mut trace = std::mem::take(&mut stage.trace);
    match played {
        Ok(()) => (Verdict::Passed, trace),
        Err(Stop::Failed(failure)) => {
            if let Some(last) = trace.0.last_mut().filter(|last| last.place == failure.place) {
                last.wrong = true;
            }
            (Verdict::Failed(failure), trace)
        }
        Err(Stop::Fault(what)) => (Verdict::Faulted { what }, trace),
        Err(Stop::Unavailable(why)) => (Verdict::Unavailable { why }, trace),
    }
}

fn exchange(stage: &mut Stage, step: &Step) -> Result<(), Stop> {
    for actor in 0..stage.actors.len() {
        open::listen(stage, actor)?;
    }
    if let Start::With(arguments) = &step.start {
        act_student::start(stage, arguments)?;
    }
    stage.play(&step.exchange)
}

fn unavailable(step: &Step, level: Level) -> Option<String> {
    step.requires.iter().find_map(|requirement| match requirement {
        Requirement::Cell if level != Level::Cell => {
            Some("it needs a network of its own, which this machine does not give".to_owned())
        }
        Requirement::Ipv6 if !has_ipv6() => Some("it needs IPv6, which this machine does not have".to_owned()),
        Requirement::Tool(tool) if tool::find(tool).is_none() => {
            Some(format!("it needs `{tool}`, which is not installed"))
        }
        _ => None,
    })
}

fn has_ipv6() -> bool {
    std::net::TcpListener::bind(("::1", 0)).is_ok()
}

/// Each playing has random bytes of its own, all from the run's seed.
fn seed(run: u64, lab: &Lab, step: &Step, round: u32) -> u64 {
    let digest = Sha256::digest(format!("{run}/{}/{}/{round}", lab.id, step.id));
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("the grader panicked: {}", text.unwrap_or("without a message"))
}
