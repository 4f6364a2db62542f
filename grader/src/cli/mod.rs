//! Arguments, progress, exit status.

mod args;
mod class;
mod doctor;
mod excerpt;
mod exit;
mod grade;
mod interop;
mod labs;
mod level;
mod lint;
mod new;
mod output;
mod package;
mod progress;
mod run;
mod select;
mod show;
mod starter;
mod trouble;
mod verify;
mod warm;

pub use exit::Exit;
pub use run::main;
