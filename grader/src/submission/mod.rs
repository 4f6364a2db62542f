//! A student's submission: what is in it, and how its programs are had.

mod build;
mod cache;
mod cargo;
mod copy;
mod crates;
mod flaw;
mod intake;
mod kind;
mod log;
mod make;
mod mistake;
mod open;
mod output;
mod reach;
mod sandbox;
mod shown;
mod toolchain;
mod trouble;
mod unreadable;
mod vendor;

pub use cache::Cache;
pub use crates::{fetch_crates, warm};
pub use flaw::{Damage, EntryFlaw};
pub use mistake::{Flaw, SubmissionMistake};
pub use open::{OpenTrouble, Submission};
pub use shown::reason;
pub use trouble::BuildTrouble;
