//! What clients and servers of the grader do with their connections.

use super::act::{ANSWER, Context};
use super::matching::{Progress, Wanted};
use super::miss::{Ending, Excerpt, Miss};
use super::quote::counted;
use super::stage::{Stage, Stop};
use super::trace::Direction::{Act, FromStudent, ToStudent};
use super::verdict::Ended;
use super::{open, send};
use crate::rubric::{self, Action, Closing, Pattern, Reading};
use std::time::Duration;

/// One seat of an actor does one thing.
pub fn act(stage: &mut Stage, seat: &Seat, action: &Action, context: Context) -> Result<(), Stop> {
    match action {
        Action::Connect { from, to } => open::connect(stage, seat, *from, *to, context),
        Action::Accept => open::accept(stage, seat, context),
        Action::Send { payload, chunk, every, background } => send::send(
            stage,
            seat,
            payload,
            send::Manner { chunk: *chunk, every: *every, background: *background },
            context,
        ),
        Action::Expect(pattern) => expect(stage, seat, pattern, context),
        Action::ExpectClose(ending) => expect_close(stage, seat, *ending, context),
        Action::Close(closing) => close(stage, seat, *closing, context),
        Action::Read(reading) => {
            let actor = &mut stage.actors[seat.actor];
            // Said before there is a connection, it is for the next one: not even its first byte is read.
            actor.paused = *reading == Reading::Paused;
            if let Some(connection) = actor.seats[seat.seat].as_mut() {
                connection.paused = actor.paused;
            }
            let text = if *reading == Reading::Paused { "stops reading" } else { "reads again" };
            stage.note(&seat.who, Act, text);
            Ok(())
        }
        other => Err(Stop::Fault(format!("`{}` cannot do this: {other:?}", seat.who))),
    }
}

/// An actor's place in its crowd.
pub struct Seat {
    pub actor: usize,
    pub seat: usize,
    pub who: String,
}

impl Seat {
    pub fn of(stage: &Stage, actor: usize, seat: usize) -> Seat {
        Seat { actor, seat, who: stage.actors[actor].seat_name(seat) }
    }

    /// The stream's name in a miss.
    pub fn stream(&self) -> String {
        format!("the connection of `{}`", self.who)
    }
}

pub fn connection<'s>(stage: &'s mut Stage, seat: &Seat) -> Result<&'s mut super::connection::Connection, Stop> {
    stage.actors[seat.actor].seats[seat.seat]
        .as_mut()
        .ok_or_else(|| Stop::Fault(format!("`{}` has no connection yet", seat.who)))
}

fn expect(stage: &mut Stage, seat: &Seat, pattern: &Pattern, context: Context) -> Result<(), Stop> {
    let wanted = Wanted::new(pattern, &mut stage.facts, seat.seat as u32, &mut stage.random);
    let stream = seat.stream();
    let waited = stage.wait(context.within(ANSWER), |stage| {
        Ok(match wanted.meet(&connection(stage, seat)?.inbox, &stream) {
            Progress::More => None,
            Progress::Match(count) => Some(Ok(count)),
            Progress::Never(miss) => Some(Err(*miss)),
        })
    })?;
    match waited {
        Ok(Ok(count)) => {
            let inbox = &mut connection(stage, seat)?.inbox;
            let text = counted(&inbox.waiting()[..count]);
            inbox.take(count);
            stage.note(&seat.who, FromStudent, text);
            Ok(())
        }
        Ok(Err(miss)) => {
            note_what_came(stage, seat)?;
            let ended = connection(stage, seat)?.inbox.ended();
            let nothing = connection(stage, seat)?.inbox.waiting_total() == 0;
            match (ended, nothing) {
                (Ending::Open, _) => Err(stage.miss(miss, Ended::Event)),
                // Not a byte of it came: that it hung up says more than how many are missing.
                (how, true) => {
                    let after = connection(stage, seat)?.inbox.total();
                    Err(hung_up(stage, seat, how, Miss::ClosedEarly { who: stream, how, after })?)
                }
                _ => Err(stage.miss_or_death(miss)),
            }
        }
        Err(ended) => {
            note_what_came(stage, seat)?;
            let inbox = &connection(stage, seat)?.inbox;
            let partial = (inbox.waiting_total() > 0).then(|| wanted.cut_short(inbox, &stream));
            let miss = match partial {
                Some(miss) => miss,
                None => stage.why_silent(seat.actor, seat.seat)?,
            };
            Err(stage.miss(miss, ended))
        }
    }
}

/// The student has ended the connection in this way. What explains a reset better than `miss` is a listener that was
/// closed: it resets those who wait in its accept queue.
pub fn hung_up(stage: &mut Stage, seat: &Seat, how: Ending, miss: Miss) -> Result<Stop, Stop> {
    let connection = connection(stage, seat)?;
    let unanswered = how == Ending::Reset && connection.inbox.total() == 0;
    let Some(listener) = connection.listener.filter(|_| unanswered) else { return Ok(stage.miss_or_death(miss)) };
    let is_there = stage.sock_diag.listeners()?.iter().any(|socket| socket.inode == listener);
    let closed = Miss::ListenerClosed { who: seat.stream(), port: stage.port };
    Ok(stage.miss_or_death(if is_there { miss } else { closed }))
}

