//! A rubric as a whole.

use std::sync::Arc;

use super::fields::Fields;
use super::reader::{Field, Fixtures, Reader};
use super::scope::Scope;
use super::{files, requires, start, step};
use crate::rubric::check;
use crate::rubric::lab::{Lab, Start, Step};
use crate::rubric::mistakes::{File, Kind, Mistake, Mistakes, Thing, Wanted};
use crate::rubric::place::Source;
use crate::rubric::yaml::{self, Node, Value};

/// Larger than any rubric that a person can keep in view.
const LARGEST: usize = 512 << 10;

/// Reads and checks a rubric. `name` is the file's, as a person would type it; the lab is called like its folder.
pub fn load(name: &str, text: &str, fixtures: Fixtures) -> Result<Lab, Mistakes> {
    let mut folders = name.rsplit('/').skip(1);
    let id = folders.next().unwrap_or("lab").to_owned();
    let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
    let root = tree(&source, File::Rubric)?;
    let mut reader = Reader::new(source.clone(), fixtures);
    let lab = read(&mut reader, &root, id);
    match (Mistakes::from_list(reader.into_mistakes()), lab) {
        (Some(mistakes), _) => Err(mistakes),
        (None, Some(lab)) => Ok(lab),
        (None, None) => Err(Mistake::of_file(&source, Kind::Empty { file: File::Rubric }).into()),
    }
}

/// The file's tree, or the one mistake that hides it.
pub fn tree(source: &Arc<Source>, file: File) -> Result<Node, Mistakes> {
    if source.text.len() > LARGEST {
        return Err(Mistake::of_file(source, Kind::TooLarge { most: LARGEST as u64 }).into());
    }
    match yaml::parse(source) {
        Ok(Some(root)) => Ok(root),
        Ok(None) => Err(Mistake::of_file(source, Kind::Empty { file }).into()),
        Err((place, kind)) => Err(Mistake::new(source, place, kind).into()),
    }
}

/// The words at the top of a file.
pub fn top<'n>(reader: &mut Reader, root: &'n Node, file: File, known: &[&str]) -> Option<Fields<'n>> {
    if !matches!(root.value, Value::Map(_)) {
        reader.mistake(root.place, Kind::NoWords { file });
        return None;
    }
    reader.fields(Field { word: "", place: root.place, node: root }, Wanted::Map { example: "" }, known)
}

const WORDS: [&str; 7] = ["title", "program", "start", "files", "requires", "steps", "interop"];

fn read(reader: &mut Reader, root: &Node, id: String) -> Option<Lab> {
    let words = top(reader, root, File::Rubric, &WORDS)?;
    let title = words.needed(reader, Thing::Rubric, "title").and_then(|title| reader.text(title));
    let program = words.needed(reader, Thing::Rubric, "program");
    let program = program.and_then(|program| reader.parsed(program, Wanted::Program, program_name));
    let start = words.needed(reader, Thing::Rubric, "start");
    // No step's actors are in reach of the rubric's own arguments.
    let mut nobody = Scope::new(Default::default(), std::time::Duration::MAX);
    let files = words.get("files").map_or_else(Vec::new, |field| files::read(reader, &mut nobody, field, &[]));
    nobody.has_files = !files.is_empty();
    let start = start.and_then(|field| start::read(reader, &mut nobody, field));
    let requires = words.get("requires").map_or_else(Vec::new, |field| requires::read(reader, field));

    let list = words.needed(reader, Thing::Rubric, "steps")?;
    let nodes = reader.list(list)?;
    if nodes.is_empty() {
        reader.mistake(list.node.place, Kind::NothingIn { word: "steps".to_owned() });
    }
    let defaults = step::Defaults { start: start.as_ref(), files: &files, requires: &requires };
    let steps: Vec<_> = nodes.iter().filter_map(|node| step::read(reader, list.entry(node), &defaults)).collect();
    for (place, kind) in check::steps(&steps, steps.len() == nodes.len(), list.place) {
        reader.mistake(place, kind);
    }
    let interop = words.get("interop").map_or_else(Vec::new, |list| interop(reader, list, &defaults));
    Some(Lab {
        id,
        title: title?,
        program: program?,
        start: start.unwrap_or(Start::ByHand),
        steps: steps.into_iter().map(|read| read.step).collect(),
        interop,
        source: reader.source.clone(),
        handout: String::new(),
    })
}

fn interop(reader: &mut Reader, list: Field, defaults: &step::Defaults) -> Vec<Step> {
    let Some(nodes) = reader.list(list) else { return Vec::new() };
    if nodes.is_empty() {
        reader.mistake(list.node.place, Kind::NothingIn { word: list.word.to_owned() });
    }
    let exchanges: Vec<Step> =
        nodes.iter().filter_map(|node| step::read_interop(reader, list.entry(node), defaults)).collect();
    for (place, kind) in check::interop(&exchanges) {
        reader.mistake(place, kind);
    }
    exchanges
}

/// A program's file name, as rubrics have it.
pub fn program_name(text: &str) -> Option<String> {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    Some(text.to_owned()).filter(|text| !text.is_empty() && text.bytes().all(sign))
}
