//! The record of an exchange as a sequence diagram: a column an actor, a line an event.

use crate::engine::{Direction, Entry, Trace, plain, span};

/// Of a longer exchange the beginning and the end are shown.
const FIRST: usize = 20;
const LAST: usize = 40;
/// More columns than that cannot be read: then all actors share one, and each event names its own.
const MOST_LANES: usize = 5;
const STUDENT: &str = "student";

pub struct Sequence {
    pub lanes: Vec<String>,
    pub events: Vec<Event>,
    pub left_out: usize,
}

pub struct Event {
    pub number: usize,
    pub time: String,
    /// A class of the style sheet.
    pub style: &'static str,
    /// Grid lines.
    pub from: usize,
    pub to: usize,
    /// How far an arrow's ends are from those of its columns, so that it goes from middle to middle.
    pub ends: String,
    /// For those who do not see the arrow.
    pub spoken: String,
    pub text: String,
    pub wrong: bool,
}

impl Sequence {
    pub fn of(trace: &Trace) -> Option<Sequence> {
        let entries = &trace.0;
        if entries.is_empty() {
            return None;
        }
        let mut lanes = vec![STUDENT.to_owned()];
        for entry in entries.iter().filter(|entry| entry.actor != STUDENT) {
            if !lanes.contains(&entry.actor) {
                lanes.push(entry.actor.clone());
            }
        }
        let shared = lanes.len() > MOST_LANES;
        if shared {
            lanes = vec![STUDENT.to_owned(), "the grader".to_owned()];
        }
        let kept = |at: usize| at < FIRST || at + LAST >= entries.len();
        let events = entries.iter().enumerate().filter(|(at, _)| kept(*at));
        let events: Vec<Event> = events.map(|(at, entry)| event(at + 1, entry, &lanes, shared)).collect();
        let left_out = entries.len() - events.len();
        Some(Sequence { lanes, events, left_out })
    }
}

fn event(number: usize, entry: &Entry, lanes: &[String], shared: bool) -> Event {
    let at = lanes.iter().position(|lane| *lane == entry.actor).unwrap_or(1);
    let own = entry.actor == STUDENT;
    let (style, from, to, spoken) = match entry.direction {
        _ if own => ("act", 2, 3, STUDENT.to_owned()),
        Direction::Act => ("act", at + 2, at + 3, plain(&entry.actor)),
        // The student's column is the first one.
        Direction::ToStudent => ("arrow left", 2, at + 3, format!("{} to {STUDENT}", plain(&entry.actor))),
        Direction::FromStudent => ("arrow right", 2, at + 3, format!("{STUDENT} to {}", plain(&entry.actor))),
    };
    let text = plain(&entry.text);
    let text = if shared && !own { format!("{}: {text}", plain(&entry.actor)) } else { text };
    let ends = format!("calc(50% / {})", to - from);
    Event { number, time: span(entry.at), style, from, to, ends, spoken, text, wrong: entry.wrong }
}
