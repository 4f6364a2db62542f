//! The report that people read.

mod failure;
mod lab;
mod step;
mod stream;
#[cfg(test)]
mod tests;
mod totals;
mod trace;

pub use lab::terminal;
