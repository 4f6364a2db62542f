//! Handing bytes to the student: all at once, in pieces, or while it does something else.

use super::act::{ANSWER, Context};
use super::act_socket::{Seat, connection, hung_up};
use super::miss::{Ending, Miss};
use super::quote::counted;
use super::stage::{Stage, Stop};
use super::trace::Direction::{FromStudent, ToStudent};
use crate::rubric::{Pace, Payload};
use std::time::Duration;

/// How long a pause for the student to take a piece lasts at most, in fair time: its napping must not fail it.
const TAKING: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub chunk: Option<u64>,
    pub every: Option<Pace>,
    pub background: bool,
}

pub fn send(stage: &mut Stage, seat: &Seat, payload: &Payload, manner: Manner, context: Context) -> Result<(), Stop> {
    let bytes = stage.facts.bytes(payload, seat.seat as u32, &mut stage.random);
    let total = bytes.len() as u64;
    let piece = manner.chunk.map_or(bytes.len(), |chunk| chunk as usize).max(1);
    let pieces = bytes.len().div_ceil(piece);
    let how = if pieces > 1 { format!(" in {pieces} pieces") } else { String::new() };
    stage.note(&seat.who, ToStudent, format!("{}{how}", counted(&bytes)));
    let before = connection(stage, seat)?.outbox.total();
    for number in 0..pieces {
        let part = number * piece..bytes.len().min((number + 1) * piece);
        connection(stage, seat)?.outbox.push(&bytes, part);
        if manner.background {
            stage.pump();
        } else {
            hand_over(stage, seat, before, total, context)?;
        }
        match manner.every.filter(|_| number + 1 < pieces) {
            Some(Pace::Every(pause)) => stage.stall(pause)?,
            Some(Pace::Taken) => drop(stage.settle(TAKING)?),
            None => {}
        }
    }
    Ok(())
}

/// Until the kernel has it all.
fn hand_over(stage: &mut Stage, seat: &Seat, before: u64, total: u64, context: Context) -> Result<(), Stop> {
    let waited = stage.wait(context.within(ANSWER), |stage| {
        let connection = connection(stage, seat)?;
        Ok(match connection.write_failed {
            Some(how) => Some(Err(how)),
            None => connection.outbox.is_empty().then_some(Ok(())),
        })
    })?;
    let sent = connection(stage, seat)?.outbox.total() - before;
    let who = seat.stream();
    match waited {
        Ok(Ok(())) => Ok(()),
        Ok(Err(how)) => {
            let what = if how == Ending::Reset { "reset (RST)" } else { "has hung up" };
            stage.note(&seat.who, FromStudent, what);
            Err(hung_up(stage, seat, how, Miss::ClosedWhileSending { who, sent, total, how })?)
        }
        Err(ended) => {
            let miss = match stage.why_silent(seat.actor, seat.seat)? {
                Miss::Silent { .. } => Miss::StoppedReading { who, sent, total },
                not_accepted => not_accepted,
            };
            Err(stage.missed(miss, ended))
        }
    }
}
