//! A student's submission: what is in it, and how its programs are had.

mod build;
mod cache;
mod copy;
mod kind;
mod mistake;
mod open;
mod output;
mod slot;

pub use build::BuildTrouble;
pub use cache::Cache;
pub use mistake::SubmissionMistake;
pub use open::Submission;
