//! A rubric's own test: the reference passes, the starter earns nothing, every mutant fails exactly its steps.

mod matrix;
mod mutate;
mod render;
mod run;
mod subject;

pub use matrix::{Cell, Matrix, Row};
pub use mutate::MutantMistake;
pub use run::{Plan, VerifyTrouble, verify};
pub use subject::Subject;
