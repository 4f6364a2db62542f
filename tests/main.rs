//! The specification as tests.

mod attacks;
mod bad_input;
mod browser;
mod captures;
mod causes;
mod class;
mod cluster;
mod consumers;
mod crowds;
mod faults;
mod interop;
mod language;
mod layers;
mod machines;
mod one_step;
mod own_lab;
mod packages;
mod partners;
mod pauses;
mod platforms;
mod reference;
mod restarts;
mod rubrics;
mod starter;
mod submissions;
mod tools;
