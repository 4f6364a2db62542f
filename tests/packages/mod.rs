//! What `grader package` writes, played as each platform does: unpacked at its documented paths, run as its user, in its
//! working directory, without a network.

mod autolab;
mod classroom50;
mod enter;
mod expected;
mod github;
mod gradescope;
mod handed_in;
mod machine;
mod mistakes;
mod packaged;
mod prairielearn;
