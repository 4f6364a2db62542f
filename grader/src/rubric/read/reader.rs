//! Collects a file's mistakes while its values are read.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use crate::rubric::mistakes::{Got, Kind, Mistake, Wanted};
use crate::rubric::place::{Place, Source};
use crate::rubric::suggest::nearest;
use crate::rubric::units;
use crate::rubric::yaml::{Node, Scalar, Value};

/// A lab's `fixtures/`.
pub trait Shelf {
    /// A file by its name; `None` when there is none.
    fn file(&self, name: &str) -> Option<Vec<u8>>;
    /// All files in a folder and the folders in it, by their paths below it, in their order.
    fn folder(&self, name: &str) -> Option<Vec<(String, Vec<u8>)>>;
}

/// Files alone.
impl<F: Fn(&str) -> Option<Vec<u8>>> Shelf for F {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self(name)
    }

    fn folder(&self, _: &str) -> Option<Vec<(String, Vec<u8>)>> {
        None
    }
}

pub type Fixtures<'a> = &'a dyn Shelf;

#[cfg(test)]
thread_local! {
    /// Every word that was looked for since this was last emptied: for the test that all of them are in labs/README.md.
    pub static VOCABULARY: std::cell::RefCell<std::collections::BTreeSet<String>> = Default::default();
}

pub struct Reader<'a> {
    pub source: Arc<Source>,
    pub fixtures: Fixtures<'a>,
    mistakes: Vec<Mistake>,
}

/// A word and what stands after it.
#[derive(Clone, Copy)]
pub struct Field<'n> {
    pub word: &'n str,
    pub place: Place,
    pub node: &'n Node,
}

impl<'n> Field<'n> {
    /// Another value of the same word: an entry of its list.
    pub fn entry(self, node: &'n Node) -> Field<'n> {
        Field { node, place: node.place, ..self }
    }
}

impl<'a> Reader<'a> {
    pub fn new(source: Arc<Source>, fixtures: Fixtures<'a>) -> Reader<'a> {
        Reader { source, fixtures, mistakes: Vec::new() }
    }

    pub fn mistake(&mut self, place: Place, kind: Kind) {
        self.mistakes.push(Mistake::new(&self.source, place, kind));
    }

    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }

    /// The value is not what the word takes.
    pub fn unfit(&mut self, field: Field, wanted: Wanted) {
        let (got, place) = match &field.node.value {
            Value::Nothing => (Got::Nothing, field.place),
            Value::Scalar(scalar) => (Got::Text(scalar.text.clone()), field.node.place),
            Value::List(_) => (Got::List, field.node.place),
            Value::Map(_) => (Got::Map, field.node.place),
        };
        self.mistake(place, Kind::Unfit { word: field.word.to_owned(), wanted, got });
    }

    pub fn scalar<'n>(&mut self, field: Field<'n>, wanted: Wanted) -> Option<&'n Scalar> {
        match &field.node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => {
                self.unfit(field, wanted);
                None
            }
        }
    }

    /// A scalar that `parse` understands.
    pub fn parsed<T>(&mut self, field: Field, wanted: Wanted, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let scalar = self.scalar(field, wanted.clone())?;
        let parsed = parse(&scalar.text);
        if parsed.is_none() {
            self.unfit(field, wanted);
        }
        parsed
    }

    pub fn text(&mut self, field: Field) -> Option<String> {
        self.parsed(field, Wanted::Text, |text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    pub fn whole(&mut self, field: Field, least: u64, most: u64) -> Option<u64> {
        let wanted = Wanted::Whole { least, most };
        self.parsed(field, wanted, |text| units::whole(text).filter(|number| (least..=most).contains(number)))
    }

    pub fn flag(&mut self, field: Field) -> Option<bool> {
        self.parsed(field, Wanted::Flag, |text| text.parse().ok())
    }

    /// `true`, where `false` would mean nothing.
    pub fn yes(&mut self, field: Field) -> bool {
        self.parsed(field, Wanted::True, |text| (text == "true").then_some(())).is_some()
    }

    pub fn duration(&mut self, field: Field) -> Option<Duration> {
        let sensible = Duration::from_millis(1)..=Duration::from_secs(600);
        self.parsed(field, Wanted::Duration, |text| units::duration(text).filter(|time| sensible.contains(time)))
    }

    pub fn size(&mut self, field: Field, most: u64) -> Option<u64> {
        self.parsed(field, Wanted::Size { most }, |text| units::size(text).filter(|size| (1..=most).contains(size)))
    }

    pub fn address(&mut self, field: Field) -> Option<Ipv4Addr> {
        self.parsed(field, Wanted::Address, |text| text.parse().ok())
    }

    /// An address of the machine's own, or of the cell's.
    pub fn own_address(&mut self, field: Field) -> Option<Ipv4Addr> {
        let address = self.address(field)?;
        let [a, b, c, d] = address.octets();
        let of_cell = [a, b, c] == [10, 99, 0] && (1..=9).contains(&d);
        if !address.is_loopback() && !of_cell {
            let (word, address) = (field.word.to_owned(), address.to_string());
            self.mistake(field.node.place, Kind::NotOurs { word, address });
        }
        Some(address)
    }

    /// Whoever reads a value by its words says which it knows.
    pub fn knows(&self, _words: &[&str]) {
        #[cfg(test)]
        VOCABULARY.with_borrow_mut(|all| all.extend(_words.iter().map(|word| (*word).to_owned())));
    }

    /// One word of several.
    pub fn choice<T: Copy>(&mut self, field: Field, choices: &[(&'static str, T)]) -> Option<T> {
        let words: Vec<&'static str> = choices.iter().map(|(word, _)| *word).collect();
        self.knows(&words);
        let near = match &field.node.value {
            Value::Scalar(scalar) => nearest(&scalar.text, words.iter().copied()),
            _ => None,
        };
        self.parsed(field, Wanted::OneOf { words, near }, |text| {
            choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice)
        })
    }

    pub fn list<'n>(&mut self, field: Field<'n>) -> Option<&'n [Node]> {
        match &field.node.value {
            Value::List(items) => Some(items),
            _ => {
                self.unfit(field, Wanted::List);
                None
            }
        }
    }

    /// A list of at least one, or one by itself.
    pub fn one_or_list<'n>(&mut self, field: Field<'n>) -> &'n [Node] {
        match &field.node.value {
            Value::List(items) if items.is_empty() => {
                self.mistake(field.node.place, Kind::NothingIn { word: field.word.to_owned() });
                &[]
            }
            Value::List(items) => items,
            _ => std::slice::from_ref(field.node),
        }
    }
}
