//! The old GitHub Classroom's reporter, and Classroom 50.

use serde_json::{Value, json};

use super::{all, card, faulted, lab, mixed, outcome, parsed, unbuilt};
use crate::engine::Verdict::Passed;
use crate::report::formats::{Assignment, Format};
use crate::report::look::{Look, look};
use crate::rubric::Points;
use crate::score::{LabScore, Scorecard};

pub fn assignment() -> Assignment {
    let text = str::to_owned;
    Assignment {
        classroom: text("net-2026"),
        assignment: text("lab1"),
        kind: text("individual"),
        owner: text("alice"),
        tag: text("submit/2026-09-01T10-00-00Z-a1b2c3d"),
        commit: text("https://github.com/org/r/commit/a1b2c3d"),
        release: text("https://github.com/org/r/releases/tag/submit%2Fx"),
        review: text("https://github.com/org/r/compare/b...a"),
        handed_in: 1_788_256_800,
    }
}

#[test]
fn the_reporter_gets_every_field_of_every_test() {
    let report = parsed(Format::Classroom, &mixed());
    assert_eq!((&report["version"], &report["status"], &report["max_score"]), (&json!(1), &json!("fail"), &json!(100)));
    let expected = json!({
        "name": "02-server: Listens on the port it was told", "status": "pass", "score": 40, "message": "",
        "test_code": "02-server/listens", "filename": "", "line_no": 0, "duration": 12,
    });
    assert_eq!(report["tests"][0], expected);
    let of = |field: &str| -> Vec<Value> {
        report["tests"].as_array().into_iter().flatten().map(|test| test[field].clone()).collect()
    };
    assert_eq!(of("status"), ["pass", "fail", "fail", "pass"]);
    assert_eq!(of("score"), [40, 0, 0, 0]);
}

#[test]
fn the_reporter_always_gets_a_test_and_a_line_number() {
    let empty = Scorecard { labs: Vec::new(), ..card(Vec::new()) };
    for card in all().into_iter().chain([empty]) {
        let report = parsed(Format::Classroom, &card);
        let tests = report["tests"].as_array().expect("there are tests");
        assert!(!tests.is_empty() && tests.iter().all(|test| test["line_no"] == 0 && test["score"].is_number()));
    }
    assert_eq!(parsed(Format::Classroom, &unbuilt())["status"], "fail");
    assert_eq!(parsed(Format::Classroom, &faulted())["status"], "error");
}

#[test]
fn classroom_50_is_told_where_the_submission_comes_from() {
    let mut report = parsed(Format::Classroom50, &mixed());
    report.as_object_mut().expect("it is an object").remove("tests");
    let expected = json!({
        "schema": "classroom50/result/v1", "classroom": "net-2026", "assignment": "lab1",
        "assignment_type": "individual", "owner": "alice", "submission": "submit/2026-09-01T10-00-00Z-a1b2c3d",
        "commit": "https://github.com/org/r/commit/a1b2c3d",
        "release": "https://github.com/org/r/releases/tag/submit%2Fx",
        "review": "https://github.com/org/r/compare/b...a",
        "datetime": "2026-09-01T10:00:00Z", "score": 400, "max-score": 1000,
    });
    assert_eq!(report, expected);
}

/// A lab whose steps have these points, in thousandths, the first of them passed.
fn worth(points: [u64; 3]) -> Scorecard {
    let mut lab = lab();
    lab.steps.truncate(3);
    lab.steps.iter_mut().zip(points).for_each(|(step, points)| step.points = Points(points));
    let failed = |step| outcome(step, super::failed());
    let outcomes = vec![outcome("listens", Passed), failed("echoes"), failed("closes")];
    Scorecard { labs: vec![LabScore::new(&lab, &[], outcomes)], ..card(Vec::new()) }
}

#[test]
fn classroom_50_gets_whole_numbers_scaled_alike_for_all_students() {
    for (points, score, max) in [
        ([40_000, 35_000, 25_000], 40, 100),
        ([40_000, 35_500, 24_500], 400, 1000),
        ([40_000, 35_250, 24_750], 4000, 10_000),
        ([40_000, 35_001, 24_999], 40_000, 100_000),
    ] {
        let report = parsed(Format::Classroom50, &worth(points));
        assert_eq!((&report["score"], &report["max-score"]), (&score.into(), &max.into()));
        assert_eq!(report["tests"][0]["max-score"], score);
    }
}

#[test]
fn classroom_50_gets_no_more_than_all() {
    let steps = ["listens", "echoes", "closes", "extra"];
    let report = parsed(Format::Classroom50, &card(steps.map(|step| outcome(step, Passed)).to_vec()));
    assert_eq!((&report["score"], &report["max-score"]), (&1000.into(), &1000.into()));
    assert_eq!((&report["tests"][3]["score"], &report["tests"][3]["max-score"]), (&100.into(), &100.into()));
    for card in all() {
        let report = parsed(Format::Classroom50, &card);
        let tests = report["tests"].as_array().into_iter().flatten();
        for part in tests.chain([&report]) {
            assert!(part["score"].as_u64().is_some_and(|score| Some(score) <= part["max-score"].as_u64()), "{part:#}");
        }
    }
}

/// The look of the tests, with a header for the format that has one.
pub fn looked() -> Look {
    Look { assignment: assignment(), ..look() }
}
