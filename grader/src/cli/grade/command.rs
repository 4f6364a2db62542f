//! From the arguments to a run, and from the run to an exit status.

use std::path::Path;
use std::time::Instant;

use super::built::programs;
use super::captures::captures;
use super::classroom50::assignment;
use super::run::Run;
use super::target::Targets;
use crate::cell::Level;
use crate::cli::args::GradeArgs;
use crate::cli::exit::Exit;
use crate::cli::level::{FEW, MANY, jobs, level};
use crate::cli::output::Output;
use crate::cli::select::select;
use crate::cli::trouble::Trouble;
use crate::engine::Settings;
use crate::report::{Detail, Format, Look, shell_word};
use crate::rubric::Library;
use crate::score::{LabScore, Scorecard};

/// `labs` is the folder that the library was read from, if it is not the built-in one.
pub fn grade(args: &GradeArgs, library: &Library, labs: Option<&Path>, output: &Output) -> Result<Exit, Trouble> {
    let asked = select(library, &args.lab, &args.step)?;
    let mut targets = Targets::of(args)?;
    let (capture, captures) = captures(args)?;
    let (level, level_why) = level(&args.play)?;
    // Short enough to type.
    let seed = args.seed.unwrap_or_else(|| fastrand::u32(..).into());
    let began = Instant::now();
    let card = Scorecard {
        submission: args.submission.clone().into_os_string(),
        level,
        level_why,
        seed,
        took: began.elapsed(),
        finished: false,
        labs: asked.iter().map(|asked| LabScore::new(asked.lab, &asked.only, Vec::new())).collect(),
    };
    let mut look = look(args, labs, output);
    if targets.formats().any(|format| format == Format::Classroom50) {
        look.assignment = assignment(&args.submission)?;
    }
    if let Some(captures) = &captures {
        captures.begin(&asked)?;
        look.captures = Some(captures.name());
        for target in &mut targets.files {
            target.captures = Some(captures.seen_from(target.file.folder()));
        }
    }
    let mut run = Run { card, targets, look };
    // From here on there is a valid result, whatever happens: nothing is known, and it is the grader that owes it.
    run.begin()?;
    let named = !args.lab.is_empty() || !args.step.is_empty();
    let trouble = match programs(&args.submission, &asked, named, level) {
        Ok(ready) => {
            let a_core = if ready.len() > 1 { MANY } else { FEW };
            let (jobs, confirm) = (jobs(&args.play, level, a_core), args.play.confirm.into());
            run.play(&ready, &Settings { level, seed, jobs, confirm, capture }, captures.as_ref());
            run.card.took = began.elapsed();
            run.card.finished = true;
            run.report(output)?;
            captures.map_or(Ok(()), |captures| captures.end())?;
            let exit = run.card.standing().into();
            return Ok(if args.exit_zero && !run.keeps_quiet_about(exit) { Exit::Done } else { exit });
        }
        Err(Trouble::Student(mistake)) => {
            run.refuse(&asked, &mistake, output)?;
            mistake.into()
        }
        Err(trouble) => {
            run.give_up(output)?;
            trouble
        }
    };
    if args.exit_zero && !run.keeps_quiet_about(trouble.exit()) {
        output.explain(&trouble);
        return Ok(Exit::Done);
    }
    Err(trouble)
}

fn look(args: &GradeArgs, labs: Option<&Path>, output: &Output) -> Look {
    let detail = match (args.verbose, args.step.is_empty()) {
        (true, _) => Detail::Everything,
        (false, false) => Detail::Failures,
        (false, true) => Detail::First,
    };
    let mut options = String::new();
    if let Some(labs) = labs {
        options.push_str(&format!(" --labs {}", shell_word(&labs.to_string_lossy())));
    }
    if let Some(level) = args.play.level {
        options.push_str(&format!(" --level {}", Level::from(level)));
    }
    if let Some(seed) = args.seed {
        options.push_str(&format!(" --seed {seed}"));
    }
    Look { detail, options, ..output.look.clone() }
}
