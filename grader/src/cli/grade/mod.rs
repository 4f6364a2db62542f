//! `grade`: one submission.

mod built;
mod classroom50;
mod command;
mod file;
mod handed_in;
mod level;
mod live;
mod run;
mod target;

pub use command::grade;
