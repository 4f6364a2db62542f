//! What is in every package.

use super::archive::{gzip, tar};
use super::tree::Tree;
use super::trouble::PackageTrouble;
use crate::rubric::Lab;
use crate::scratch::Scratch;
use crate::submission::{fetch_crates, reason};

#[derive(Debug, Default)]
pub struct Contents<'a> {
    /// A static program.
    pub grader: Vec<u8>,
    /// What `GRADER_CRATES` names: the starter's crates in source. They are built where they are used, because what is
    /// built fits one compiler.
    pub crates: Vec<u8>,
    pub labs: Vec<&'a Lab>,
    /// The labs' files; none when they are part of the grader.
    pub own_labs: Tree,
}

impl Contents<'_> {
    /// The grader and what lies beside it, wherever that is.
    pub fn beside(&self) -> Tree {
        let mut tree = Tree::default();
        tree.add_program("grader", self.grader.clone());
        tree.add("crates.tar.gz", self.crates.clone());
        tree.add_tree("labs", &self.own_labs);
        tree
    }
}

/// From cargo's own store, or the network.
pub fn crates() -> Result<Vec<u8>, PackageTrouble> {
    let packed = |error: std::io::Error| PackageTrouble::Archive { why: reason(&error) };
    let folder = Scratch::new().map_err(packed)?;
    fetch_crates(folder.path())?;
    let mut tree = Tree::default();
    tree.read(folder.path(), "", &|_| true).map_err(packed)?;
    gzip(&tar(&tree).map_err(packed)?).map_err(packed)
}
