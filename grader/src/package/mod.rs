//! What platforms take: everything that grading needs, in the shape of an upload.

mod archive;
mod autolab;
mod classroom50;
mod contents;
mod elf;
mod github;
mod grader;
mod gradescope;
mod labs;
mod platform;
mod prairielearn;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod trouble;
mod write;

pub use contents::{Contents, crates};
pub use grader::{Source, grader, source};
pub use labs::own_labs;
pub use platform::Platform;
pub use trouble::{Fault, PackageTrouble};
pub use write::{Upload, refuse_to_overwrite, upload, write};
