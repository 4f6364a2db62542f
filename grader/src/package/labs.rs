//! Labs that are not part of the grader, to go into a package beside it.

use std::path::Path;

use super::tree::Tree;
use super::trouble::PackageTrouble;
use crate::rubric::Lab;

/// What only `verify` needs: it would tell a student what the steps look for.
const MUTANTS: &str = "mutants.yaml";

/// Those of a folder that were chosen.
pub fn own_labs(folder: &Path, labs: &[&Lab]) -> Result<Tree, PackageTrouble> {
    let mut tree = Tree::default();
    for lab in labs {
        let from = folder.join(&lab.id);
        // What editors and file managers leave is none of a lab's.
        let wanted = |name: &str| name != MUTANTS && !name.starts_with('.') && !name.ends_with('~');
        tree.read(&from, &lab.id, &wanted).map_err(|error| PackageTrouble::unreadable(&from, &error))?;
    }
    Ok(tree)
}
