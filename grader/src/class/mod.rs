//! Many submissions: which there are, what of them has to be graded, doing so, and keeping what came of it.

mod captures;
mod cause;
mod entry;
mod grade;
mod gradebook;
mod key;
mod merge;
mod news;
mod page;
mod plan;
mod publish;
mod record;
mod roster;
mod run;
mod shard;
mod statistics;
mod store;
mod summary;

pub use captures::CAPTURES;
pub use cause::Causes;
pub use entry::{Entry, entries};
pub use key::lab_hash;
pub use merge::{Merged, collect, parts};
pub use news::News;
pub use plan::{Wanted, is_meant};
pub use publish::publish;
pub use roster::{Roster, RosterMistake, Student, Whose};
pub use run::{Class, known, run};
pub use shard::Shard;
pub use statistics::Statistics;
pub use store::{Header, Store, StoreTrouble};
pub use summary::Row;
