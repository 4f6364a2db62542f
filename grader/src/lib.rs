//! Grades network programs: builds a submission, plays each step's exchange with it in a cell of its own, and
//! says which stage of the socket's life went wrong.
//!
//! # Layout
//! - [`rubric`]: labs, steps, exchanges: the language, its files and their mistakes.
//! - [`probe`]: what the kernel says of processes and sockets.
//! - [`cell`]: isolating one student's processes.
//! - [`engine`]: plays a step's exchange; verdicts.
//! - [`submission`]: finding and building what was handed in.
//! - [`score`]: outcomes to points.
//! - [`interop`]: programs of several submissions against each other.
//! - [`package`]: what platforms take, to be uploaded.
//! - [`report`]: a scorecard for people and for programs.
//! - [`class`]: many submissions: schedule, store, resume, statistics.
//! - [`cli`]: arguments, progress, exit status.
//! - [`scratch`] and [`result_file`]: temporary folders, and files that are replaced as a whole, for all of them.
//! - `in_parallel`: the same work on many things, several at a time.

pub mod cell;
pub mod class;
pub mod cli;
pub mod engine;
mod in_parallel;
pub mod interop;
pub mod package;
pub mod probe;
pub mod report;
pub mod result_file;
pub mod rubric;
pub mod score;
pub mod scratch;
pub mod submission;
pub mod verify;
