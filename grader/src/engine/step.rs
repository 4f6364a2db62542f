//! Plays one step, as often as it asks for, each time from the start in a cell of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use nix::sched::{CpuSet, sched_getaffinity};
use nix::unistd::Pid;
use sha2::{Digest, Sha256};

use super::capture::{Capture, Captured};
use super::frames::Frames;
use super::play::{Beside, Program, Settings};
use super::stage::{Stage, Stop};
use super::trace::Trace;
use super::verdict::{Outcome, Replays, Verdict};
use super::{act_student, fork, open, tool};
use crate::cell::{Cell, Level};
use crate::rubric::{Lab, Requirement, Start, Step};

/// How often a step is played whose pauses become too long.
const MOST_LATE: u32 = 10;

/// What came of one playing.
struct Played {
    verdict: Verdict,
    trace: Trace,
    /// Only when the verdict makes somebody want them.
    frames: Option<Frames>,
    /// A pause became longer than the exchange allows.
    late: bool,
    /// The program that plays beside it is to blame.
    is_partners: bool,
}

impl Played {
    fn without_trace(verdict: Verdict) -> Played {
        Played { verdict, trace: Trace::default(), frames: None, late: false, is_partners: false }
    }
}

/// Never panics: a panic in here is the grader's own trouble.
pub fn play(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> (Outcome, Option<Frames>) {
    let began = Instant::now();
    let Played { mut verdict, trace, frames, is_partners, .. } = all_rounds(lab, step, program, settings);
    if let Verdict::Unavailable { why } = &mut verdict
        && is_partners
    {
        why.insert_str(0, "the submission's ");
    }
    let took = began.elapsed();
    let replays = match verdict {
        Verdict::Failed(_) if settings.confirm > 0 => Some(replay(lab, step, program, settings)),
        _ => None,
    };
    let (lab, step, captured) = (lab.id.clone(), step.id.clone(), frames.as_ref().map(Captured::of));
    (Outcome { lab, step, verdict, trace, took, replays, captured }, frames)
}

/// Played once, between programs of two submissions: the verdict, and whether it is about the one that `step` does not
/// grade.
pub fn meet(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> (Verdict, bool) {
    let played = all_rounds(lab, step, program, settings);
    (played.verdict, played.is_partners)
}

/// With the same random bytes: what differs now is chance.
fn replay(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> Replays {
    let settings = Settings { capture: Capture::Never, ..*settings };
    let verdicts = (0..settings.confirm).map(|_| all_rounds(lab, step, program, &settings).verdict);
    let told = verdicts.filter(|verdict| !matches!(verdict, Verdict::Faulted { .. }));
    told.fold(Replays { played: 0, passed: 0 }, |so_far, verdict| Replays {
        played: so_far.played + 1,
        passed: so_far.passed + u32::from(verdict == Verdict::Passed),
    })
}

fn all_rounds(lab: &Lab, step: &Step, program: &Program, settings: &Settings) -> Played {
    if let Some(why) = unavailable(step, program, settings.level) {
        return Played::without_trace(Verdict::Unavailable { why });
    }
    if let Some(verdict) = alone(step, program) {
        return Played::without_trace(verdict);
    }
    let mut last = Played::without_trace(Verdict::Passed);
    for round in 0..step.times.max(1) {
        let seed = seed(settings.seed, lab, step, round);
        last = in_time(step, program, settings, seed);
        if let Verdict::Failed(failure) = &mut last.verdict
            && step.times > 1
        {
            let (round, times) = (round + 1, step.times);
            failure.observed.push(format!("this was time {round} of the {times} that the step is played"));
        }
        if last.verdict != Verdict::Passed {
            break;
        }
    }
    last
}

/// Plays again what has failed only because this machine was too busy to keep the exchange's pauses.
fn in_time(step: &Step, program: &Program, settings: &Settings, seed: u64) -> Played {
    for _ in 0..MOST_LATE {
        let played = catch_unwind(AssertUnwindSafe(|| once(step, program, settings, seed)))
            .unwrap_or_else(|panic| Played::without_trace(Verdict::Faulted { what: panic_text(&*panic) }));
        if !played.late || !matches!(played.verdict, Verdict::Failed(_)) {
            return played;
        }
    }
    let what = format!("this machine is too busy: in {MOST_LATE} tries, a pause of the exchange became too long");
    Played::without_trace(Verdict::Faulted { what })
}

fn once(step: &Step, program: &Program, settings: &Settings, seed: u64) -> Played {
    let mut stage = match Stage::set(step, program, settings.level, seed, settings.capture != Capture::Never) {
        Ok(stage) => stage,
        Err(Stop::Failed(failure)) => return Played::without_trace(Verdict::Failed(failure)),
        Err(Stop::Fault(what)) => return Played::without_trace(Verdict::Faulted { what }),
        Err(Stop::Unavailable(why) | Stop::Partner(why)) => {
            return Played::without_trace(Verdict::Unavailable { why });
        }
    };
    let played = match exchange(&mut stage, step) {
        Err(stop @ Stop::Failed(_)) => match stage.partners_fault() {
            Ok(Some(fault)) => Err(Stop::Partner(fault)),
            Ok(None) => Err(stop),
            Err(trouble) => Err(trouble),
        },
        played => played,
    };
    // Of a cell that somebody has killed, nothing that was seen in it counts.
    let checked = stage.partners.iter().map(|partner| &partner.cell).try_for_each(Cell::check);
    let played = stage.cell.check().and(checked).map_err(Stop::from).and(played);
    let is_partners = matches!(played, Err(Stop::Partner(_)));
    let mut trace = std::mem::take(&mut stage.trace);
    let verdict = match played {
        Ok(()) => Verdict::Passed,
        Err(Stop::Failed(failure)) => {
            if let Some(last) = trace.0.last_mut().filter(|last| last.place == failure.place) {
                last.wrong = true;
            }
            Verdict::Failed(failure)
        }
        Err(Stop::Fault(what)) => Verdict::Faulted { what },
        Err(Stop::Unavailable(why) | Stop::Partner(why)) => Verdict::Unavailable { why },
    };
    // Now, before the cell's end adds to them.
    let frames = if settings.capture.wants(&verdict) { stage.frames() } else { None };
    Played { verdict, trace, frames, late: stage.late, is_partners }
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

/// Where there is no program to play beside it.
fn alone(step: &Step, program: &Program) -> Option<Verdict> {
    step.programs().find_map(|name| match program.beside.get(name) {
        Some(Beside::Built(_)) => None,
        Some(Beside::Lacking(why)) => Some(Verdict::Unavailable { why: why.clone() }),
        Some(Beside::OwnFault(what)) => Some(Verdict::Faulted { what: what.clone() }),
        None => Some(Verdict::Faulted { what: format!("nobody has built `{name}`") }),
    })
}

fn unavailable(step: &Step, program: &Program, level: Level) -> Option<String> {
    step.requires.iter().find_map(|requirement| match requirement {
        Requirement::Cell if level != Level::Cell => {
            Some("it needs a network of its own, which this machine does not give".to_owned())
        }
        Requirement::Ipv6 if !has_ipv6() => Some("it needs IPv6, which this machine does not have".to_owned()),
        Requirement::TwoProcessors if !has_two_processors() => {
            Some("it needs two processors, and this machine gives one".to_owned())
        }
        Requirement::Fork => {
            let language = fork::language_without_fork(&program.folder.join(&program.name));
            language.map(|language| format!("it needs `fork`, which {language} does not have"))
        }
        Requirement::Tool(tool) if tool::find(tool).is_none() => {
            Some(format!("it needs `{tool}`, which is not installed"))
        }
        _ => None,
    })
}

fn has_ipv6() -> bool {
    std::net::TcpListener::bind(("::1", 0)).is_ok()
}

fn has_two_processors() -> bool {
    let ours = sched_getaffinity(Pid::from_raw(0));
    ours.is_ok_and(|ours| (0..CpuSet::count()).filter(|number| ours.is_set(*number).unwrap_or(false)).count() >= 2)
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
