//! The one way to wait: until the event, until it provably can't come any more, or until the fair deadline.

use std::time::{Duration, Instant};

use super::in_flight::Intake;
use super::sleep::{has_slept, is_deserted};
use super::stage::{Stage, Stop};
use super::verdict::Ended;
use crate::probe::{FairClock, Snapshot, Stillness, own_delay};

/// Between two looks at the student when nothing moves: short at first, since most answers come at once.
const FIRST_TICK: Duration = Duration::from_micros(400);
const LAST_TICK: Duration = Duration::from_millis(8);
/// While bytes flow there is nothing to find out but the time; looking less often leaves them the processor.
const BUSY_LOOK: Duration = Duration::from_millis(20);

/// A look at everybody.
struct Seen {
    /// The student's cell.
    all: Snapshot,
    /// The other programs', in their order.
    partners: Vec<Snapshot>,
}

/// Acknowledgements come much sooner, even those that are put off (200 ms at most).
const JAMMED: Duration = Duration::from_millis(300);

/// What a wait brought: the event, or the reason to stop waiting for it.
pub type Waited<T> = Result<T, Ended>;

impl Stage<'_> {
    /// `event` is asked whenever something may have changed. `limit` is fair time: what passes while the
    /// student's threads wait for a processor is not theirs.
    pub fn wait<T>(
        &mut self,
        limit: Duration,
        mut event: impl FnMut(&mut Self) -> Result<Option<T>, Stop>,
    ) -> Result<Waited<T>, Stop> {
        let mut fair = None;
        let limit = limit.min(self.step.limit.saturating_sub(self.spent));
        let waited = self.wait_by(&mut fair, limit, &mut event);
        self.spent += fair.map_or(Duration::ZERO, |fair: FairClock| fair.elapsed());
        waited
    }

    fn wait_by<T>(
        &mut self,
        fair: &mut Option<FairClock>,
        limit: Duration,
        event: &mut impl FnMut(&mut Self) -> Result<Option<T>, Stop>,
    ) -> Result<Waited<T>, Stop> {
        let mut before: Option<Seen> = None;
        let mut looked: Option<Instant> = None;
        let mut tick = FIRST_TICK;
        let mut in_line = own_delay();
        let mut owed = Duration::ZERO;
        let (mut tools, mut partners) = (None, Vec::new());
        loop {
            let moved = self.pump();
            if moved {
                // What could be moved had waited for us, as long as we stood in line ourselves.
                let now = own_delay();
                owed += now.saturating_sub(in_line);
                in_line = now;
            }
            if let Some(what) = self.relay_trouble.take() {
                return Err(Stop::Fault(what));
            }
            if let Some(happened) = event(self)? {
                return Ok(Ok(happened));
            }
            if moved {
                before = None;
                tick = FIRST_TICK;
                if looked.is_some_and(|looked| looked.elapsed() < BUSY_LOOK) {
                    continue;
                }
            }
            let seen = self.see()?;
            let now = self.students_part(&seen.all);
            looked = Some(Instant::now());
            // Begun at the first look: an answer that is there at once costs none.
            if fair.is_none() {
                owed = Duration::ZERO;
            }
            let fair = fair.get_or_insert_with(|| FairClock::start(Some(&now)));
            let held_up =
                self.held_up_by_tools(&mut tools, &seen.all) + Self::held_up_by_partners(&mut partners, &seen.partners);
            fair.excuse(std::mem::take(&mut owed) + held_up);
            fair.update(&now);
            if let Some(ended) = self.over(before.as_ref(), &seen, &now, fair, limit)? {
                // Something can have come in between the pump and the look.
                let moved = self.pump();
                if let Some(happened) = event(self)? {
                    return Ok(Ok(happened));
                }
                if !moved || matches!(ended, Ended::Deadline(_)) {
                    return Ok(Err(ended));
                }
            }
            before = Some(seen);
            if !moved {
                in_line = own_delay();
                self.rest(tick)?;
                tick = (tick * 2).min(LAST_TICK);
            }
        }
    }

    fn over(
        &self,
        before: Option<&Seen>,
        now: &Seen,
        students: &Snapshot,
        fair: &FairClock,
        limit: Duration,
    ) -> Result<Option<Ended>, Stop> {
        let gone =
            self.student.status().is_some() && is_deserted(students) && !self.tool_runs() && !self.starts_partner;
        if gone && !self.in_flight()? {
            return Ok(Some(Ended::Event));
        }
        if let Some(before) = before
            && !self.tool_ends(&now.all)
            && self.is_still(before, now)?
            && !self.in_flight()?
            && !self.awaits_acknowledgement()?
            && !self.partners_in_flight()?
            // The bytes were looked at after `now`: what arrived just before that would have woken somebody since.
            && self.is_still(now, &self.see()?)?
        {
            return Ok(Some(Ended::ProvablyStuck));
        }
        Ok((fair.elapsed() >= limit).then_some(Ended::Deadline(limit)))
    }

    fn see(&self) -> Result<Seen, Stop> {
        Ok(Seen { all: self.look_at_all()?, partners: self.look_at_partners()? })
    }

    /// Bytes go from one network to another by our hands alone: as long as we only look, whoever sleeps is not woken.
    fn is_still(&self, before: &Seen, now: &Seen) -> Result<bool, Stop> {
        Ok(matches!(self.proc().stillness(&before.all, &now.all)?, Stillness::Stuck(_))
            && self.partners_are_still(&before.partners, &now.partners)?)
    }

    /// A real stall of so long, or of as long as anything could still happen in it.
    pub fn stall(&mut self, duration: Duration) -> Result<(), Stop> {
        // Ending early is safe: a program that is provably stuck notices no difference.
        self.wait(duration, |_| Ok(None::<()>)).map(drop)
    }

    /// Until the student has taken all that was sent to it and sleeps, in any call; gives back whether it does.
    pub fn settle(&mut self, limit: Duration) -> Result<bool, Stop> {
        let mut before: Option<Snapshot> = None;
        let mut jam = None;
        let waited = self.wait(limit, |stage| {
            let now = stage.look()?;
            let asleep = before.as_ref().is_some_and(|before| has_slept(before, &now));
            let intake = if asleep { stage.intake()? } else { Intake::Going };
            let taken = intake == Intake::Done || jam_lasts(&mut jam, intake);
            // A FIN that is still on its way will wake somebody, and so will what arrived since the look.
            let settled = taken && !stage.in_flight()? && has_slept(&now, &stage.look()?);
            before = Some(now);
            Ok(settled.then_some(()))
        })?;
        Ok(waited.is_ok() || waited == Err(Ended::ProvablyStuck))
    }
}

/// Whether the same bytes have waited for so long that nothing of them can be under way. `jam` is since when they do.
fn jam_lasts(jam: &mut Option<(Instant, Intake)>, now: Intake) -> bool {
    match jam {
        Some((since, before)) if *before == now => since.elapsed() >= JAMMED,
        _ => {
            *jam = matches!(now, Intake::Jammed(_)).then(|| (Instant::now(), now));
            false
        }
    }
}
