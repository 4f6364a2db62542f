//! The rubric language: what a lab asks for, step by step, and how its file is read and checked.

mod check;
mod exchange;
mod files;
mod lab;
mod library;
mod mistakes;
mod mutant;
mod pattern;
mod payload;
mod place;
mod points;
mod read;
mod role;
mod suggest;
mod template;
#[cfg(test)]
mod tests;
mod units;
mod verbs;
mod yaml;

pub use exchange::{
    Act, Action, Amount, Bound, Closing, Ending, ExitStatus, Level, Line, ListenAddress, Pace, Probe, Reading,
    Relation, SignalName, SocketState, Target,
};
pub use files::{Content, Laid};
pub use lab::{Lab, Requirement, Start, Step, Visibility};
pub use library::{Library, Selection, load_file, load_mutants_beside};
pub use mistakes::{Kind, Mistake, Mistakes};
pub use mutant::{Mutant, untested_steps};
pub use pattern::{Each, HeaderValue, Http, Pattern, Sender};
pub use payload::{Payload, Piece};
pub use place::{Place, Source};
pub use points::Points;
pub use read::{Fixtures, Shelf, load, load_mutants};
pub use role::{Actor, Manner, Role, STUDENT};
pub use suggest::nearest;
pub use template::{Part, Template};
