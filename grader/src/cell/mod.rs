//! Isolating one student's processes, and making sockets beside them.

mod level;

pub use level::Level;
