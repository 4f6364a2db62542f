//! The rubrics against the reference, the starter and every mutant.

use conformance::grader;
use predicates::str::contains;

#[test]
fn every_mutant_of_every_lab_fails_its_steps_and_no_others() {
    let mut verify = grader();
    verify.args(["verify", "01-client", "02-server", "04-http"]).assert().success().stdout(contains(": all ").count(3));
}

#[test]
fn the_rubrics_have_no_mistakes() {
    for lab in ["labs/01-client", "labs/02-server", "labs/04-http"] {
        grader().args(["lint", lab]).assert().success().stdout(contains("no mistakes"));
    }
}
