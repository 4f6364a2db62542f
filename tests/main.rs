//! The specification as tests.

mod attacks;
mod bad_input;
mod causes;
mod class;
mod faults;
mod layers;
mod machines;
mod reference;
mod rubrics;
mod starter;
mod submissions;
