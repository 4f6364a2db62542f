//! What a result depends on, as a hash: while it is the same there is nothing to grade again.

use sha2::{Digest, Sha256};

use crate::cell::Level;
use crate::rubric::Lab;

/// The grader that wrote a result: its version, and a number of its sources.
pub const GRADER: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("GRADER_BUILD"));

/// Of all that a lab asks for, fixtures included; not of its handout, which nobody is graded by.
pub fn lab_hash(lab: &Lab) -> String {
    // The loaded lab written out holds all of it, whatever the language comes to say one day.
    let lab = Lab { handout: String::new(), ..lab.clone() };
    hash(&[&format!("{lab:?}")])
}

/// Of everything that one lab's result for one submission depends on.
pub fn key(submission: &str, lab_hash: &str, level: Level, seed: u64) -> String {
    hash(&[submission, lab_hash, GRADER, level.name(), &seed.to_string()])
}

pub fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Level, key, lab_hash};
    use crate::rubric::{Lab, Library};

    #[test]
    fn whatever_a_result_depends_on_changes_its_key() {
        let known = key("submission", "lab", Level::Cell, 1);
        assert_eq!(known, key("submission", "lab", Level::Cell, 1));
        let others = [
            key("submissio", "nlab", Level::Cell, 1),
            key("submission", "lab", Level::Uid, 1),
            key("submission", "lab", Level::Cell, 2),
        ];
        assert!(!others.contains(&known));
    }

    #[test]
    fn a_labs_hash_is_of_its_steps_and_not_of_its_handout() {
        let library = Library::embedded();
        let lab = library.labs().expect("the labs are right")[0];
        let told_otherwise = Lab { handout: "# Another".to_owned(), ..lab.clone() };
        assert_eq!(lab_hash(lab), lab_hash(&told_otherwise));
        let mut shorter = lab.clone();
        shorter.steps.pop();
        assert_ne!(lab_hash(lab), lab_hash(&shorter));
    }
}
