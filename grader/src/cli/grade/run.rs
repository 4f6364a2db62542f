//! One run: the scorecard that fills, and where it goes.

use std::sync::mpsc::channel;
use std::thread;

use super::built::{Built, Ready};
use super::captures::Captures;
use super::live::Live;
use super::target::{Target, Targets};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::progress::Progress;
use crate::cli::select::Asked;
use crate::cli::trouble::{OwnFault, StudentMistake, TaMistake, Trouble};
use crate::engine::{self, Frames, Outcome, Part, Settings};
use crate::report::{Look, terminal};
use crate::score::{LabScore, Problem, Scorecard};

pub struct Run {
    pub card: Scorecard,
    pub targets: Targets,
    pub look: Look,
}

impl Run {
    /// The first version, before anything is known. If it cannot be written, nothing is graded.
    pub fn begin(&self) -> Result<(), Trouble> {
        for target in &self.targets.files {
            target
                .save(&self.card, &self.look)
                .map_err(|error| TaMistake::unwritable(&target.file, &error, target.option()))?;
        }
        Ok(())
    }

    /// Plays every lab that has its program.
    pub fn play(&mut self, ready: &[Ready], settings: &Settings, captures: Option<&Captures>) {
        self.card.labs = ready.iter().map(unplayed).collect();
        let mut live = Live { card: self.card.clone(), files: &self.targets.files, look: &self.look };
        let (sender, receiver) = channel();
        thread::scope(|scope| {
            // An error of the disk comes again with the last version, and is told then.
            scope.spawn(move || live.follow(&receiver, &Progress::new()).is_ok());
            let built = ready.iter().zip(&mut self.card.labs).filter_map(|(ready, score)| match &ready.built {
                Built::Program(program) => {
                    let Asked { lab, only } = &ready.asked;
                    Some((Part { lab, only, program }, score))
                }
                _ => None,
            });
            let (parts, scores): (Vec<Part>, Vec<&mut LabScore>) = built.unzip();
            let tell = |outcome: &Outcome, frames: Option<&Frames>| {
                // First the file, then the report that names it.
                let lab = parts.iter().find(|part| part.lab.id == outcome.lab).map(|part| part.lab);
                if let (Some(captures), Some(frames), Some(lab)) = (captures, frames, lab) {
                    captures.keep(lab, outcome, frames, settings.seed);
                }
                let _ = sender.send(outcome.clone());
            };
            let played = engine::play(&parts, settings, &tell);
            for (score, outcomes) in scores.into_iter().zip(played) {
                outcomes.into_iter().for_each(|outcome| score.take(outcome));
            }
            drop(sender);
        });
    }

    /// What could not even be looked at has earned nothing; the result says so too.
    pub fn refuse(&mut self, asked: &[Asked], mistake: &StudentMistake, output: &Output) -> Result<(), Trouble> {
        let problem = Problem { what: mistake.what.clone(), output: String::new() };
        let refused = |asked: &Asked| LabScore::unbuilt(asked.lab, &asked.only, problem.clone());
        self.card.labs = asked.iter().map(refused).collect();
        self.card.finished = true;
        self.give_up(output)
    }

    /// What there is, to those who asked for a report; people are told why in a line of its own.
    pub fn give_up(&self, output: &Output) -> Result<(), Trouble> {
        let saved = self.save();
        if let Some(format) = self.targets.stdout {
            seen_enough(output.write(&format.write(&self.card, &self.look)))?;
        }
        saved
    }

    /// Whether this is a fault of the grader's own that some report cannot tell of.
    pub fn keeps_quiet_about(&self, exit: Exit) -> bool {
        exit == Exit::OwnFault && !self.targets.formats().all(|format| format.tells_of_a_fault(&self.card))
    }

    pub fn report(&self, output: &Output) -> Result<(), Trouble> {
        let saved = self.save();
        let printed = match self.targets.stdout {
            Some(format) => output.write(&format.write(&self.card, &self.look)),
            None => output.print(&terminal(&self.card, &self.look)),
        };
        seen_enough(printed)?;
        saved
    }

    fn save(&self) -> Result<(), Trouble> {
        // All of them, even if one fails.
        let finish = |target: &Target| {
            let written = target.finish(&self.card, &self.look);
            written.map_err(|error| OwnFault::unwritten(&target.file, &error))
        };
        let saved: Vec<_> = self.targets.files.iter().map(finish).collect();
        saved.into_iter().collect::<Result<(), OwnFault>>().map_err(Trouble::from)
    }
}

/// Who stops reading has seen enough; the grade stands.
fn seen_enough(printed: Result<(), Trouble>) -> Result<(), Trouble> {
    match printed {
        Err(Trouble::PipeClosed) => Ok(()),
        printed => printed,
    }
}

/// What a lab has earned before its first step is played.
fn unplayed(ready: &Ready) -> LabScore {
    let Asked { lab, only } = ready.asked;
    match &ready.built {
        Built::Broken(problem) => LabScore::unbuilt(lab, only, problem.clone()),
        Built::OwnFault(what) => LabScore::faulted(lab, only, what),
        Built::Program(_) => LabScore::new(lab, only, Vec::new()),
    }
}
