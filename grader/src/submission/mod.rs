//! A student's submission: what is in it, and how its programs are had.

mod build;
mod cache;
mod copy;
mod flaw;
mod intake;
mod kind;
mod mistake;
mod open;
mod output;
mod shown;
mod slot;

pub use build::BuildTrouble;
pub use cache::Cache;
pub use flaw::{Damage, EntryFlaw};
pub use mistake::{Flaw, SubmissionMistake};
pub use open::{OpenTrouble, Submission};
