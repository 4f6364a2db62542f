//! One edit of the reference, in a copy of it.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use crate::rubric::{Mutant, Place, Source};

/// A mutant whose edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutantMistake {
    /// `labs/02-server/mutants.yaml:31`
    pub at: String,
    pub mutant: String,
    pub file: String,
    /// How often the text to replace stands in the file; `None` when there is no such file.
    pub found: Option<usize>,
}

impl fmt::Display for MutantMistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let MutantMistake { at, mutant, file, .. } = self;
        match self.found {
            None => write!(f, "{at}: mutant `{mutant}` edits `{file}`, which the reference does not have"),
            Some(0) => write!(f, "{at}: what mutant `{mutant}` replaces does not stand in `{file}`"),
            Some(times) => {
                write!(f, "{at}: what mutant `{mutant}` replaces stands {times} times in `{file}`, not once")
            }
        }
    }
}

/// Copies `reference` to `to` with the mutant's edit.
pub fn mutate(reference: &Path, mutant: &Mutant, to: &Path) -> io::Result<Result<(), MutantMistake>> {
    copy(reference, to)?;
    let mistake =
        |found| MutantMistake { at: at(&mutant.place), mutant: mutant.id.clone(), file: mutant.file.clone(), found };
    let edited = to.join(&mutant.file);
    let Ok(text) = fs::read_to_string(&edited) else { return Ok(Err(mistake(None))) };
    match text.matches(&mutant.replace).count() {
        1 => fs::write(edited, text.replacen(&mutant.replace, &mutant.with, 1)).map(Ok),
        found => Ok(Err(mistake(Some(found)))),
    }
}

fn at(place: &Place) -> String {
    let file = Source { name: "mutants.yaml".to_owned(), text: String::new() };
    file.at(*place)
}

/// Sources only: what cargo made of them stays where it is.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if kind.is_dir() && name != "target" {
            copy(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(replace: &str) -> Mutant {
        Mutant {
            id: "no-listen".into(),
            mistake: String::new(),
            file: "src/server.rs".into(),
            replace: replace.into(),
            with: "nothing".into(),
            fails: Vec::new(),
            place: Place { line: 3, column: 1, length: 1 },
        }
    }

    fn mutated(replace: &str) -> Result<String, String> {
        let (reference, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(reference.path().join("src")).unwrap();
        fs::write(reference.path().join("src/server.rs"), "socket bind bind listen").unwrap();
        mutate(reference.path(), &mutant(replace), to.path())
            .unwrap()
            .map(|()| fs::read_to_string(to.path().join("src/server.rs")).unwrap())
            .map_err(|mistake| mistake.to_string())
    }

    #[test]
    fn an_edit_is_made_where_its_text_stands_once() {
        assert_eq!(mutated("listen").unwrap(), "socket bind bind nothing");
        assert_eq!(
            mutated("bind").unwrap_err(),
            "mutants.yaml:3: what mutant `no-listen` replaces stands 2 times in `src/server.rs`, not once"
        );
        assert_eq!(
            mutated("accept").unwrap_err(),
            "mutants.yaml:3: what mutant `no-listen` replaces does not stand in `src/server.rs`"
        );
    }
}
