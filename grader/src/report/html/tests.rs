//! Nothing that a student wrote is ever markup, and hidden steps are for staff alone.

use std::collections::BTreeSet;

use super::{Audience, html};
use crate::engine::{Captured, Difference, Direction, Ending, Failure, Miss, Outcome, Verdict};
use crate::report::{Look, look};
use crate::rubric::Visibility;
use crate::score::specimen::{card, failed, failure, outcome, trace};
use crate::score::{LabScore, Problem, Scorecard};

const ATTEMPTS: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</title></style></pre><svg onload=alert(1)>",
    "'-alert(1)-'",
    "<!--\u{0}\u{1b}]8;;http://x\u{7}",
];

fn page(card: &Scorecard, audience: Audience) -> String {
    String::from_utf8(html(card, &look(), audience)).expect("it is text")
}

/// Its kinds of tags, with their attributes; of cells, which there are as many as bytes, without.
fn markup(page: &str) -> BTreeSet<String> {
    let body = page.split_once("</style>").expect("it has a style").1;
    let tags = body.split('<').skip(1).map(|piece| piece.split('>').next().unwrap_or_default());
    tags.map(|tag| if tag.starts_with("td ") { "td".to_owned() } else { tag.to_owned() }).collect()
}

/// A card with this text wherever a student's bytes can stand.
fn told_everywhere(text: &str) -> Scorecard {
    let bytes = text.as_bytes().to_vec();
    let misses = [
        Miss::Panicked { message: text.to_owned() },
        Miss::TooFew { who: "stdout".to_owned(), expected: 9, got: 1, tail: bytes.clone(), ended: Ending::Eof },
        Miss::WrongBytes {
            who: "stdout".to_owned(),
            difference: Difference {
                offset: 0,
                start: 0,
                expected: b"hello".to_vec(),
                got: bytes,
                expected_total: 5,
                got_total: 30,
            },
        },
    ];
    let steps = ["listens", "echoes", "closes"];
    let failures = misses.into_iter().zip(steps).map(|(miss, step)| {
        let failure =
            Failure { stderr: text.to_owned(), observed: vec![text.to_owned()], ..failure(miss, "connect: student") };
        let trace = trace(&[("client", Direction::ToStudent, text), ("student", Direction::Act, text)]);
        Outcome { trace, ..outcome(step, Verdict::Failed(Box::new(failure))) }
    });
    let mut card = card(failures.collect());
    card.submission = text.into();
    card.level_why = Some(text.to_owned());
    let problem = Problem { what: text.to_owned(), output: text.to_owned() };
    card.labs.push(LabScore::unbuilt(&card.labs[0].lab.clone(), &[], problem));
    card
}

#[test]
fn nothing_that_a_student_wrote_is_markup() {
    let harmless = markup(&page(&told_everywhere("hello, world"), Audience::Staff));
    for attempt in ATTEMPTS {
        let page = page(&told_everywhere(attempt), Audience::Staff);
        assert_eq!(markup(&page), harmless, "{attempt}");
        assert!(!page.contains(['\0', '\u{1b}', '\u{7}']), "{attempt}");
    }
}

#[test]
fn a_page_may_load_and_run_nothing() {
    let page = page(&told_everywhere("hello"), Audience::Staff);
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    for word in ["<script", "http://", "https://", "url(", "@import", " src="] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn of_a_hidden_step_a_student_sees_nothing() {
    let mut card = card(vec![outcome("listens", Verdict::Passed), outcome("echoes", failed())]);
    let step = card.labs[0].lab.steps.iter_mut().find(|step| step.id == "echoes").expect("it is there");
    step.visibility = Visibility::Hidden;
    let (student, staff) = (page(&card, Audience::Student), page(&card, Audience::Staff));
    for word in ["<b>echoes</b>", "Sends back what a client says", "41873"] {
        assert!(staff.contains(word) && !student.contains(word), "{word}");
    }
    assert!(staff.contains("hidden from students") && !student.contains("hidden from students"));
}

#[test]
fn of_a_hidden_steps_capture_a_student_sees_nothing() {
    let captured = Captured { frames: 7, missing: 0, drawn: false };
    let outcomes = ["listens", "echoes"].map(|step| Outcome { captured: Some(captured), ..outcome(step, failed()) });
    let mut card = card(outcomes.into());
    let step = card.labs[0].lab.steps.iter_mut().find(|step| step.id == "echoes").expect("it is there");
    step.visibility = Visibility::Hidden;
    let look = Look { captures: Some("captures".to_owned()), ..look() };
    let page = |audience| String::from_utf8(html(&card, &look, audience)).expect("it is text");
    let (shown, hidden) = ("captures/02-server.listens.pcapng", "captures-hidden/02-server.echoes.pcapng");
    let (student, staff) = (page(Audience::Student), page(Audience::Staff));
    assert!(staff.contains(&format!("<a href=\"{shown}\">")) && staff.contains(&format!("<a href=\"{hidden}\">")));
    assert!(student.contains(&format!("<a href=\"{shown}\">")) && !student.contains("echoes.pcapng"));
    assert!(student.contains("to be opened with Wireshark <span class=\"quiet\">(7 frames)</span>"), "{student}");
}

#[test]
fn the_first_difference_is_marked_on_both_sides() {
    let page = page(&told_everywhere("help!"), Audience::Student);
    assert!(page.contains("<td>6c</td><td><mark>6c</mark></td><td><mark>6f</mark></td>"), "{page}");
    assert!(page.contains("<td>6c</td><td><mark>70</mark></td><td><mark>21</mark></td>"), "{page}");
}
