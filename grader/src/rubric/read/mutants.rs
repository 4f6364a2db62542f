//! A rubric's own tests: `mutants.yaml`.

use std::sync::Arc;

use super::lab::{top, tree};
use super::payload::stays_inside;
use super::reader::{Field, Reader};
use super::step::id_of;
use crate::rubric::check::unknown_step;
use crate::rubric::lab::Lab;
use crate::rubric::mistakes::{File, Kind, Mistakes, Thing, Wanted};
use crate::rubric::mutant::Mutant;
use crate::rubric::place::{Place, Source};
use crate::rubric::yaml::Value;

const WORDS: [&str; 6] = ["id", "mistake", "file", "replace", "with", "fails"];

/// Reads and checks the mutants of `lab`.
pub fn load_mutants(name: &str, text: &str, lab: &Lab) -> Result<Vec<Mutant>, Mistakes> {
    let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
    let root = tree(&source, File::Mutants)?;
    let mut reader = Reader::new(source, &|_: &str| None);
    let words = top(&mut reader, &root, File::Mutants, &["mutants"]);
    let list = words.and_then(|words| words.needed(&mut reader, Thing::Mutants, "mutants"));
    let mut mutants: Vec<Mutant> = Vec::new();
    if let Some(field) = list {
        for node in reader.list(field).unwrap_or_default() {
            let Some(mutant) = mutant(&mut reader, field.entry(node), lab) else { continue };
            if let Some(first) = mutants.iter().find(|first| first.id == mutant.id) {
                let kind = Kind::IdTwice { id: mutant.id.clone(), first_line: first.place.line };
                reader.mistake(mutant.place, kind);
            }
            mutants.push(mutant);
        }
    }
    match Mistakes::from_list(reader.into_mistakes()) {
        Some(mistakes) => Err(mistakes),
        None => Ok(mutants),
    }
}

fn mutant(reader: &mut Reader, field: Field, lab: &Lab) -> Option<Mutant> {
    let words = reader.fields(field, Wanted::Map { example: "- id: no-listen" }, &WORDS)?;
    let id = words.needed(reader, Thing::Mutant, "id");
    let place = id.map_or(words.place, |id| id.node.place);
    let words = words.at(place);
    let id = id.and_then(|id| reader.parsed(id, Wanted::Id, id_of));
    let mistake = words.needed(reader, Thing::Mutant, "mistake").and_then(|mistake| reader.text(mistake));
    let file = words.needed(reader, Thing::Mutant, "file").and_then(|field| {
        let file = reader.text(field)?;
        if !stays_inside(&file) {
            let kind = Kind::OutsideFolder { name: file.clone(), folder: "the reference" };
            reader.mistake(field.node.place, kind);
        }
        Some(file)
    });
    let replace = words.needed(reader, Thing::Mutant, "replace").and_then(|field| {
        // White space around the text is part of it.
        reader.parsed(field, Wanted::Text, |text| Some(text.to_owned()).filter(|text| !text.trim().is_empty()))
    });
    let with = words.needed(reader, Thing::Mutant, "with").and_then(|with| with_text(reader, with));
    if let (Some(_), true) = (&replace, replace == with) {
        let place = words.get("with").map_or(place, |with| with.place);
        reader.mistake(place, Kind::SameText);
    }
    let fails = words.needed(reader, Thing::Mutant, "fails").map(|fails| failing(reader, fails, lab));
    Some(Mutant { id: id?, mistake: mistake?, file: file?, replace: replace?, with: with?, fails: fails?, place })
}

/// Nothing at all is text here: a mutant may leave something out.
fn with_text(reader: &mut Reader, field: Field) -> Option<String> {
    match &field.node.value {
        Value::Nothing => Some(String::new()),
        _ => reader.scalar(field, Wanted::Text).map(|scalar| scalar.text.clone()),
    }
}

fn failing(reader: &mut Reader, field: Field, lab: &Lab) -> Vec<String> {
    let mut fails: Vec<(String, Place)> = Vec::new();
    for entry in reader.one_or_list(field) {
        let Some(id) = reader.text(field.entry(entry)) else { continue };
        if lab.step(&id).is_none() {
            reader.mistake(entry.place, unknown_step(&id, lab.steps.iter().map(|step| step.id.as_str())));
        }
        if let Some((_, first)) = fails.iter().find(|(first, _)| *first == id) {
            reader.mistake(entry.place, Kind::GivenTwice { word: id.clone(), first_line: first.line });
        }
        fails.push((id, entry.place));
    }
    fails.into_iter().map(|(id, _)| id).collect()
}
