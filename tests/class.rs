//! A whole class: what is graded, what is kept, and what is told of it.

mod again;
mod gradebook;
mod parts;
mod replays;
mod stopped;
pub mod support;
mod told;
