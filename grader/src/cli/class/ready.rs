//! The class that is meant: its submissions, its students, its labs, and where its results are kept.

use std::path::Path;

use crate::class::{CAPTURES, Entry, Header, Roster, RosterMistake, Shard, Store, StoreTrouble, Whose, entries};
use crate::cli::args::ClassOf;
use crate::cli::output::Output;
use crate::cli::trouble::{OwnFault, TaMistake, Trouble, cannot, reason};
use crate::report::{Detail, Look, shell_word};
use crate::submission::Cache;

const ROSTER: &str = "roster.csv";

/// The submissions (of one part of the class) with the roster, and for each the students that handed it in.
pub fn submissions(of: &ClassOf, shard: Option<Shard>) -> Result<(Vec<Entry>, Roster, Whose), Trouble> {
    let mut found = entries(&of.folder, &of.out).map_err(|error| {
        let hint = "give the folder with the submissions: each entry is one, a folder or an archive";
        TaMistake::usage(cannot("read", &of.folder, reason(&error)), hint)
    })?;
    if found.is_empty() {
        let what = format!("there is no submission in `{}`", of.folder.display());
        return Err(TaMistake::usage(what, "each entry of the folder is one, a folder or an archive").into());
    }
    let given = of.roster.clone();
    let path = given.or_else(|| Some(of.folder.join(ROSTER)).filter(|path| path.exists()));
    let wrong = |path: &Path, mistake: &RosterMistake| {
        TaMistake::usage(format!("the roster `{}` is of no use: {mistake}", path.display()), mistake.hint())
    };
    let (mut roster, mut whose) = (Roster::default(), vec![Vec::new(); found.len()]);
    if let Some(path) = path {
        roster = Roster::read(&path).map_err(|mistake| wrong(&path, &mistake))?;
        whose = roster.of(&found).map_err(|mistake| wrong(&path, &mistake))?;
    }
    if let Some(shard) = shard.filter(|shard| !shard.is_all()) {
        let mut part = found.iter().map(|entry| shard.has(&entry.name));
        whose.retain(|_| part.next().unwrap_or(false));
        found.retain(|entry| shard.has(&entry.name));
        // Whose submission is in another part has not handed in nothing.
        let kept: Vec<usize> = whose.iter().flatten().copied().collect();
        roster.students = kept.iter().map(|student| roster.students[*student].clone()).collect();
        let mut next = 0..;
        whose.iter_mut().flatten().for_each(|student| *student = next.next().unwrap_or_default());
    }
    Ok((found, roster, whose))
}

pub fn store(folder: &Path) -> Result<(Store, Option<Header>), Trouble> {
    Store::open(folder).map_err(|trouble| trouble_of(&trouble, folder))
}

/// Whose mistake it is.
pub fn trouble_of(trouble: &StoreTrouble, folder: &Path) -> Trouble {
    let what = format!("cannot keep results in `{}`: {trouble}", folder.display());
    match trouble {
        StoreTrouble::InUse => TaMistake::usage(what, "wait for it to end, or give another folder with `--out`").into(),
        StoreTrouble::NotOurs => TaMistake::usage(what, "give a new folder with `--out`").into(),
        StoreTrouble::Own { .. } => OwnFault::new(what).into(),
    }
}

pub fn cache() -> Result<Cache, OwnFault> {
    Cache::open().map_err(|error| OwnFault::new(format!("cannot open the build cache: {}", reason(&error))))
}

/// How the reports of a class look: each with all its failures.
pub fn look(output: &Output, labs: Option<&Path>, seed: u64) -> Look {
    let labs = labs.map(|labs| format!(" --labs {}", shell_word(&labs.to_string_lossy())));
    let options = format!("{} --seed {seed}", labs.unwrap_or_default());
    let captures = Some(CAPTURES.to_owned());
    Look { colour: false, detail: Detail::Failures, options, captures, ..output.look.clone() }
}
