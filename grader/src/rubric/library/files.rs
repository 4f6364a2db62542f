//! A lab's files: from the program itself or from a folder.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::Dir;

use crate::rubric::lab::Lab;
use crate::rubric::mistakes::{Kind, Mistake, Mistakes};
use crate::rubric::mutant::Mutant;
use crate::rubric::place::{Place, Source};
use crate::rubric::read::{Shelf, load, load_mutants};

pub const RUBRIC: &str = "rubric.yaml";
pub const MUTANTS: &str = "mutants.yaml";
const HANDOUT: &str = "README.md";
const FIXTURES: &str = "fixtures";

/// Where a lab's files are.
#[derive(Debug, Clone)]
pub enum Folder {
    Embedded(&'static Dir<'static>),
    OnDisk(PathBuf),
}

impl Folder {
    /// Whether there is such a file, even if it can't be read.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Folder::Embedded(folder) => folder.get_file(folder.path().join(name)).is_some(),
            Folder::OnDisk(folder) => folder.join(name).symlink_metadata().is_ok(),
        }
    }

    /// `None` when there is no such file.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Mistake> {
        match self {
            Folder::Embedded(folder) => {
                Ok(folder.get_file(folder.path().join(name)).map(|file| file.contents().to_vec()))
            }
            Folder::OnDisk(folder) => {
                let path = folder.join(name);
                match fs::read(&path) {
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(unreadable(&path, &error)),
                }
            }
        }
    }

    /// A file of `fixtures/`, unless a link leads out of it.
    fn fixture(&self, name: &str) -> Option<Vec<u8>> {
        if let Folder::OnDisk(folder) = self {
            let fixtures = folder.join(FIXTURES).canonicalize().ok()?;
            let file = fixtures.join(name).canonicalize().ok()?;
            return if file.starts_with(&fixtures) { fs::read(file).ok() } else { None };
        }
        self.read(&format!("{FIXTURES}/{name}")).ok().flatten()
    }

    /// The paths of all files in a folder of `fixtures/`, below that folder.
    fn fixtures_in(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        match self {
            Folder::Embedded(folder) => {
                let top = folder.path().join(FIXTURES).join(name);
                embedded_below(folder.get_dir(&top), &top, &mut found);
            }
            Folder::OnDisk(folder) => {
                let top = folder.join(FIXTURES).join(name);
                below(&top, &top, &mut found);
            }
        }
        found.sort();
        found
    }

    /// The lab in this folder, whose rubric is called `name`.
    pub fn load(&self, name: &str, rubric: Vec<u8>, id: String) -> Result<Lab, Mistakes> {
        let text = text(name, rubric)?;
        let mut lab = load(name, &text, self)?;
        lab.id = id;
        let handout = self.read(HANDOUT)?.unwrap_or_default();
        lab.handout = String::from_utf8_lossy(&handout).into_owned();
        Ok(lab)
    }
}

impl Shelf for Folder {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.fixture(name)
    }

    fn folder(&self, name: &str) -> Option<Vec<(String, Vec<u8>)>> {
        let file = |path: String| self.fixture(&format!("{name}/{path}")).map(|bytes| (path, bytes));
        Some(self.fixtures_in(name).into_iter().filter_map(file).collect()).filter(|files: &Vec<_>| !files.is_empty())
    }
}

fn embedded_below(folder: Option<&Dir>, top: &Path, found: &mut Vec<String>) {
    for file in folder.into_iter().flat_map(Dir::files) {
        found.extend(file.path().strip_prefix(top).ok().and_then(Path::to_str).map(str::to_owned));
    }
    for folder in folder.into_iter().flat_map(Dir::dirs) {
        embedded_below(Some(folder), top, found);
    }
}

/// Links to folders are not followed: they could lead round in a circle.
fn below(folder: &Path, top: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => below(&entry.path(), top, found),
            false => found.extend(entry.path().strip_prefix(top).ok().and_then(Path::to_str).map(str::to_owned)),
        }
    }
}

/// Loads one rubric; `path` is the file or its folder.
pub fn load_file(path: &Path) -> Result<Lab, Mistakes> {
    let path = if path.is_dir() { path.join(RUBRIC) } else { path.to_owned() };
    let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    // `rubric.yaml` alone does not say what its folder is called.
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    let id = whole.file_name().map_or("lab".to_owned(), |name| name.to_string_lossy().into_owned());
    Folder::OnDisk(folder).load(&path.display().to_string(), bytes, id)
}

/// Loads the mutants beside a rubric that [`load_file`] has loaded from the same path; none when there is no such file.
pub fn load_mutants_beside(path: &Path, lab: &Lab) -> Result<Vec<Mutant>, Mistakes> {
    let path = if path.is_dir() { path.join(MUTANTS) } else { path.with_file_name(MUTANTS) };
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&path, &error).into()),
    };
    let name = path.display().to_string();
    load_mutants(&name, &text(&name, bytes)?, lab)
}

/// A file's bytes as text, or the mistake that shows where it stops being text.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Mistake> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let before = &text[..good];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let place = Place {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            length: 1,
        };
        let source = Arc::new(Source { name: name.to_owned(), text });
        Mistake::new(&source, place, Kind::NotUtf8)
    })
}

pub fn unreadable(path: &Path, error: &io::Error) -> Mistake {
    // Without `(os error 2)`, and lower case like all our sentences.
    let why = error.to_string();
    let why = why.split(" (os error").next().unwrap_or(&why).to_lowercase();
    Mistake::outside(Kind::Unreadable { path: path.display().to_string(), why })
}
