//! Builds every subject and plays the lab with it, several playings at a time.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use super::matrix::{Matrix, Row};
use super::mutate::mutate;
use super::subject::Subject;
use crate::engine::{Beside, Part, Program, Settings, play};
use crate::in_parallel::in_parallel;
use crate::rubric::{Lab, Mutant};
use crate::scratch::Scratch;
use crate::submission::{BuildTrouble, Cache, OpenTrouble, Submission};

/// How a rubric is tried.
#[derive(Debug, Clone)]
pub struct Plan {
    pub reference: PathBuf,
    pub starter: PathBuf,
    /// Each program is played so often, with another seed each time.
    pub times: u32,
    pub settings: Settings,
    /// Playings at the same time.
    pub workers: usize,
}

/// Why a rubric could not be tried at all.
#[derive(Debug)]
pub enum VerifyTrouble {
    Folder(OpenTrouble),
    /// The reference or the starter does not build.
    Build {
        subject: String,
        trouble: BuildTrouble,
    },
    Io(io::Error),
}

impl fmt::Display for VerifyTrouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            VerifyTrouble::Folder(trouble) => trouble.fmt(f),
            VerifyTrouble::Build { subject, trouble } => match trouble {
                BuildTrouble::Failed { output, .. } => write!(f, "the {subject} does not build: {trouble}\n{output}"),
                _ => write!(f, "the {subject} does not build: {trouble}"),
            },
            VerifyTrouble::Io(error) => write!(f, "cannot make a mutant: {error}"),
        }
    }
}

impl std::error::Error for VerifyTrouble {}

impl From<io::Error> for VerifyTrouble {
    fn from(error: io::Error) -> Self {
        VerifyTrouble::Io(error)
    }
}

/// `tell` hears how far it is, from any thread.
pub fn verify(
    lab: &Lab,
    mutants: &[Mutant],
    plan: &Plan,
    cache: &Cache,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Matrix, VerifyTrouble> {
    let mut subjects = vec![Subject::Reference, Subject::Starter];
    subjects.extend(mutants.iter().cloned().map(Subject::Mutant));
    let beside = beside(lab, plan, cache)?;
    let subjects: Vec<Tried> = subjects.into_iter().map(|subject| Tried::new(lab, subject)).collect();
    let times = plan.times.max(1);
    // All of them once before any twice, so that some are built while others are played.
    let playings = times as usize * subjects.len();
    in_parallel(playings, plan.workers, &|number| {
        tell(&format!("{}: playing {} of {playings}", lab.id, number + 1));
        let (time, tried) = (number / subjects.len(), &subjects[number % subjects.len()]);
        // Another seed each time.
        let seed = plan.settings.seed.wrapping_add(time as u64);
        tried.play(lab, &beside, &Settings { seed, ..plan.settings }, plan, cache);
    });
    let mut matrix = Matrix::new(lab, mutants, plan.times);
    for tried in subjects {
        let row = tried.row.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        match tried.built.into_inner() {
            Some((Ok(Ok(_)), took)) => matrix.rows.push(Row { built: took, played: row.played / times, ..row }),
            Some((Ok(Err(mistake)), _)) => matrix.mistakes.push(mistake),
            Some((Err(trouble), _)) => return Err(trouble),
            None => {}
        }
    }
    Ok(matrix)
}

/// A program on its way through all its playings.
struct Tried {
    subject: Subject,
    /// By who plays it first, and how long that took.
    built: OnceLock<(Built, Duration)>,
    row: Mutex<Row>,
}

/// The inner error is the lab author's mistake: the mutant is not one.
type Built = Result<Result<Program, String>, VerifyTrouble>;

impl Tried {
    fn new(lab: &Lab, subject: Subject) -> Tried {
        let row = Mutex::new(Row::new(lab, &subject));
        Tried { subject, built: OnceLock::new(), row }
    }

    fn play(&self, lab: &Lab, beside: &Others, settings: &Settings, plan: &Plan, cache: &Cache) {
        let (built, _) = self.built.get_or_init(|| {
            let begun = Instant::now();
            (build(lab, &self.subject, beside, plan, cache), begun.elapsed())
        });
        let Ok(Ok(program)) = built else { return };
        let begun = Instant::now();
        let outcomes = play(&[Part { lab, only: &[], program }], settings, &|_, _| ());
        let mut row = self.row.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        row.played += begun.elapsed();
        row.count(lab, &self.subject, &outcomes.concat());
    }
}

/// Other programs that the steps need are the reference's: a mutant is one of the lab's own program.
fn beside(lab: &Lab, plan: &Plan, cache: &Cache) -> Result<Others, VerifyTrouble> {
    let others = lab.programs_beside(&[]);
    if others.is_empty() {
        return Ok(BTreeMap::new());
    }
    let reference = Submission::open(&plan.reference).map_err(VerifyTrouble::Folder)?;
    let beside = |name: &str| (name.to_owned(), reference.beside(name, plan.settings.level, cache));
    Ok(others.into_iter().map(beside).collect())
}

type Others = BTreeMap<String, Beside>;

fn build(lab: &Lab, subject: &Subject, beside: &Others, plan: &Plan, cache: &Cache) -> Built {
    let made;
    let folder = match subject {
        Subject::Reference => plan.reference.as_path(),
        Subject::Starter => plan.starter.as_path(),
        Subject::Mutant(mutant) => {
            made = Scratch::new()?;
            if let Err(mistake) = mutate(&plan.reference, mutant, made.path())? {
                return Ok(Err(mistake.to_string()));
            }
            made.path()
        }
    };
    let submission = Submission::open(folder).map_err(VerifyTrouble::Folder)?;
    match (submission.program(&lab.program, plan.settings.level, cache), subject) {
        (Ok(program), _) => Ok(Ok(Program { beside: beside.clone(), ..program })),
        (Err(BuildTrouble::Failed { output, .. }), Subject::Mutant(mutant)) => {
            Ok(Err(format!("mutant `{}` does not compile:\n{output}", mutant.id)))
        }
        (Err(trouble), _) => Err(VerifyTrouble::Build { subject: subject.name().to_owned(), trouble }),
    }
}
