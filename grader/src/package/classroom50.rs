//! Classroom 50: an `autograder.py` that becomes the grader beside it (its wiki, Advanced Autograding).

use super::contents::Contents;
use super::tree::Tree;

pub fn tree(contents: &Contents) -> Tree {
    let mut tree = contents.beside();
    tree.add_program("autograder.py", contents.fill(include_str!("../../package/classroom50/autograder.py")));
    tree.add("README.md", contents.fill(include_str!("../../package/classroom50/README.md")));
    tree
}
