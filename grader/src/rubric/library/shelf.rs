//! All labs of one place.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use include_dir::{Dir, include_dir};

use super::files::{Folder, MUTANTS, RUBRIC, text, unreadable};
use crate::rubric::lab::Lab;
use crate::rubric::mistakes::{Kind, Mistake, Mistakes};
use crate::rubric::mutant::Mutant;
use crate::rubric::read::load_mutants;

static LABS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../labs");

/// Reading a rubric takes some milliseconds: each is read when somebody first asks for it.
#[derive(Debug)]
pub struct Library {
    /// By id.
    shelved: BTreeMap<String, Shelved>,
}

#[derive(Debug)]
struct Shelved {
    /// The rubric's, for messages.
    name: String,
    folder: Folder,
    lab: OnceLock<Lab>,
}

impl Library {
    /// The labs that are part of the program.
    pub fn embedded() -> Library {
        Library::of(LABS.dirs().map(|folder| {
            let id = folder.path().to_string_lossy().into_owned();
            (format!("labs/{id}"), id, Folder::Embedded(folder))
        }))
    }

    /// The labs in a folder: every folder in it that has a `rubric.yaml`.
    pub fn open(dir: &Path) -> Result<Library, Mistake> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, &error))? {
            let path = entry.map_err(|error| unreadable(dir, &error))?.path();
            let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            folders.push((path.display().to_string(), id, Folder::OnDisk(path)));
        }
        let library = Library::of(folders.into_iter());
        if library.shelved.is_empty() {
            return Err(Mistake::outside(Kind::NoLab { folder: dir.display().to_string() }));
        }
        Ok(library)
    }

    /// Each folder comes with its name for messages and its lab's id.
    fn of(folders: impl Iterator<Item = (String, String, Folder)>) -> Library {
        let labs = folders.filter(|(_, _, folder)| folder.has(RUBRIC));
        let shelved = labs
            .map(|(name, id, folder)| (id, Shelved { name: format!("{name}/{RUBRIC}"), folder, lab: OnceLock::new() }));
        Library { shelved: shelved.collect() }
    }

    /// Of all labs, sorted; none of them has to be read for it.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.shelved.keys().map(String::as_str)
    }

    /// All of them, sorted by id. The mistakes of all rubrics come together.
    pub fn labs(&self) -> Result<Vec<&Lab>, Mistakes> {
        let (mut labs, mut mistakes) = (Vec::new(), Vec::new());
        for (id, shelved) in &self.shelved {
            match shelved.read(id) {
                Ok(lab) => labs.push(lab),
                Err(found) => mistakes.extend(found.into_list()),
            }
        }
        match Mistakes::from_list(mistakes) {
            Some(mistakes) => Err(mistakes),
            None => Ok(labs),
        }
    }

    /// `None` when there is no lab of this id.
    pub fn lab(&self, id: &str) -> Result<Option<&Lab>, Mistakes> {
        self.shelved.get(id).map(|shelved| shelved.read(id)).transpose()
    }

    /// The mistakes that the lab's rubric is tested with; none when it has no `mutants.yaml`.
    pub fn mutants(&self, lab: &Lab) -> Result<Vec<Mutant>, Mistakes> {
        let Some(shelved) = self.shelved.get(&lab.id) else { return Ok(Vec::new()) };
        let Some(bytes) = shelved.folder.read(MUTANTS)? else { return Ok(Vec::new()) };
        let name = match lab.source.name.strip_suffix(RUBRIC) {
            Some(folder) => format!("{folder}{MUTANTS}"),
            None => MUTANTS.to_owned(),
        };
        load_mutants(&name, &text(&name, bytes)?, lab)
    }
}

impl Shelved {
    fn read(&self, id: &str) -> Result<&Lab, Mistakes> {
        if let Some(lab) = self.lab.get() {
            return Ok(lab);
        }
        let rubric = self.folder.read(RUBRIC)?.unwrap_or_default();
        let lab = self.folder.load(&self.name, rubric, id.to_owned())?;
        Ok(self.lab.get_or_init(|| lab))
    }
}
