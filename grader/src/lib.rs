//! Grades network programs: builds a submission, plays each step's exchange with it in a cell of its own, and
//! says which stage of the socket's life went wrong.
//!
//! # Layout
//! - [`rubric`]: labs, steps, exchanges: the language, its files and their mistakes.
//! - [`probe`]: what the kernel says of processes and sockets.
//! - [`cell`]: isolating one student's processes.
//! - [`engine`]: plays a step's exchange; verdicts.
//! - [`score`]: outcomes to points.

pub mod cell;
pub mod engine;
pub mod probe;
pub mod rubric;
pub mod score;
