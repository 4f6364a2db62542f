//! `grade`: one submission.

mod built;
mod command;
mod file;
mod level;
mod live;
mod progress;
mod run;

pub use command::grade;
