//! `grade`: one submission.

mod built;
mod captures;
mod classroom50;
mod command;
mod handed_in;
mod live;
mod run;
mod target;

pub use command::grade;
