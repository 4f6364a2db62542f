//! `interop`: many submissions against each other.

use std::path::{Path, PathBuf};
use std::thread;

use super::args::{InteropArgs, PlayArgs};
use super::exit::Exit;
use super::level::{MANY, jobs, level};
use super::output::Output;
use super::progress::Progress;
use super::select::select;
use super::trouble::{OwnFault, TaMistake, Trouble};
use crate::engine::{Capture, Settings, plain};
use crate::interop::{How, Matrix, Plan, REFERENCE, Subject, interop as play, json, text};
use crate::result_file::ResultFile;
use crate::rubric::{Lab, Library};
use crate::submission::Cache;

pub fn interop(args: &InteropArgs, library: &Library, output: &Output) -> Result<Exit, Trouble> {
    let labs = labs(args, library)?;
    let paths = with_reference(&args.submissions)?;
    let play_args =
        PlayArgs { level: args.level, require_level: args.require_level, confirm: 0, capture: None, jobs: args.jobs };
    let (level, level_why) = level(&play_args)?;
    let seed = args.seed.unwrap_or_else(|| fastrand::u32(..).into());
    let plan = Plan {
        settings: Settings { level, seed, jobs: 1, confirm: 0, capture: Capture::Never },
        jobs: jobs(&play_args, level, MANY),
        builders: thread::available_parallelism().map_or(1, usize::from),
    };
    let how = How { level, why: level_why, seed };
    let file = args.json.as_deref().filter(|path| *path != Path::new("-")).map(ResultFile::at);
    if let Some(file) = &file {
        // Before anybody has waited for it.
        file.save(&json(&[], &how)).map_err(|error| TaMistake::unwritable(file, &error, "json"))?;
    }
    let cache = Cache::open().map_err(|error| OwnFault::new(format!("cannot open the build cache: {error}")))?;
    let mut subjects = Subject::open_all(&paths);
    let matrices = {
        let progress = Progress::new();
        play(&labs, &mut subjects, &plan, &cache, &|what| progress.say(what))
    };
    if let Some(file) = &file {
        file.finish(&json(&matrices, &how)).map_err(|error| OwnFault::unwritten(file, &error))?;
    }
    if args.json.is_some() && file.is_none() {
        output.write(&json(&matrices, &how))?;
    } else {
        for matrix in &matrices {
            output.print(&format!("{}\n", text(matrix, &output.look)))?;
        }
        let why = how.why.map_or_else(String::new, |why| format!("\nno better level: {why}"));
        output.print(&format!("level {level}, seed {seed}{why}\n"))?;
    }
    Ok(exit(&matrices))
}

fn exit(matrices: &[Matrix]) -> Exit {
    match () {
        () if matrices.iter().any(Matrix::has_fault) => Exit::OwnFault,
        () if matrices.iter().any(Matrix::has_red) => Exit::PointsLost,
        () => Exit::Done,
    }
}

/// Those with exchanges between submissions; whoever names others is told.
fn labs<'l>(args: &InteropArgs, library: &'l Library) -> Result<Vec<&'l Lab>, Trouble> {
    let asked = select(library, &args.lab, &[])?;
    let labs: Vec<&Lab> = asked.iter().map(|asked| asked.lab).filter(|lab| !lab.interop.is_empty()).collect();
    if labs.is_empty() {
        let has = library.labs()?.into_iter().filter(|lab| !lab.interop.is_empty());
        let has: Vec<String> = has.map(|lab| format!("`{}`", lab.id)).collect();
        let hint = match has.as_slice() {
            [] => "such a lab has a list `interop:` in its rubric".to_owned(),
            has => format!("there are some in {}", crate::engine::list(has, "and")),
        };
        return Err(TaMistake::usage("there is no exchange between submissions in these labs", hint).into());
    }
    Ok(labs)
}

/// Each once, the reference of this folder before all others.
fn with_reference(given: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut real: Vec<PathBuf> = Vec::new();
    let mut paths: Vec<PathBuf> = Vec::new();
    let reference = Path::new(REFERENCE);
    let added = reference.is_dir() && !given.iter().any(|path| is_same(path, reference));
    for path in added.then(|| reference.to_owned()).iter().chain(given) {
        let found = path.canonicalize().map_err(|error| {
            let what = format!("there is no submission `{}`: {}", shown(path), super::trouble::reason(&error));
            TaMistake::usage(what, "each is a folder, a .zip, a .tar.gz or a .tar")
        })?;
        if !real.contains(&found) {
            real.push(found);
            paths.push(path.clone());
        }
    }
    Ok(paths)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn shown(path: &Path) -> String {
    plain(&path.to_string_lossy())
}
