//! One line of an exchange: who does it, and within what time.

use std::time::{Duration, Instant};

use super::stage::{Stage, Stop};
use super::verdict::Ended;
use super::{Miss, act_partner, act_student, act_tool, crowd};
use crate::rubric::{Act, Action, Line, Role, STUDENT};

/// What an answer and a start may take, in fair time, unless the line says otherwise.
pub const ANSWER: Duration = Duration::from_secs(5);
pub const START: Duration = Duration::from_secs(10);

/// What an action knows of its line.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    pub within: Option<Duration>,
}

impl Context {
    pub fn within(&self, otherwise: Duration) -> Duration {
        self.within.unwrap_or(otherwise)
    }
}

impl Stage<'_> {
    pub fn play(&mut self, lines: &[Line]) -> Result<(), Stop> {
        for line in lines {
            match line {
                Line::Act(act) => self.act(act)?,
                Line::Block { times, lines, .. } => {
                    for _ in 0..*times {
                        self.play(lines)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn act(&mut self, act: &Act) -> Result<(), Stop> {
        self.place = act.place;
        let due = self.due.take();
        let played = self.play_line(act);
        self.late |= due.is_some_and(|due| Instant::now() > due);
        played
    }

    fn play_line(&mut self, act: &Act) -> Result<(), Stop> {
        let context = Context { within: act.within };
        if let Action::Wait { pause, at_most } = act.action {
            self.due = at_most.map(|at_most| Instant::now() + at_most);
            return self.stall(pause);
        }
        if act.actor == STUDENT {
            return act_student::act(self, &act.action, context);
        }
        let Some(actor) = self.actors.iter().position(|actor| actor.name == act.actor) else {
            return Err(Stop::Fault(format!("the rubric has no actor `{}`", act.actor)));
        };
        match self.actors[actor].role {
            Role::Tool => act_tool::act(self, actor, &act.action, context),
            Role::Program(_) => act_partner::act(self, actor, &act.action, context),
            _ => crowd::act(self, actor, &act.action, context),
        }
    }

    /// The line was not met: with what the kernel shows right now.
    pub fn miss(&mut self, miss: Miss, ended: Ended) -> Stop {
        let observed = self.observations().unwrap_or_default();
        self.failed(miss, ended, observed)
    }

    /// A stream ended too soon or brought what it should not: the program's death explains it, if it died.
    pub fn miss_or_death(&mut self, miss: Miss) -> Stop {
        match self.death() {
            Ok(Some(death)) => self.miss(death, Ended::Event),
            Ok(None) => self.miss(miss, Ended::Event),
            Err(stop) => stop,
        }
    }

    /// What was waited for did not come, for this reason: the program's end, perhaps.
    pub fn missed(&mut self, miss: Miss, ended: Ended) -> Stop {
        match ended {
            Ended::Event => self.miss_or_death(miss),
            ended => self.miss(miss, ended),
        }
    }
}
