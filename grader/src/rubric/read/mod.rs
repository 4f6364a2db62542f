//! From the tree of a file to the types, collecting every mistake on the way.

mod action;
mod actors;
mod fields;
mod files;
mod hosts;
mod lab;
mod line;
mod moves;
mod mutants;
mod pattern;
mod payload;
mod probe;
mod reader;
mod requires;
mod scope;
mod start;
mod step;
mod template;

pub use lab::load;
pub use moves::{Deed, Move};
pub use mutants::load_mutants;
pub use reader::{Fixtures, Shelf};
pub use scope::Scope;
pub use step::Read as ReadStep;

#[cfg(test)]
pub use {pattern::WORDS as PATTERNS, payload::WORDS as PAYLOADS, reader::VOCABULARY, template::FACTS as PLACEHOLDERS};
