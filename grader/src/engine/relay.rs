//! Passes on what the student and other programs say to each other, each in its own cell.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::death::DYING;
use super::diary::{Diary, Event};
use super::lane::{Lane, Note};
use super::partner::Partner;
use super::sleep::has_slept;
use super::stage::{Stage, Stop};
use super::tool::held_up;
use super::trace::Direction::Act;
use crate::probe::{FairClock, Snapshot};

/// Between two looks at a program that may be dying.
const TICK: Duration = Duration::from_millis(2);

impl Stage<'_> {
    /// Moves what can be moved without waiting; gives back whether anything changed.
    pub fn relay(&mut self) -> bool {
        let mut moved = false;
        for partner in 0..self.partners.len() {
            moved |= self.partners[partner].pump(&mut self.scratch);
            match self.take_calls(partner) {
                Ok(any) => moved |= any,
                // There is nobody here to tell; whoever waits is told.
                Err(error) => {
                    self.relay_trouble.get_or_insert_with(|| format!("cannot pass on a connection: {error}"));
                }
            }
            let (mut notes, mut called) = (Vec::new(), Vec::new());
            let Partner { lanes, actor, .. } = &mut self.partners[partner];
            for lane in lanes.iter_mut() {
                let Some(near) = self.actors[*actor].seats[lane.seat].as_mut() else { continue };
                moved |= lane.pump(near, &mut self.scratch, &mut notes, &mut |ours, its| called.push((ours, its)));
            }
            let actor = *actor;
            self.partners[partner].ours.extend(called);
            self.tell_all(actor, notes);
        }
        moved
    }

    fn tell_all(&mut self, actor: usize, notes: Vec<Note>) {
        let who = self.actors[actor].name.clone();
        notes.into_iter().for_each(|(direction, text)| self.note(&who, direction, text));
    }

    /// Every connection of the student's is one to the program.
    fn take_calls(&mut self, partner: usize) -> io::Result<bool> {
        let Partner { actor, serves: true, .. } = self.partners[partner] else { return Ok(false) };
        let mut moved = false;
        loop {
            let Some(listener) = self.actors[actor].listener.as_ref() else { return Ok(moved) };
            let stream = match listener.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(moved),
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted) => continue,
                Err(error) => return Err(error),
            };
            let Ok(mut near) = Connection::new(stream) else { continue };
            if self.recorder.wants_diaries() {
                near.diary = Some(Diary::new(near.local, near.peer, false, Event::Established));
            }
            let program = &self.partners[partner].program;
            let text = format!("passes the connection from {} on to `{program}`", near.peer);
            let call = self.partners[partner].call()?;
            self.ours.insert((near.local, near.peer));
            let seats = &mut self.actors[actor].seats;
            self.partners[partner].lanes.push(Lane::new(seats.len(), call));
            seats.push(Some(near));
            let who = self.actors[actor].name.clone();
            self.note(&who, Act, text);
            moved = true;
        }
    }

    pub fn look_at_partners(&self) -> io::Result<Vec<Snapshot>> {
        self.partners.iter().map(Partner::look).collect()
    }

    /// Whether no other program can do anything any more until the student does.
    pub fn partners_are_still(&self, before: &[Snapshot], now: &[Snapshot]) -> io::Result<bool> {
        for (partner, (before, now)) in self.partners.iter().zip(before.iter().zip(now)) {
            if !partner.is_still(before, now)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether something is on its way between us and another program.
    pub fn partners_in_flight(&self) -> io::Result<bool> {
        for partner in &self.partners {
            if partner.in_flight()? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// As with tools: how much longer, since the last look, one of them has stood in line for a processor.
    pub fn held_up_by_partners(clocks: &mut Vec<Option<(FairClock, Duration)>>, now: &[Snapshot]) -> Duration {
        clocks.resize(now.len(), None);
        clocks.iter_mut().zip(now).map(|(clock, now)| held_up(clock, now)).max().unwrap_or_default()
    }

    /// What another program did that explains why the student could not do better: it has ended. Waits until a dying one is
    /// dead.
    pub fn partners_fault(&mut self) -> Result<Option<String>, Stop> {
        for partner in 0..self.partners.len() {
            let began = Instant::now();
            let mut before: Option<Snapshot> = None;
            loop {
                self.pump();
                let now = &self.partners[partner];
                if let Some(end) = now.end().filter(|_| now.has_said_all() || began.elapsed() > DYING) {
                    return Ok(Some(format!("`{}` did not last: {end}", now.program)));
                }
                let looked = now.look()?;
                let asleep = before.is_some_and(|before| has_slept(&before, &looked));
                if now.end().is_none() && (asleep || !now.serves || began.elapsed() > DYING) {
                    break;
                }
                before = Some(looked);
                self.rest(TICK)?;
            }
        }
        Ok(None)
    }
}
