//! Autolab: a Makefile and an archive (docs.autolabproject.com, lab author's guide).

use super::archive::tar;
use super::contents::Contents;
use super::tree::Tree;
use super::trouble::PackageTrouble;
use crate::submission::reason;

pub fn tree(contents: &Contents) -> Result<Tree, PackageTrouble> {
    let mut beside = contents.beside();
    beside.add_program("grade", contents.fill(include_str!("../../package/autolab/grade")));
    let mut archive = Tree::default();
    archive.add_tree("autograde", &beside);
    let archive = tar(&archive).map_err(|error| PackageTrouble::Archive { why: reason(&error) })?;

    let mut tree = Tree::default();
    tree.add("autograde.tar", archive);
    tree.add("autograde-Makefile", contents.fill(include_str!("../../package/autolab/autograde-Makefile")));
    tree.add("README.md", contents.fill(include_str!("../../package/autolab/README.md")));
    Ok(tree)
}
