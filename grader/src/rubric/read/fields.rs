//! The words of a map: known ones, each once.

use super::reader::{Field, Reader};
use crate::rubric::mistakes::{Kind, Thing, Wanted};
use crate::rubric::place::Place;
use crate::rubric::suggest::nearest;
use crate::rubric::yaml::{Node, Value};

pub struct Fields<'n> {
    fields: Vec<Field<'n>>,
    /// Where to say what is missing.
    pub place: Place,
}

impl<'n> Fields<'n> {
    pub fn get(&self, word: &str) -> Option<Field<'n>> {
        self.fields.iter().copied().find(|field| field.word == word)
    }

    /// What is missing is shown there.
    pub fn at(self, place: Place) -> Fields<'n> {
        Fields { place, ..self }
    }

    pub fn all(&self) -> &[Field<'n>] {
        &self.fields
    }

    /// The word's field; when there is none, that is a mistake.
    pub fn needed(&self, reader: &mut Reader, thing: Thing, word: &'static str) -> Option<Field<'n>> {
        let field = self.get(word);
        if field.is_none() {
            reader.mistake(self.place, Kind::Missing { thing, word });
        }
        field
    }
}

impl Reader<'_> {
    /// The map's words, of which all have to be `known`.
    pub fn fields<'n>(&mut self, field: Field<'n>, wanted: Wanted, known: &[&str]) -> Option<Fields<'n>> {
        self.knows(known);
        let mut fields = self.entries(field, wanted)?;
        fields.fields.retain(|field| {
            let is_known = known.contains(&field.word);
            if !is_known {
                self.unknown_word(field.place, field.word, known);
            }
            is_known
        });
        Some(fields)
    }

    /// The map's words, whatever they are.
    pub fn entries<'n>(&mut self, field: Field<'n>, wanted: Wanted) -> Option<Fields<'n>> {
        let Value::Map(entries) = &field.node.value else {
            self.unfit(field, wanted);
            return None;
        };
        let mut fields: Vec<Field> = Vec::new();
        for (key, node) in entries {
            let Some(word) = self.key(key) else { continue };
            match fields.iter().find(|field| field.word == word) {
                Some(first) => {
                    let kind = Kind::GivenTwice { word: word.to_owned(), first_line: first.place.line };
                    self.mistake(key.place, kind);
                }
                None => fields.push(Field { word, place: key.place, node }),
            }
        }
        // A map that starts on a line of its own starts with its first word.
        let place = fields.first().map_or(field.node.place, |first| first.place);
        Some(Fields { fields, place })
    }

    fn key<'n>(&mut self, key: &'n Node) -> Option<&'n str> {
        match &key.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => {
                self.mistake(key.place, Kind::KeyIsNoWord);
                None
            }
        }
    }

    pub fn unknown_word(&mut self, place: Place, word: &str, known: &[&str]) {
        let kind = Kind::UnknownWord {
            word: word.to_owned(),
            near: nearest(word, known.iter().copied()).map(str::to_owned),
            known: known.iter().map(|word| (*word).to_owned()).collect(),
        };
        self.mistake(place, kind);
    }
}
