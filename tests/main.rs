//! The specification as tests.

mod bad_input;
mod causes;
mod layers;
mod machines;
mod reference;
mod rubrics;
mod starter;
mod submissions;
