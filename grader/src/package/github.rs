//! GitHub Actions: a workflow, and the grader in a folder beside it.

use super::archive::gzip;
use super::contents::Contents;
use super::tree::Tree;
use super::trouble::PackageTrouble;
use crate::submission::reason;

pub fn tree(contents: &Contents) -> Result<Tree, PackageTrouble> {
    let mut folder = Tree::default();
    let grader = gzip(&contents.grader).map_err(|error| PackageTrouble::Archive { why: reason(&error) })?;
    folder.add("grader.gz", grader);
    folder.add("crates.tar.gz", contents.crates.clone());
    folder.add_tree("labs", &contents.own_labs);
    folder.add_program("grade", contents.fill(include_str!("../../package/github/grade")));
    folder.add("README.md", contents.fill(include_str!("../../package/github/README.md")));

    let mut tree = Tree::default();
    tree.add_tree(".github/grader", &folder);
    tree.add(".github/workflows/grade.yml", include_str!("../../package/github/grade.yml"));
    Ok(tree)
}
