//! Points add up, whatever became of the steps.

use super::specimen::{failed, lab, outcome};
use super::*;
use crate::engine::Verdict::{self, Passed};

fn card(labs: Vec<LabScore>) -> Scorecard {
    let (submission, took) = ("answer".to_owned(), Duration::ZERO);
    Scorecard {
        submission: submission.into(),
        level: Level::Cell,
        level_why: None,
        seed: 1,
        took,
        finished: true,
        labs,
    }
}

/// `listens` 40, `echoes` 35.5, `closes` 24.5, `extra` 10 as a bonus.
fn scored(verdicts: [Verdict; 4]) -> LabScore {
    let steps = ["listens", "echoes", "closes", "extra"];
    let outcomes = steps.into_iter().zip(verdicts).map(|(step, verdict)| outcome(step, verdict)).collect();
    LabScore::new(&lab(), &[], outcomes)
}

fn blocked() -> Verdict {
    Verdict::Blocked { needs: "listens".to_owned() }
}

fn unavailable() -> Verdict {
    Verdict::Unavailable { why: "no cell".to_owned() }
}

fn faulted() -> Verdict {
    Verdict::Faulted { what: "no memory".to_owned() }
}

#[test]
fn all_passed_is_full_marks_with_the_bonus_apart() {
    let score = scored([Passed, Passed, Passed, Passed]);
    let expected = Totals {
        earned: Points::whole(100),
        worth: Points::whole(100),
        bonus_earned: Points::whole(10),
        bonus_worth: Points::whole(10),
        ..Totals::default()
    };
    assert_eq!(score.totals(), expected);
    assert_eq!(card(vec![score]).standing(), Standing::FullMarks);
}

#[test]
fn a_failed_step_and_the_steps_it_blocks_earn_nothing() {
    let totals = scored([Passed, failed(), blocked(), Passed]).totals();
    assert_eq!((totals.earned, totals.lost(), totals.graded()), (Points(40_000), Points(60_000), Points(100_000)));
}

#[test]
fn what_this_machine_cannot_check_costs_nothing() {
    let score = scored([Passed, unavailable(), Passed, unavailable()]);
    let totals = score.totals();
    assert_eq!((totals.earned, totals.lost(), totals.graded()), (Points(64_500), Points::ZERO, Points(64_500)));
    assert_eq!(totals.unavailable, Points(35_500));
    assert_eq!(card(vec![score]).standing(), Standing::FullMarks);
}

#[test]
fn the_graders_own_trouble_costs_nothing_and_outweighs_lost_points() {
    let score = scored([failed(), faulted(), Passed, Passed]);
    assert_eq!((score.totals().lost(), score.totals().faulted), (Points(40_000), Points(35_500)));
    assert_eq!(card(vec![score]).standing(), Standing::Faulted);
    assert_eq!(card(vec![scored([Passed, Passed, Passed, faulted()])]).standing(), Standing::Faulted);
}

#[test]
fn a_missed_bonus_loses_no_points_unless_it_was_all_that_was_asked_for() {
    assert_eq!(card(vec![scored([Passed, Passed, Passed, failed()])]).standing(), Standing::FullMarks);
    let alone = LabScore::new(&lab(), &["extra".to_owned()], vec![outcome("extra", failed())]);
    assert_eq!(card(vec![alone]).standing(), Standing::PointsLost);
}

#[test]
fn a_step_without_an_outcome_is_the_graders_debt() {
    let score = LabScore::new(&lab(), &[], vec![outcome("echoes", Passed), outcome("unheard-of", Passed)]);
    let verdicts: Vec<bool> = score.steps.iter().map(|step| step.outcome.verdict == Passed).collect();
    assert_eq!(verdicts, [false, true, false, false]);
    assert_eq!((score.totals().earned, score.totals().faulted), (Points(35_500), Points(64_500)));
}

#[test]
fn a_program_that_does_not_build_earns_nothing() {
    let problem = Problem { what: "`make` failed".to_owned(), output: String::new() };
    let score = LabScore::unbuilt(&lab(), &[], problem);
    assert_eq!((score.totals().earned, score.totals().lost()), (Points::ZERO, Points::whole(100)));
    assert_eq!(card(vec![score.clone()]).standing(), Standing::NothingGraded);
    let other = scored([Passed, Passed, Passed, Passed]);
    assert_eq!(card(vec![score, other]).standing(), Standing::PointsLost);
}

#[test]
fn labs_add_up() {
    let both = card(vec![scored([Passed, Passed, Passed, Passed]), scored([Passed, failed(), Passed, failed()])]);
    let totals = both.totals();
    assert_eq!((totals.earned, totals.worth), (Points(164_500), Points(200_000)));
    assert_eq!((totals.bonus_earned, totals.bonus_worth), (Points(10_000), Points(20_000)));
}
