//! The captures of one submission: `--captures DIR`.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::cli::args::GradeArgs;
use crate::cli::select::Asked;
use crate::cli::trouble::{OwnFault, TaMistake, cannot, reason};
use crate::engine::{Capture, Frames, Outcome};
use crate::report::{capture_name, capture_path, hidden_captures, pcapng};
use crate::result_file::ResultFile;
use crate::rubric::Lab;

/// Where they go.
pub struct Captures {
    folder: PathBuf,
    /// The first file that could not be written.
    failed: Mutex<Option<OwnFault>>,
}

/// Of which steps they are wanted, and where they go.
pub fn captures(args: &GradeArgs) -> Result<(Capture, Option<Captures>), TaMistake> {
    let which = args.play.capture.map(Capture::from);
    let place = |folder: &PathBuf| {
        // `.` has no name that one beside it could be called after.
        let named = folder.file_name().map(|_| folder.clone());
        let folder = named.unwrap_or_else(|| folder.canonicalize().unwrap_or_else(|_| folder.clone()));
        Captures { folder, failed: Mutex::default() }
    };
    match (which, &args.captures) {
        (None | Some(Capture::Never), None) => Ok((Capture::Never, None)),
        (Some(_), None) => {
            let hint = "say where they are to be kept: `--captures DIR`";
            Err(TaMistake::usage("there is no place for captures", hint))
        }
        (Some(Capture::Never), Some(folder)) => Ok((Capture::Never, Some(place(folder)))),
        (which, Some(folder)) => Ok((which.unwrap_or(Capture::Failed), Some(place(folder)))),
    }
}

impl Captures {
    /// Makes the folder, and removes what an earlier run has left of the steps that are asked for now.
    pub fn begin(&self, asked: &[Asked]) -> Result<(), TaMistake> {
        let unfit = |error| {
            TaMistake::usage(cannot("write to", &self.folder, reason(&error)), "give `--captures` a folder of its own")
        };
        fs::create_dir_all(&self.folder).map_err(unfit)?;
        let hidden = PathBuf::from(hidden_captures(&self.name()));
        for Asked { lab, only } in asked {
            let steps = lab.steps.iter().filter(|step| only.is_empty() || only.contains(&step.id));
            for path in
                steps.flat_map(|step| [&self.folder, &hidden].map(|at| at.join(capture_name(&lab.id, &step.id))))
            {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unfit(error)),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    pub fn keep(&self, lab: &Lab, outcome: &Outcome, frames: &Frames, seed: u64) {
        let path = PathBuf::from(capture_path(&self.name(), lab, &outcome.step));
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        if let Err(error) = folder.and_then(|()| ResultFile::at(&path).save(&pcapng(outcome, frames, seed))) {
            let fault = OwnFault::new(cannot("write", &path, reason(&error)));
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
        }
    }

    /// What went wrong.
    pub fn end(&self) -> Result<(), OwnFault> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }

    /// As it was given; without a `/` at its end, which would make a folder in it of the one beside it.
    pub fn name(&self) -> String {
        self.folder.components().collect::<PathBuf>().to_string_lossy().into_owned()
    }

    /// The folder as a file in another one has to call it.
    pub fn seen_from(&self, folder: &Path) -> String {
        // Its own name stays, even if it is a link: the one beside it is called after it.
        let parent = std::path::absolute(&self.folder).ok().and_then(|whole| whole.parent()?.canonicalize().ok());
        match (folder.canonicalize(), parent, self.folder.file_name()) {
            (Ok(from), Some(parent), Some(name)) => relative(&from, &parent.join(name)).to_string_lossy().into_owned(),
            _ => self.name(),
        }
    }
}

fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(to.components().skip(shared)).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_finds_them_from_where_it_lies() {
        let seen = |from: &str, to: &str| relative(Path::new(from), Path::new(to)).display().to_string();
        assert_eq!(seen("/a/b", "/a/b/captures"), "captures");
        assert_eq!(seen("/a/b", "/a/c"), "../c");
        assert_eq!(seen("/a/b/c", "/d"), "../../../d");
        assert_eq!(seen("/a", "/a"), ".");
    }
}
