//! What is known so far, on disk and on the terminal, while steps are being played.

use std::io;
use std::sync::mpsc::Receiver;

use super::target::Target;
use crate::cli::progress::Progress;
use crate::engine::Outcome;
use crate::report::Look;
use crate::score::Scorecard;

/// The scorecard that grows with every outcome.
pub struct Live<'a> {
    pub card: Scorecard,
    pub files: &'a [Target],
    pub look: &'a Look,
}

impl Live<'_> {
    /// Takes outcomes until nobody sends any more. A disk that is slower than the steps sees fewer versions.
    pub fn follow(&mut self, outcomes: &Receiver<Outcome>, progress: &Progress) -> io::Result<()> {
        self.save()?;
        let all = self.card.labs.iter().map(|lab| lab.steps.len()).sum::<usize>();
        let mut known = 0;
        while let Ok(outcome) = outcomes.recv() {
            for outcome in std::iter::once(outcome).chain(outcomes.try_iter()) {
                known += 1;
                progress.say(&format!("{known}/{all}  {}/{}", outcome.lab, outcome.step));
                self.take(outcome);
            }
            self.save()?;
        }
        Ok(())
    }

    fn take(&mut self, outcome: Outcome) {
        if let Some(lab) = self.card.labs.iter_mut().find(|lab| lab.lab.id == outcome.lab) {
            lab.take(outcome);
        }
    }

    fn save(&self) -> io::Result<()> {
        self.files.iter().try_for_each(|target| target.save(&self.card, self.look))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::{Live, Progress, Target};
    use crate::engine::Verdict;
    use crate::report::{Format, look};
    use crate::result_file::ResultFile;
    use crate::score::Scorecard;
    use crate::score::specimen::{card, outcome};

    #[test]
    fn a_grader_that_is_killed_leaves_what_it_knew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result.json");
        let files = [Target { format: Format::Json, file: ResultFile::at(&path), captures: None }];
        let look = look();
        let mut live = Live { card: Scorecard { finished: false, ..card(Vec::new()) }, files: &files, look: &look };
        let (sender, receiver) = channel();
        sender.send(outcome("echoes", Verdict::Passed)).expect("somebody listens");
        drop(sender);
        live.follow(&receiver, &Progress::new()).expect("it can be written");
        let json = std::fs::read(&path).expect("it is there");
        let json: serde_json::Value = serde_json::from_slice(&json).expect("it is JSON");
        let points = &json["points"];
        assert_eq!((points["earned"].to_string(), points["faulted"].to_string()), ("35.5".into(), "64.5".into()));
        assert_eq!((&json["finished"], &points["lost"]), (&false.into(), &0.into()));
    }
}
