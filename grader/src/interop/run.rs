//! Builds every program once, then plays every pair, several at a time.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use super::matrix::{Lack, Matrix};
use super::subject::Subject;
use crate::engine::{Beside, Met, Settings, meet};
use crate::in_parallel::in_parallel;
use crate::rubric::{Lab, Step};
use crate::submission::Cache;

/// How they are brought together.
#[derive(Debug, Clone)]
pub struct Plan {
    pub settings: Settings,
    /// Pairs at the same time.
    pub jobs: usize,
    /// Submissions that are built at the same time.
    pub builders: usize,
}

/// One matrix for each exchange of each lab; `tell` hears how far it is, from any thread.
pub fn interop(
    labs: &[&Lab],
    subjects: &mut [Subject],
    plan: &Plan,
    cache: &Cache,
    tell: &(dyn Fn(&str) + Sync),
) -> Vec<Matrix> {
    let exchanges: Vec<(&Lab, &Step)> =
        labs.iter().flat_map(|lab| lab.interop.iter().map(move |exchange| (*lab, exchange))).collect();
    build(&exchanges, subjects, plan, cache, tell);
    let subjects = &*subjects;
    let pairs = subjects.len() * subjects.len();
    let met = in_parallel(exchanges.len() * pairs, plan.jobs, &|number| {
        tell(&format!("playing {} of {}", number + 1, exchanges.len() * pairs));
        let (lab, exchange) = exchanges[number / pairs];
        let (row, column) = (number % pairs / subjects.len(), number % subjects.len());
        play(lab, exchange, &subjects[row], &subjects[column], plan)
    });
    let mut met = met.into_iter();
    let names: Vec<String> = subjects.iter().map(|subject| subject.name.clone()).collect();
    let matrix = |(lab, exchange): &(&Lab, &Step)| {
        let lacking = lacking(lab, exchange, subjects);
        Matrix::new(lab, exchange, &names, lacking, met.by_ref().take(pairs).collect())
    };
    exchanges.iter().map(matrix).collect()
}

/// Those without one of the two programs, by the reason.
fn lacking(lab: &Lab, exchange: &Step, subjects: &[Subject]) -> Vec<Lack> {
    let mut lacking: Vec<Lack> = Vec::new();
    for program in std::iter::once(lab.program.as_str()).chain(exchange.programs()) {
        for subject in subjects {
            let Beside::Lacking(why) = subject.program(program) else { continue };
            let name = subject.name.clone();
            match lacking.iter_mut().find(|lack| lack.why == why) {
                Some(lack) if lack.names.contains(&name) => {}
                Some(lack) => lack.names.push(name),
                None => lacking.push(Lack { why, names: vec![name] }),
            }
        }
    }
    lacking
}

fn build(
    exchanges: &[(&Lab, &Step)],
    subjects: &mut [Subject],
    plan: &Plan,
    cache: &Cache,
    tell: &(dyn Fn(&str) + Sync),
) {
    let begin = exchanges.iter().map(|(lab, _)| lab.program.as_str());
    let names: BTreeSet<&str> = begin.chain(exchanges.iter().flat_map(|(_, exchange)| exchange.programs())).collect();
    let subjects: Vec<Mutex<&mut Subject>> = subjects.iter_mut().map(Mutex::new).collect();
    in_parallel(subjects.len(), plan.builders, &|number| {
        let mut subject = subjects[number].lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        tell(&format!("building {}", subject.name));
        subject.build(&names, plan.settings.level, cache);
    });
}

fn play(lab: &Lab, exchange: &Step, begins: &Subject, answers: &Subject, plan: &Plan) -> Met {
    match begins.before(&lab.program, answers) {
        Ok(program) => catch_unwind(AssertUnwindSafe(|| meet(lab, exchange, &program, &plan.settings)))
            .unwrap_or_else(|_| Met::Faulted("the grader panicked".to_owned())),
        Err(Beside::OwnFault(what)) => Met::Faulted(what),
        Err(Beside::Lacking(why)) => Met::Unavailable(why),
        Err(Beside::Built(_)) => Met::Faulted("a program was built and is not there".to_owned()),
    }
}
