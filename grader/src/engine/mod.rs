//! Plays one step's exchange in a cell and says what came of it.

mod miss;
mod play;
mod trace;
mod verdict;

pub use miss::{Difference, Ending, Miss};
pub use play::{Program, Settings, play};
pub use trace::{Direction, Entry, Trace};
pub use verdict::{Ended, Failure, Outcome, Verdict};
