//! Builds every subject and plays the lab with it, several at a time.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::matrix::{Matrix, Row};
use super::mutate::mutate;
use super::subject::Subject;
use crate::engine::{Beside, Part, Program, Settings, play};
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
    /// Programs at the same time.
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

/// `on_row` hears of each program as it is done, from any thread.
pub fn verify(
    lab: &Lab,
    mutants: &[Mutant],
    plan: &Plan,
    cache: &Cache,
    on_row: &(dyn Fn(&Row) + Sync),
) -> Result<Matrix, VerifyTrouble> {
    let mut subjects = vec![Subject::Reference, Subject::Starter];
    subjects.extend(mutants.iter().cloned().map(Subject::Mutant));
    let queue: Mutex<VecDeque<(usize, Subject)>> = Mutex::new(subjects.into_iter().enumerate().collect());
    let done = Mutex::new(Vec::new());
    let beside = beside(lab, plan, cache)?;
    std::thread::scope(|scope| {
        for _ in 0..plan.workers.max(1) {
            scope.spawn(|| {
                while let Some((number, subject)) = locked(&queue).pop_front() {
                    let row = row(lab, &subject, &beside, plan, cache);
                    if let Ok(Tried::Row(row)) = &row {
                        on_row(row);
                    }
                    locked(&done).push((number, row));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(number, _)| *number);
    let mut matrix = Matrix::new(lab, mutants, plan.times);
    for (_, tried) in done {
        match tried? {
            Tried::Row(row) => matrix.rows.push(row),
            Tried::Mistake(mistake) => matrix.mistakes.push(mistake),
        }
    }
    Ok(matrix)
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

enum Tried {
    Row(Row),
    /// The lab author's: the mutant is not one.
    Mistake(String),
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

fn row(lab: &Lab, subject: &Subject, beside: &Others, plan: &Plan, cache: &Cache) -> Result<Tried, VerifyTrouble> {
    let begun = Instant::now();
    let program = match subject {
        Subject::Reference => own(&plan.reference, subject, lab, plan, cache)?,
        Subject::Starter => own(&plan.starter, subject, lab, plan, cache)?,
        Subject::Mutant(mutant) => {
            let folder = Scratch::new()?;
            if let Err(mistake) = mutate(&plan.reference, mutant, folder.path())? {
                return Ok(Tried::Mistake(mistake.to_string()));
            }
            match Submission::open(folder.path()).map_err(VerifyTrouble::Folder)?.program(
                &lab.program,
                plan.settings.level,
                cache,
            ) {
                Ok(program) => program,
                Err(BuildTrouble::Failed { output, .. }) => {
                    return Ok(Tried::Mistake(format!("mutant `{}` does not compile:\n{output}", mutant.id)));
                }
                Err(trouble) => return Err(VerifyTrouble::Build { subject: subject.name().to_owned(), trouble }),
            }
        }
    };
    let program = Program { beside: beside.clone(), ..program };
    let (built, begun) = (begun.elapsed(), Instant::now());
    let playings: Vec<_> = (0..plan.times.max(1))
        .map(|time| {
            let settings = Settings { seed: plan.settings.seed.wrapping_add(u64::from(time)), ..plan.settings };
            play(&[Part { lab, only: &[], program: &program }], &settings, &|_, _| ()).into_iter().flatten().collect()
        })
        .collect();
    let played: Duration = begun.elapsed() / plan.times.max(1);
    Ok(Tried::Row(Row::new(lab, subject, built, &playings, played)))
}

fn own(
    folder: &std::path::Path,
    subject: &Subject,
    lab: &Lab,
    plan: &Plan,
    cache: &Cache,
) -> Result<Program, VerifyTrouble> {
    let submission = Submission::open(folder).map_err(VerifyTrouble::Folder)?;
    submission
        .program(&lab.program, plan.settings.level, cache)
        .map_err(|trouble| VerifyTrouble::Build { subject: subject.name().to_owned(), trouble })
}
