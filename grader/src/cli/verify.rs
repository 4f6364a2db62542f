//! `verify`: a rubric against the reference, the starter and its mutants.

use super::args::VerifyArgs;
use super::exit::Exit;
use super::output::Output;
use super::progress::Progress;
use super::select::select;
use super::trouble::{OwnFault, TaMistake, Trouble};
use crate::cell::{Level, best_level};
use crate::engine::{Capture, Settings};
use crate::rubric::Library;
use crate::submission::{Cache, OpenTrouble};
use crate::verify::{Plan, VerifyTrouble, verify as verify_lab};

/// Steps of one program at the same time; each worker plays another program beside it.
const JOBS: usize = 6;

pub fn verify(args: &VerifyArgs, library: &Library, output: &Output) -> Result<Exit, Trouble> {
    let asked = select(library, &args.lab, &[])?;
    let cache = Cache::open().map_err(|error| OwnFault::new(format!("cannot open the build cache: {error}")))?;
    let level = args.level.map_or_else(|| best_level().0, Level::from);
    let plan = Plan {
        reference: args.reference.clone(),
        starter: args.starter.clone(),
        times: args.times,
        settings: Settings { level, seed: args.seed, jobs: JOBS, confirm: 0, capture: Capture::Never },
        // Programs that are played wait more than they work, and others are built meanwhile.
        workers: 2 * std::thread::available_parallelism().map_or(1, usize::from),
    };
    let progress = Progress::new();
    let mut equal = true;
    for asked in asked {
        let mutants = library.mutants(asked.lab)?;
        let matrix = verify_lab(asked.lab, &mutants, &plan, &cache, &|what| progress.say(what))?;
        // The line on the terminal makes room.
        progress.say("");
        output.print(&matrix.to_string())?;
        equal &= matrix.is_equal();
    }
    Ok(if equal { Exit::Done } else { Exit::PointsLost })
}

impl From<VerifyTrouble> for Trouble {
    fn from(trouble: VerifyTrouble) -> Trouble {
        match trouble {
            VerifyTrouble::Folder(OpenTrouble::Mistake(mistake)) => TaMistake::usage(
                mistake.to_string(),
                "run it at the top of the project, or give `--reference` and `--starter`",
            )
            .into(),
            VerifyTrouble::Build { .. } => {
                TaMistake::usage(trouble.to_string(), "the lab's own programs have to build").into()
            }
            VerifyTrouble::Folder(OpenTrouble::Own(_)) | VerifyTrouble::Io(_) => {
                OwnFault::new(trouble.to_string()).into()
            }
        }
    }
}
