//! From the parts that several machines have graded to the whole class.

use std::path::Path;

use super::ready::{look, store, submissions, trouble_of};
use crate::cell::Level;
use crate::class::{Causes, Class, Header, Merged, Wanted, collect, known, lab_hash, parts, publish};
use crate::cli::args::MergeArgs;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::select::select;
use crate::cli::trouble::{TaMistake, Trouble};
use crate::engine::{Capture, count, list};
use crate::rubric::Library;

pub fn merge(args: &MergeArgs, library: &Library, labs: Option<&Path>, output: &Output) -> Result<Exit, Trouble> {
    let out = &args.of.out;
    let (entries, roster, whose) = submissions(&args.of, None)?;
    let found = parts(out).map_err(|trouble| trouble_of(&trouble, out))?;
    let Some((_, first)) = found.parts.first() else {
        let what = format!("there are no parts of a class in `{}`", out.display());
        return Err(TaMistake::usage(what, "`grader class FOLDER --out RESULTS --shard K/N` makes one").into());
    };
    if found.differ {
        let what =
            format!("the parts in `{}` are not of one class: other labs, or another number of parts", out.display());
        return Err(TaMistake::usage(what, "remove those that are from an earlier run").into());
    }
    if !found.missing.is_empty() && !args.partial {
        let names: Vec<String> = found.missing.iter().map(|shard| format!("`{}`", shard.folder())).collect();
        let what = format!("parts of the class are missing: {}", list(&names, "and"));
        return Err(TaMistake::usage(what, "grade them first, or go on without them: `--partial`").into());
    }
    // The labs that were graded, unless others are asked for.
    let names = if args.of.lab.is_empty() { &first.labs } else { &args.of.lab };
    let asked = select(library, names, &[])?;
    let (store, _) = store(out)?;
    let class = Class {
        entries,
        roster,
        whose,
        labs: asked.iter().map(|asked| (asked.lab, lab_hash(asked.lab))).collect(),
        store,
        wanted: Wanted::default(),
        // Of those that nobody has graded; each of the others keeps its own.
        level: Level::Cell,
        level_why: None,
        seed: first.seed,
        confirm: 0,
        capture: Capture::Never,
        jobs: 1,
        builders: 1,
        look: look(output, labs, first.seed),
    };
    let kept = |trouble| trouble_of(&trouble, out);
    let header = Header::new(first.seed, asked.iter().map(|asked| asked.lab.id.clone()).collect(), None);
    class.store.keep_header(&header).map_err(kept)?;
    let merged = collect(&class, &found).map_err(kept)?;
    let (rows, _) = known(&class, &Causes::default()).map_err(kept)?;
    publish(&class, &rows).map_err(kept)?;
    output.print(&said(&merged, rows.len(), found.parts.len(), out))?;
    Ok(if merged.open.is_empty() { Exit::Done } else { Exit::OwnFault })
}

fn said(merged: &Merged, all: usize, parts: usize, out: &Path) -> String {
    let mut text =
        format!("{} of {} from {}\n", merged.taken, count(all as u64, "submission"), count(parts as u64, "part"),);
    if !merged.open.is_empty() {
        let names: Vec<String> = merged.open.iter().take(10).map(|id| format!("`{id}`")).collect();
        let more = merged.open.len() - names.len();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        text.push_str(&format!("no part has graded {}{more}: `grader class` grades them\n", names.join(", ")));
    }
    text.push_str(&format!("{}\n", out.join("index.html").display()));
    text
}
