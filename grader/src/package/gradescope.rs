//! Gradescope: a zip whose `setup.sh` and `run_autograder` lie at its root (gradescope-autograders.readthedocs.io).

use super::contents::Contents;
use super::template::INSTALL_TOOLS;
use super::tree::Tree;

pub fn tree(contents: &Contents) -> Tree {
    let mut tree = contents.beside();
    tree.add_program("setup.sh", include_str!("../../package/gradescope/setup.sh"));
    tree.add_program("run_autograder", contents.fill(include_str!("../../package/gradescope/run_autograder")));
    tree.add_program("install-tools", INSTALL_TOOLS);
    tree.add("environment", include_str!("../../package/gradescope/environment"));
    tree
}
