//! What a run tells while it goes on.

use crate::score::{Standing, Totals};

#[derive(Debug, Clone)]
pub enum News {
    /// So many submissions are looked at in this run; the others stay as they are.
    Begun {
        chosen: usize,
    },
    /// The submission at this place has been looked at, and is as it was.
    Kept(usize),
    /// It is being opened and built; waits for a player; is being played.
    Building(usize),
    Built(usize),
    Playing(usize),
    Graded {
        at: usize,
        totals: Totals,
        standing: Standing,
    },
}
