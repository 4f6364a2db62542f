//! A scorecard as a page: one file, without a network, a script or anything that a student wrote as markup.

mod bytes;
mod failure;
mod sequence;
mod step;
mod submission;
#[cfg(test)]
mod tests;

pub use submission::{Audience, PAGE_STYLE, html};
