//! The rubrics against the reference, the starter and every mutant.

use conformance::grader;
use predicates::str::contains;

const LABS: [&str; 6] = ["01-client", "02-server", "03-concurrency", "04-http", "05-chat", "06-proxy"];

#[test]
fn every_mutant_of_every_lab_fails_its_steps_and_no_others() {
    grader().arg("verify").args(LABS).assert().success().stdout(contains(": all ").count(LABS.len()));
}

#[test]
fn the_rubrics_have_no_mistakes() {
    for lab in LABS {
        grader().args(["lint", &format!("labs/{lab}")]).assert().success().stdout(contains("no mistakes"));
    }
}