/// Bytes that came and are not what was wanted belong into the trace too.
fn note_what_came(stage: &mut Stage, seat: &Seat) -> Result<(), Stop> {
    let inbox = &connection(stage, seat)?.inbox;
    let (came, ended) = (counted(inbox.waiting()), inbox.ended());
    let nothing = inbox.waiting_total() == 0;
    if !nothing {
        stage.note(&seat.who, FromStudent, came);
    }
    match ended {
        Ending::Open if nothing => stage.note(&seat.who, FromStudent, "nothing"),
        Ending::Open => {}
        Ending::Eof => stage.note(&seat.who, FromStudent, "end of file (FIN)"),
        Ending::Reset => stage.note(&seat.who, FromStudent, "reset (RST)"),
    }
    Ok(())
}

/// On all of these connections at the same time.
pub fn expect_silence(stage: &mut Stage, seats: &[Seat], duration: Duration) -> Result<(), Stop> {
    let waited = stage.wait(duration, |stage| {
        for seat in seats {
            let inbox = &connection(stage, seat)?.inbox;
            if inbox.waiting_total() > 0 || !inbox.is_open() {
                return Ok(Some(seat));
            }
        }
        Ok(None)
    })?;
    let Ok(seat) = waited else {
        seats.iter().for_each(|seat| stage.note(&seat.who, FromStudent, "nothing, as it should be"));
        return Ok(());
    };
    note_what_came(stage, seat)?;
    let inbox = &connection(stage, seat)?.inbox;
    let (got, how, after) = (Excerpt::from(inbox.waiting()), inbox.ended(), inbox.total());
    match got.is_empty() {
        true => Err(hung_up(stage, seat, how, Miss::ClosedEarly { who: seat.stream(), how, after })?),
        false => Err(stage.miss(Miss::NotSilent { who: seat.stream(), got }, Ended::Event)),
    }
}

fn expect_close(stage: &mut Stage, seat: &Seat, wanted: rubric::Ending, context: Context) -> Result<(), Stop> {
    let waited = stage.wait(context.within(ANSWER), |stage| {
        let inbox = &connection(stage, seat)?.inbox;
        Ok((!inbox.is_open() || inbox.waiting_total() > 0).then_some(()))
    })?;
    let inbox = &connection(stage, seat)?.inbox;
    let (extra, how, total) = (Excerpt::from(inbox.waiting()), inbox.ended(), inbox.total());
    let who = seat.stream();
    if !extra.is_empty() {
        note_what_came(stage, seat)?;
        let expected = total - extra.total;
        return Err(stage.miss(Miss::TooMany { who, expected, extra }, Ended::Event));
    }
    match (waited, wanted, how) {
        (Err(ended), ..) => {
            stage.note(&seat.who, FromStudent, "the connection stays open");
            let miss = match stage.why_silent(seat.actor, seat.seat)? {
                Miss::Silent { .. } => Miss::NotClosed { who, waits: stage.waits_for_end(seat)? },
                not_accepted => not_accepted,
            };
            Err(stage.miss(miss, ended))
        }
        (Ok(()), rubric::Ending::Eof, Ending::Reset) => {
            stage.note(&seat.who, FromStudent, "reset (RST)");
            let miss = Miss::WrongClose { who, expected: Ending::Eof, got: Ending::Reset };
            Err(hung_up(stage, seat, how, miss)?)
        }
        (Ok(()), rubric::Ending::Reset, Ending::Eof) => {
            stage.note(&seat.who, FromStudent, "end of file (FIN)");
            let miss = Miss::WrongClose { who, expected: Ending::Reset, got: Ending::Eof };
            Err(stage.miss_or_death(miss))
        }
        (Ok(()), ..) => {
            let text = if how == Ending::Eof { "end of file (FIN)" } else { "reset (RST)" };
            stage.note(&seat.who, FromStudent, text);
            Ok(())
        }
    }
}

fn close(stage: &mut Stage, seat: &Seat, closing: Closing, context: Context) -> Result<(), Stop> {
    match closing {
        Closing::Write => {
            connection(stage, seat)?.finish_writing();
            if !connection(stage, seat)?.outbox.is_empty() {
                stage.note(&seat.who, ToStudent, "end of file (FIN), behind all that");
                return Ok(());
            }
            stage
                .wait(context.within(ANSWER), |stage| {
                    Ok(connection(stage, seat)?.has_finished_writing().then_some(()))
                })?
                .ok();
            stage.note(&seat.who, ToStudent, "end of file (FIN), reading goes on");
        }
        Closing::Both => {
            connection(stage, seat)?.paused = false;
            // What still lies in the kernel's buffer would turn the FIN into an RST.
            stage.pump();
            connection(stage, seat)?.close();
            stage.note(&seat.who, ToStudent, "closes (FIN)");
        }
        Closing::Reset => {
            // A reset throws away what the student's kernel has not taken yet: that would fail correct programs.
            stage
                .wait(context.within(ANSWER), |stage| {
                    let connection = connection(stage, seat)?;
                    Ok((connection.outbox.is_empty() && connection.unacknowledged() == 0).then_some(()))
                })?
                .ok();
            connection(stage, seat)?.reset()?;
            stage.note(&seat.who, ToStudent, "resets (RST)");
        }
    }
    Ok(())
}
