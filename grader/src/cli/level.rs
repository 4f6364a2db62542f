//! The level at which submissions are graded, and how many steps at a time.

use std::thread;

use crate::cell::{Level, best_level, try_level};
use crate::cli::args::PlayArgs;
use crate::cli::trouble::OwnFault;

/// The level, and why it is no better: the one that was asked for, else the best; nothing below what is required.
pub fn level(args: &PlayArgs) -> Result<(Level, Option<String>), OwnFault> {
    let (best, why) = best_level();
    let asked = args.level.map(Level::from);
    let taken = asked.unwrap_or(best);
    let wanted = args.require_level.map(Level::from).into_iter().chain(asked);
    // Better levels come first.
    let lacking = wanted.filter(|wanted| *wanted < best || *wanted < taken).min();
    if let Some(lacking) = lacking {
        let why = why.filter(|_| lacking < best).unwrap_or_else(|| format!("`--level {taken}` was given"));
        return Err(OwnFault {
            what: format!(
                "nothing is graded: level `{lacking}` is asked for, and this is level `{}`: {why}",
                best.max(taken)
            ),
            hint: Some("`grader doctor` says what this machine can check".to_owned()),
        });
    }
    if taken != best
        && let Err(error) = try_level(taken)
    {
        let what =
            format!("nothing is graded: level `{taken}` is asked for, and this machine does not give it: {error}");
        return Err(OwnFault { what, hint: Some("`grader doctor` says what this machine can check".to_owned()) });
    }
    let why = if taken == best { why } else { Some(format!("`--level {taken}` was given")) };
    Ok((taken, why))
}

/// Steps wait more than they work. One lab's are done soon; more of them at a time only cost more.
pub const FEW: usize = 2;
/// Those of several labs.
pub const MANY: usize = 5;

/// So many a core. On a network that all of them share, one at a time: a program that listens on a port of its own choice would
/// keep itself from it.
pub fn jobs(args: &PlayArgs, level: Level, a_core: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let best = if level == Level::Cell { a_core * cores } else { 1 };
    args.jobs.map_or(best, usize::from)
}
