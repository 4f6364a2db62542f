//! PrairieLearn: a question, and the image that it is graded in (its documentation, External Grading).

use sha2::{Digest, Sha256};

use super::contents::Contents;
use super::template::{INSTALL_TOOLS, fill};
use super::tree::Tree;

pub fn tree(contents: &Contents) -> Tree {
    let mut tests = contents.beside();
    tests.add_program("grade", contents.fill(include_str!("../../package/prairielearn/grade")));
    let info = fill(include_str!("../../package/prairielearn/info.json"), &[("UUID", &uuid(contents))]);

    let mut tree = Tree::default();
    tree.add_tree("question/tests", &tests);
    tree.add("question/info.json", contents.fill(&info));
    tree.add("question/question.html", contents.fill(include_str!("../../package/prairielearn/question.html")));
    tree.add("Dockerfile", include_str!("../../package/prairielearn/Dockerfile"));
    tree.add_program("install-tools", INSTALL_TOOLS);
    tree.add("README.md", contents.fill(include_str!("../../package/prairielearn/README.md")));
    tree
}

/// The same for the same labs, so that a newer package is the same question. PrairieLearn takes the form of random ones.
fn uuid(contents: &Contents) -> String {
    let ids: Vec<&str> = contents.labs.iter().map(|lab| lab.id.as_str()).collect();
    let hash = Sha256::digest(format!("prairielearn/{}", ids.join("/")));
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
