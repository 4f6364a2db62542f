//! Keeping what goes over the network of a step.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::diary::Diary;
use super::draw::draw;
use super::frames::Frames;
use super::stage::Stage;
use super::verdict::Verdict;
use crate::cell::{Cell, Level, Tap};

/// What the kernel may hold for us.
const QUEUE: usize = 4 << 20;
/// No frame on a loopback is longer.
const LONGEST: usize = 128 << 10;

/// Of which steps that were played the frames are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Capture {
    #[default]
    Never,
    /// Of those that failed.
    Failed,
    Always,
}

/// What is known of a step's frames; they themselves are kept elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    pub frames: u64,
    /// How many there was no room for.
    pub missing: u64,
    /// They were made up from what the grader's actors sent and received.
    pub drawn: bool,
}

impl Capture {
    pub fn wants(self, verdict: &Verdict) -> bool {
        match self {
            Capture::Never => false,
            Capture::Failed => matches!(verdict, Verdict::Failed(_)),
            Capture::Always => true,
        }
    }
}

impl Captured {
    pub fn of(frames: &Frames) -> Captured {
        Captured { frames: frames.len() as u64, missing: frames.missing, drawn: frames.drawn }
    }
}

/// Keeps the frames of one playing until its verdict is known.
pub enum Recorder {
    Off,
    /// What the kernel shows.
    Tap(Tap, Box<Frames>),
    /// The stories of connections that have been replaced by others, and of those that were none. The actors have the rest.
    Diaries(Vec<Diary>),
}

impl Recorder {
    pub fn begin(wanted: bool, cell: &Cell) -> Recorder {
        if !wanted {
            return Recorder::Off;
        }
        // Where the kernel does not let us listen, there is still what the actors see.
        match (cell.level() == Level::Cell).then(|| cell.tap(QUEUE)) {
            Some(Ok(tap)) => Recorder::Tap(tap, Box::default()),
            _ => Recorder::Diaries(Vec::new()),
        }
    }

    /// Whether connections have to tell their stories.
    pub fn wants_diaries(&self) -> bool {
        matches!(self, Recorder::Diaries(_))
    }

    pub fn keep(&mut self, diary: Option<Diary>) {
        if let Recorder::Diaries(diaries) = self {
            diaries.extend(diary);
        }
    }

    /// To be called now and then: the kernel's queue has an end.
    pub fn make_room(&mut self) {
        if let Recorder::Tap(tap, frames) = self
            && tap.is_filling()
        {
            drain(tap, frames);
        }
    }
}

impl Stage<'_> {
    /// All that was recorded; nothing when nothing was to be.
    pub fn frames(&mut self) -> Option<Frames> {
        match std::mem::replace(&mut self.recorder, Recorder::Off) {
            Recorder::Off => None,
            Recorder::Tap(tap, mut frames) => {
                drain(&tap, &mut frames);
                frames.missing += tap.lost();
                frames.put_in_order();
                frames.began = epoch(self.began);
                Some(*frames)
            }
            Recorder::Diaries(mut diaries) => {
                let connections = self.actors.iter_mut().flat_map(|actor| actor.seats.iter_mut().flatten());
                diaries.extend(connections.filter_map(|connection| connection.diary.take()));
                Some(draw(&diaries, self.began, epoch(self.began)))
            }
        }
    }
}

fn drain(tap: &Tap, frames: &mut Frames) {
    let mut space = vec![0; LONGEST];
    // What cannot be read is missing, and the step is none the worse for it.
    while let Ok(Some(seen)) = tap.take(&mut space[..frames.wants().min(LONGEST)]) {
        frames.push(seen.at, seen.length, seen.bytes);
    }
}

/// The moment by the clock on the wall.
fn epoch(moment: Instant) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    now.saturating_sub(moment.elapsed())
}
