//! The specification as tests.

mod layers;
