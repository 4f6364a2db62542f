//! What is said below a failed step.

use super::stream::lines_of;
use super::trace::trace;
use crate::engine::{Difference, Failure, Miss, count, next_action, plain};
use crate::report::capture::CaptureLink;
use crate::report::command::grade_step;
use crate::report::difference::window;
use crate::report::got::got;
use crate::report::look::{BAD, NOTICE, PLAIN, QUIET};
use crate::report::page::{LABELS, Page};
use crate::report::waited::waited;
use crate::score::{LabScore, Scorecard, StepScore};

/// Lines of the program's stderr that are shown.
const STDERR_LINES: usize = 10;
/// Columns by which the trace, the window and stderr stand in.
const INSIDE: usize = LABELS + 2;

/// Everything: the cause, what to do, how the grader knows, where to go on.
pub fn in_full(page: &mut Page, card: &Scorecard, lab: &LabScore, step: &StepScore, failure: &Failure) {
    page.prose(LABELS, BAD, &failure.miss.to_string());
    replays(page, step);
    page.gap();
    page.labelled("next", PLAIN, &next_action(failure));
    let source = &lab.lab.source;
    page.labelled("expected", PLAIN, &format!("by {}", plain(&source.at(failure.place))));
    page.beside("", QUIET, &plain(source.line(failure.place)));
    if let Some(waited) = waited(failure.ended) {
        page.labelled("waited", PLAIN, &waited);
    }
    for (number, sentence) in failure.observed.iter().enumerate() {
        page.labelled(if number == 0 { "seen" } else { "" }, PLAIN, &plain(sentence));
    }
    trace(page, &step.outcome.trace);
    if let Miss::WrongBytes { difference, .. } = &failure.miss {
        first_difference(page, difference);
    }
    match (got(&failure.miss), &failure.miss) {
        (Some(tail), Miss::TooFew { .. }) => page.labelled("got", PLAIN, &format!("as its last bytes {tail}")),
        (Some(message), Miss::HttpDiffers { .. } | Miss::NeverCame { .. }) => page.labelled("got", PLAIN, &message),
        _ => {}
    }
    if !failure.stderr.trim().is_empty() {
        page.label("stderr");
        lines_of(page, INSIDE, &failure.stderr, STDERR_LINES);
    }
    if let Some(link) = CaptureLink::of(page.look, lab, step) {
        page.beside("capture", PLAIN, &plain(&link.path));
        page.labelled("", QUIET, &link.note());
    }
    if let Some(step) = lab.step(step) {
        page.labelled("hint", PLAIN, &plain(step.hint.trim()));
        if let Some(command) = &step.try_it {
            command.trim().lines().for_each(|line| page.beside("try", PLAIN, &plain(line)));
        }
    }
    again(page, card, lab, step);
    page.gap();
}

/// The cause, what to do and the command that shows the rest.
pub fn brief(page: &mut Page, card: &Scorecard, lab: &LabScore, step: &StepScore, failure: &Failure) {
    page.prose(LABELS, BAD, &failure.miss.to_string());
    replays(page, step);
    page.labelled("next", PLAIN, &next_action(failure));
    again(page, card, lab, step);
}

/// A cause that was shown before.
pub fn same_again(page: &mut Page, card: &Scorecard, lab: &LabScore, step: &StepScore, before: &StepScore) {
    page.prose(LABELS, BAD, &format!("the same as `{}`", before.outcome.step));
    again(page, card, lab, step);
}

fn replays(page: &mut Page, step: &StepScore) {
    if let Some(replays) = step.outcome.replays {
        page.prose(LABELS, if replays.is_flaky() { NOTICE } else { PLAIN }, &replays.to_string());
    }
}

fn again(page: &mut Page, card: &Scorecard, lab: &LabScore, step: &StepScore) {
    let command = grade_step(page.look, &card.submission, &lab.lab.id, &step.outcome.step);
    page.beside("again", PLAIN, &command);
}

fn first_difference(page: &mut Page, difference: &Difference) {
    let (expected, got) = (count(difference.expected_total, "byte"), count(difference.got_total, "byte"));
    page.labelled("differs", PLAIN, &format!("at offset {}: {expected} expected, {got} read", difference.offset));
    for line in window(difference, page.look, page.room(INSIDE)) {
        page.line(&format!("{}{line}", " ".repeat(INSIDE)));
    }
}
