//! The rubric language: what a lab asks for, step by step, and how its file is read and checked.

mod exchange;
mod lab;
mod mutant;
mod pattern;
mod payload;
mod place;
mod points;
mod role;
mod template;

pub use exchange::{
    Act, Action, Bound, Closing, Ending, ExitStatus, Killing, Level, Line, ListenAddress, Pace, Probe, Reading,
    Relation, SignalName, SocketState,
};
pub use lab::{Lab, Requirement, Start, Step, Visibility};
pub use mutant::Mutant;
pub use pattern::{Http, Pattern};
pub use payload::{Payload, Piece};
pub use place::{Place, Source};
pub use points::Points;
pub use role::{Actor, Manner, Role, STUDENT};
pub use template::{Part, Template};
