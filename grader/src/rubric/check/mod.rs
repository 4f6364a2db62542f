//! What can be seen to be wrong with a rubric without playing it.

mod exchange;
mod steps;

pub use exchange::exchange;
pub use steps::{interop, steps, unknown_step};
