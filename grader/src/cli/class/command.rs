//! From the arguments to a graded class.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::ended::ended;
use super::progress::Progress;
use super::ready::{cache, look, store, submissions, trouble_of};
use super::seed;
use super::watch::Watch;
use crate::class::{Causes, Class, Header, News, Shard, Wanted, is_meant, known, lab_hash, publish, run};
use crate::cli::args::ClassArgs;
use crate::cli::exit::Exit;
use crate::cli::level::{FEW, jobs, level};
use crate::cli::output::Output;
use crate::cli::select::{find_step, select};
use crate::cli::trouble::{OwnFault, TaMistake, Trouble, reason};
use crate::engine::Capture;
use crate::rubric::Library;

/// `labs` is the folder that the library was read from, if it is not the built-in one.
pub fn class(args: &ClassArgs, library: &Library, labs: Option<&Path>, output: &Output) -> Result<Exit, Trouble> {
    let asked = select(library, &args.of.lab, &[])?;
    let wanted = wanted(args, library)?;
    let shard = shard(args, output)?;
    let (entries, roster, whose) = submissions(&args.of, shard)?;
    let (level, level_why) = level(&args.play)?;
    let out = match shard {
        Some(shard) => args.of.out.join(shard.folder()),
        None => args.of.out.clone(),
    };
    let (store, header) = store(&out)?;
    let seed = match (args.seed, header, shard) {
        (Some(seed), ..) => seed,
        (None, Some(header), _) => header.seed,
        (None, None, None) => seed::draw(),
        (None, None, Some(_)) => seed::shared(&args.of.out).map_err(|error| {
            OwnFault::new(format!("cannot agree on a seed with the other parts: {}", reason(&error)))
        })?,
    };
    let labs_of_class: Vec<_> = asked.iter().map(|asked| (asked.lab, lab_hash(asked.lab))).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let class = Class {
        entries,
        roster,
        whose,
        labs: labs_of_class,
        store,
        wanted,
        level,
        level_why,
        seed,
        confirm: args.play.confirm.into(),
        capture: args.play.capture.map_or(Capture::Failed, Capture::from),
        jobs: jobs(&args.play, level, FEW),
        builders: cores,
        look: look(output, labs, seed),
    };
    unknown_names(args, &class)?;
    let header = Header::new(seed, asked.iter().map(|asked| asked.lab.id.clone()).collect(), shard);
    class.store.keep_header(&header).map_err(|trouble| trouble_of(&trouble, &out))?;
    grade(&class, &out, output)
}

fn grade(class: &Class, out: &Path, output: &Output) -> Result<Exit, Trouble> {
    let kept = |trouble| trouble_of(&trouble, out);
    let cache = cache()?;
    let causes = Causes::default();
    let stop = Arc::new(AtomicBool::new(false));
    let progress = Progress::new();
    let watch = Watch::begin(&stop, &progress)
        .map_err(|error| OwnFault::new(format!("cannot watch for signals: {}", reason(&error))))?;
    let (mut rows, chosen) = known(class, &causes).map_err(kept)?;
    publish(class, &rows).map_err(kept)?;
    let mut tell = |news: News| {
        let name = match &news {
            News::Graded { at, .. } => class.entries[*at].id.clone(),
            _ => String::new(),
        };
        progress.hear(&news, &name);
    };
    let ran = run(class, &cache, &causes, (&mut rows, &chosen), &stop, &mut tell, &mut |rows| publish(class, rows));
    progress.end();
    drop(watch);
    ran.map_err(kept)?;
    publish(class, &rows).map_err(kept)?;
    let interrupted = stop.load(Ordering::Relaxed) && progress.with_status(|status| status.done() < status.chosen);
    output.print(&progress.with_status(|status| ended(class, &rows, status, out, interrupted)))?;
    Ok(match interrupted {
        true => Exit::Interrupted,
        false if rows.iter().any(|row| row.finished && !row.is_final()) => Exit::OwnFault,
        false => Exit::Done,
    })
}

fn wanted(args: &ClassArgs, library: &Library) -> Result<Wanted, Trouble> {
    let chosen: Vec<_> = select(library, &args.of.lab, &[])?.iter().map(|asked| asked.lab).collect();
    let step = |name: &String| find_step(library, &chosen, name).map(|(lab, step)| (lab.id.clone(), step.id.clone()));
    Ok(Wanted {
        only: args.only.clone(),
        failed: args.failed,
        faulted: args.faulted,
        steps: args.steps.iter().map(step).collect::<Result<_, _>>()?,
        again: args.again,
    })
}

/// As asked for, else as the machine's scheduler says; nothing for the whole class.
fn shard(args: &ClassArgs, output: &Output) -> Result<Option<Shard>, Trouble> {
    if let Some(shard) = args.shard {
        return Ok(Some(shard).filter(|shard| !shard.is_all()));
    }
    let found = Shard::of_scheduler(|name| std::env::var(name).ok()).map_err(|variable| {
        let what = format!("`{variable}` does not say which part of the class this machine is to grade");
        TaMistake::usage(what, "say so with `--shard K/N`; `--shard 1/1` is the whole class")
    })?;
    let found = found.filter(|(shard, _)| !shard.is_all());
    if let Some((shard, scheduler)) = found {
        output.complain(&format!("part {shard} of the class, as {scheduler} says; `--shard 1/1` would be all of it"));
    }
    Ok(found.map(|(shard, _)| shard))
}

/// A name that nobody has is a slip. In one part of a class it may be another part's.
fn unknown_names(args: &ClassArgs, class: &Class) -> Result<(), TaMistake> {
    let nobody = |name: &&String| {
        let mut entries = class.entries.iter().enumerate();
        !entries.any(|(at, entry)| is_meant(name, entry, &class.students(at)))
    };
    let slip = args.only.iter().find(nobody).filter(|_| args.shard.is_none());
    slip.map_or(Ok(()), |name| {
        let what = format!("no submission is called `{}`", crate::engine::plain(name));
        let names = class.entries.iter().map(|entry| entry.id.as_str());
        let hint = match crate::rubric::nearest(name, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "names are those of the folder's entries, or of the roster's students".to_owned(),
        };
        Err(TaMistake::usage(what, hint))
    })
}
