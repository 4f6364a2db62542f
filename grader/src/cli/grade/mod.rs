//! `grade`: one submission.

mod built;
mod command;

mod live;
mod progress;
mod run;
mod target;

pub use command::grade;
