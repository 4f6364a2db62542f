//! The labs there are: embedded in the program, or in a folder.

mod files;
mod resolve;
mod shelf;

pub use files::{load_file, load_mutants_beside};
pub use resolve::Selection;
pub use shelf::Library;
