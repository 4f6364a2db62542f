//! The programs of the labs, built from the submission; whose fault it is when there is none.

use std::path::Path;

use crate::cell::Level;
use crate::cli::progress::Progress;
use crate::cli::select::Asked;
use crate::cli::trouble::{OwnFault, StudentMistake, Trouble};
use crate::engine::{Program, list, plain};
use crate::score::Problem;
use crate::submission::{BuildTrouble, Cache, OpenTrouble, Submission};

/// A lab that was asked for, with its program.
pub struct Ready<'a> {
    pub asked: &'a Asked<'a>,
    pub built: Built,
}

pub enum Built {
    Program(Program),
    /// It does not build: the student's mistake, which costs the points.
    Broken(Problem),
    OwnFault(String),
}

/// Builds what was asked for. Labs that nobody `named` and whose program the submission does not hold are left out.
pub fn programs<'a>(path: &Path, asked: &'a [Asked<'a>], named: bool, level: Level) -> Result<Vec<Ready<'a>>, Trouble> {
    let progress = Progress::new();
    let submission = Submission::open(path)?;
    let cache = Cache::open().map_err(|error| OwnFault::new(format!("cannot open the build cache: {error}")))?;
    let mut ready = Vec::new();
    let (mut missing, mut absent) = (Vec::new(), Vec::new());
    for asked in asked {
        let name = &asked.lab.program;
        progress.say(&format!("building `{}` of {}", plain(name), plain(&path.to_string_lossy())));
        let others = asked.lab.programs_beside(&asked.only);
        let built = match submission.program_beside(name, &others, level, &cache) {
            Ok(program) => Built::Program(program),
            Err(BuildTrouble::NoProgram { found }) => {
                missing = found;
                if !named {
                    continue;
                }
                // It costs this lab's points, and not those of the others that were asked for.
                absent.push(name.clone());
                let StudentMistake { what, .. } = no_program(std::slice::from_ref(name), &missing);
                Built::Broken(Problem { what, output: String::new() })
            }
            // A Makefile need not make the programs of all labs.
            Err(BuildTrouble::NotMade { .. }) if !named => continue,
            Err(trouble) if trouble.is_own() => Built::OwnFault(trouble.to_string()),
            Err(trouble) => Built::Broken(Problem { what: trouble.to_string(), output: trouble.output() }),
        };
        ready.push(Ready { asked, built });
    }
    if ready.len() == absent.len() {
        let all = asked.iter().map(|asked| asked.lab.program.clone());
        let names = if named { absent } else { all.collect() };
        return Err(no_program(&names, &missing).into());
    }
    Ok(ready)
}

fn no_program(names: &[String], found: &[String]) -> StudentMistake {
    let ticked = |names: &[String], word| {
        let names: Vec<String> = names.iter().map(|name| format!("`{}`", plain(name))).collect();
        list(&names, word)
    };
    let hint = match found {
        [] => "a lab's program has a fixed name, in any language".to_owned(),
        found => format!("a lab's program has a fixed name; there is {}", ticked(found, "and")),
    };
    StudentMistake { what: format!("the submission has no program {}", ticked(names, "or")), hint: Some(hint) }
}

impl From<OpenTrouble> for Trouble {
    fn from(trouble: OpenTrouble) -> Trouble {
        match trouble {
            OpenTrouble::Mistake(mistake) => {
                StudentMistake { what: mistake.to_string(), hint: Some(mistake.hint().to_owned()) }.into()
            }
            OpenTrouble::Own(what) => OwnFault::new(what).into(),
        }
    }
}
