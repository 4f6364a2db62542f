//! Programs of several submissions against each other: who gets along with whom, and what can be told from that.

mod json;
mod matrix;
mod render;
mod run;
mod subject;
mod tell;
#[cfg(test)]
mod tests;

pub use json::{How, json};
pub use matrix::{Cause, Cell, Lack, Matrix};
pub use render::text;
pub use run::{Plan, interop};
pub use subject::{REFERENCE, Subject};
