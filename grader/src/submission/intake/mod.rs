//! Taking a submission in: a private copy of a folder, or of what an archive holds.

mod entry_path;
mod folder;
mod format;
mod from;
mod link;
mod litter;
mod metered;
mod project;
mod tar;
mod tree;
mod trouble;
mod zip;

pub use from::{Copy, take_in};
pub use trouble::Trouble;
