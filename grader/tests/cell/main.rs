//! The cell, with real processes in it.

mod end;
mod found;
mod life;
mod network;
mod ordinary_user;
mod other_machines;
mod sight;
mod support;
mod tap;
mod walls;
