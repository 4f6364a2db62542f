//! The specification as tests.

mod attacks;
mod bad_input;
mod captures;
mod causes;
mod class;
mod cluster;
mod consumers;
mod faults;
mod layers;
mod machines;
mod packages;
mod platforms;
mod reference;
mod rubrics;
mod starter;
mod submissions;
