//! `lint`: the mistakes of rubrics, and of the mutants beside them.

use std::path::PathBuf;

use super::exit::Exit;
use super::output::Output;
use super::trouble::Trouble;
use crate::engine::count;
use crate::rubric::{Lab, Mistakes, load_file, load_mutants_beside};

pub fn lint(rubrics: &[PathBuf], output: &Output) -> Result<Exit, Trouble> {
    let mut exit = Exit::Done;
    for path in rubrics {
        let checked =
            load_file(path).and_then(|lab| load_mutants_beside(path, &lab).map(|mutants| (lab, mutants.len())));
        match checked {
            Ok((lab, mutants)) => output.print(&fine(&lab, mutants))?,
            Err(mistakes) => {
                exit = Exit::Mistake;
                output.complain(&wrong(&mistakes, output.colour_errors));
            }
        }
    }
    Ok(exit)
}

fn fine(lab: &Lab, mutants: usize) -> String {
    let (steps, mutants) = (count(lab.steps.len() as u64, "step"), count(mutants as u64, "mutant"));
    format!("{}: {steps}, {mutants}, no mistakes\n", lab.source.name)
}

fn wrong(mistakes: &Mistakes, colour: bool) -> String {
    let number = count(mistakes.list().len() as u64, "mistake");
    format!("{}\n\n{number}\n", mistakes.render(colour))
}
