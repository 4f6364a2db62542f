//! All labs of one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::files::{Folder, MUTANTS, RUBRIC, text, unreadable};
use crate::rubric::lab::Lab;
use crate::rubric::mistakes::{Kind, Mistake, Mistakes};
use crate::rubric::mutant::Mutant;
use crate::rubric::read::load_mutants;

static LABS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../labs");

#[derive(Debug, Clone)]
pub struct Library {
    /// Sorted by id.
    labs: Vec<Lab>,
    folders: BTreeMap<String, Folder>,
}

impl Library {
    /// The labs that are part of the program.
    pub fn embedded() -> Result<Library, Mistakes> {
        let folders = LABS.dirs().map(|folder| {
            let id = folder.path().to_string_lossy().into_owned();
            (format!("labs/{id}"), id, Folder::Embedded(folder))
        });
        Library::of(folders)
    }

    /// The labs in a folder: every folder in it that has a `rubric.yaml`.
    pub fn open(dir: &Path) -> Result<Library, Mistakes> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, &error))? {
            let path = entry.map_err(|error| unreadable(dir, &error))?.path();
            if path.is_dir() {
                let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                folders.push((path.display().to_string(), id, Folder::OnDisk(path)));
            }
        }
        let library = Library::of(folders.into_iter())?;
        if library.labs.is_empty() {
            return Err(Mistake::outside(Kind::NoLab { folder: dir.display().to_string() }).into());
        }
        Ok(library)
    }

    /// The mistakes of all rubrics come together. Each folder comes with its name for messages and its lab's id.
    fn of(folders: impl Iterator<Item = (String, String, Folder)>) -> Result<Library, Mistakes> {
        let mut library = Library { labs: Vec::new(), folders: BTreeMap::new() };
        let mut mistakes = Vec::new();
        for (name, id, folder) in folders {
            let loaded = match folder.read(RUBRIC) {
                Ok(None) => continue,
                Ok(Some(rubric)) => folder.load(&format!("{name}/{RUBRIC}"), rubric, id.clone()),
                Err(mistake) => Err(mistake.into()),
            };
            match loaded {
                Ok(lab) => {
                    library.labs.push(lab);
                    library.folders.insert(id, folder);
                }
                Err(found) => mistakes.extend(found.into_list()),
            }
        }
        library.labs.sort_by(|one, other| one.id.cmp(&other.id));
        match Mistakes::from_list(mistakes) {
            Some(mistakes) => Err(mistakes),
            None => Ok(library),
        }
    }

    pub fn labs(&self) -> &[Lab] {
        &self.labs
    }

    pub fn lab(&self, id: &str) -> Option<&Lab> {
        self.labs.iter().find(|lab| lab.id == id)
    }

    /// The mistakes that the lab's rubric is tested with; none when it has no `mutants.yaml`.
    pub fn mutants(&self, lab: &Lab) -> Result<Vec<Mutant>, Mistakes> {
        let Some(folder) = self.folders.get(&lab.id) else { return Ok(Vec::new()) };
        let Some(bytes) = folder.read(MUTANTS)? else { return Ok(Vec::new()) };
        let name = match lab.source.name.strip_suffix(RUBRIC) {
            Some(folder) => format!("{folder}{MUTANTS}"),
            None => MUTANTS.to_owned(),
        };
        load_mutants(&name, &text(&name, bytes)?, lab)
    }
}
