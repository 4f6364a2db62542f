//! What can be wrong with a rubric, and how it is said.

mod kind;
mod mistake;
mod render;
mod wanted;
mod words;
mod yaml_trouble;

pub use kind::{File, Kind, Thing};
pub use mistake::{Mistake, Mistakes};
pub use wanted::{Got, Wanted};
pub use yaml_trouble::YamlTrouble;
