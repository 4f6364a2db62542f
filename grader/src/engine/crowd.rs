//! A crowd acts as one: each of its clients in turn, and when one of them misses, how the others fare.

use super::act::Context;
use super::act_socket::{self, Seat};
use super::matching::{Progress, Wanted};
use super::miss::Ending;
use super::stage::{Stage, Stop};
use super::trace::Entry;
use super::verdict::Ended;
use crate::rubric::{self, Action, Role};
use std::time::Duration;

/// How long the others' answers are waited for when one was wrong, in fair time.
const OTHERS: Duration = Duration::from_millis(500);

/// A single actor is a crowd of one, of which nothing is said.
pub fn act(stage: &mut Stage, actor: usize, action: &Action, context: Context) -> Result<(), Stop> {
    let seats: Vec<Seat> = (0..stage.actors[actor].seats.len()).map(|seat| Seat::of(stage, actor, seat)).collect();
    let begun = stage.trace.0.len();
    // Else each of them would be silent after the other.
    if let Action::ExpectSilence(duration) = action {
        act_socket::expect_silence(stage, &seats, *duration)?;
        shorten(&mut stage.trace.0, begun, seats.len());
        return Ok(());
    }
    for seat in &seats {
        stage.know_ends(seat);
        if let Err(stop) = act_socket::act(stage, seat, action, context) {
            let is_crowd = matches!(stage.actors[actor].role, Role::Clients(_));
            let told = if is_crowd { others(stage, seat, action, &stop)? } else { None };
            let Stop::Failed(mut failure) = stop else { return Err(stop) };
            failure.observed.splice(0..0, told);
            shorten(&mut stage.trace.0, begun, seat.seat);
            return Err(Stop::Failed(failure));
        }
    }
    shorten(&mut stage.trace.0, begun, seats.len());
    Ok(())
}

impl Stage<'_> {
    /// `{crowd.local}` is that of the client whose turn it is.
    fn know_ends(&mut self, seat: &Seat) {
        let actor = &self.actors[seat.actor];
        if let Some(connection) = &actor.seats[seat.seat] {
            self.facts.set(format!("{}.peer", actor.name), connection.peer);
            self.facts.set(format!("{}.local", actor.name), connection.local);
        }
    }
}

/// How those before it and those after it fared. What is expected of them can be seen; what they have yet to do cannot.
fn others(stage: &mut Stage, missed: &Seat, action: &Action, stop: &Stop) -> Result<Option<String>, Stop> {
    let Stop::Failed(failure) = stop else { return Ok(None) };
    let all = stage.actors[missed.actor].seats.len();
    let name = stage.actors[missed.actor].name.clone();
    let rest: Vec<Seat> = (missed.seat + 1..all).map(|seat| Seat::of(stage, missed.actor, seat)).collect();
    let can_be_seen = matches!(action, Action::Expect(_) | Action::ExpectClose(_));
    if !can_be_seen {
        return Ok(Some(format!("{} of {all} clients of `{name}` were through before it", missed.seat)));
    }
    if failure.ended == Ended::Event {
        // One that was wrong may have come before another that is right.
        let all_known = |stage: &mut Stage| {
            let known: Result<Vec<bool>, Stop> =
                rest.iter().map(|seat| Ok(fares(stage, seat, action)?.is_some())).collect();
            Ok(known?.into_iter().all(|known| known).then_some(()))
        };
        stage.wait(OTHERS, all_known)?.ok();
    }
    let mut fine = missed.seat;
    for seat in &rest {
        fine += usize::from(fares(stage, seat, action)? == Some(true));
    }
    Ok(Some(format!("{fine} of the other {} clients of `{name}` got what they should", all - 1)))
}

/// Whether the client has what the line expects; `None` as long as that is open.
fn fares(stage: &mut Stage, seat: &Seat, action: &Action) -> Result<Option<bool>, Stop> {
    stage.know_ends(seat);
    let stream = seat.stream();
    Ok(match action {
        Action::Expect(pattern) => {
            let wanted = Wanted::new(pattern, &mut stage.facts, seat.seat as u32, &mut stage.random);
            match wanted.meet(&act_socket::connection(stage, seat)?.inbox, &stream) {
                Progress::Match(_) => Some(true),
                Progress::More => None,
                Progress::Never(_) => Some(false),
            }
        }
        Action::ExpectClose(wanted) => {
            let inbox = &act_socket::connection(stage, seat)?.inbox;
            match (wanted, inbox.ended()) {
                _ if inbox.waiting_total() > 0 => Some(false),
                (_, Ending::Open) => None,
                (rubric::Ending::Eof, how) => Some(how == Ending::Eof),
                (rubric::Ending::Reset, how) => Some(how == Ending::Reset),
                (rubric::Ending::Any, _) => Some(true),
            }
        }
        _ => None,
    })
}

/// Of what many clients did alike, the first and the last is enough; `alike` of the clients had no trouble.
fn shorten(trace: &mut Vec<Entry>, begun: usize, alike: usize) {
    let done = trace.len().min(begun + alike);
    if done - begun < 4 {
        return;
    }
    let (first, last) = (begun + 1, done - 1);
    let left_out = last - first;
    trace[first].text = format!("{left_out} clients like it, up to `{}`", trace[last - 1].actor);
    trace.drain(first + 1..last);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Direction;
    use crate::rubric::Place;

    fn trace(actors: usize) -> Vec<Entry> {
        let entry = |number: usize| Entry {
            at: Duration::ZERO,
            actor: format!("crowd {number}"),
            direction: Direction::Act,
            text: format!("speaks {number}"),
            place: Place::default(),
            wrong: false,
        };
        (0..actors).map(entry).collect()
    }

    fn shortened(actors: usize, begun: usize, alike: usize) -> Vec<String> {
        let mut trace = trace(actors);
        shorten(&mut trace, begun, alike);
        trace.iter().map(|entry| format!("{}: {}", entry.actor, entry.text)).collect()
    }

    #[test]
    fn what_many_did_alike_is_told_of_the_first_and_the_last() {
        let expected = ["crowd 0: speaks 0", "crowd 1: 48 clients like it, up to `crowd 48`", "crowd 49: speaks 49"];
        assert_eq!(shortened(50, 0, 50), expected);
    }

    #[test]
    fn whoever_had_trouble_is_told_of_with_what_was_before() {
        let expected = ["crowd 0: speaks 0", "crowd 1: speaks 1", "crowd 2: 2 clients like it, up to `crowd 3`"];
        assert_eq!(shortened(6, 1, 4)[..3], expected);
        assert_eq!(shortened(6, 1, 4)[3..], ["crowd 4: speaks 4", "crowd 5: speaks 5"]);
    }

    #[test]
    fn a_few_are_told_of_one_by_one() {
        assert_eq!(shortened(3, 0, 3), ["crowd 0: speaks 0", "crowd 1: speaks 1", "crowd 2: speaks 2"]);
    }
}
