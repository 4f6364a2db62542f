//! What the kernel shows of the student's program, in words.

use std::collections::HashSet;

use super::actor::Actor;
use super::death::signal_name;
use super::stage::{Stage, Stop};
use crate::cell::Status;
use crate::probe::{Sleeper, Socket, State};

/// More of them are too many lines to read.
const PLACES: usize = 6;

impl Stage<'_> {
    /// Where the student's threads sleep, in words.
    pub fn where_it_sleeps(&self, sleepers: &[Sleeper]) -> Result<Vec<String>, Stop> {
        let sockets = self.sock_diag.sockets()?;
        let mut places = self.places(sleepers, &sockets, Actor::seat_name);
        if places.len() > PLACES {
            // A crowd's: those of all its clients as one.
            places = self.places(sleepers, &sockets, |actor, _| actor.name.clone());
        }
        let all = sleepers.len();
        let pids: HashSet<i32> = sleepers.iter().map(|sleeper| sleeper.pid).collect();
        let threads = if pids.len() == all { "processes" } else { "threads" };
        Ok(places
            .into_iter()
            .map(|(place, count)| match count {
                1 if all == 1 => format!("the program sleeps in {place}"),
                _ if count == all => format!("all {all} {threads} of the program sleep in {place}"),
                _ => format!("{count} of {all} {threads} of the program sleep in {place}"),
            })
            .collect())
    }

    /// Each call with what it is about, and how many sleep in it.
    fn places(
        &self,
        sleepers: &[Sleeper],
        sockets: &[Socket],
        name: impl Fn(&Actor, usize) -> String,
    ) -> Vec<(String, usize)> {
        let mut places: Vec<(String, usize)> = Vec::new();
        for sleeper in sleepers {
            let on = sleeper.socket.and_then(|inode| sockets.iter().find(|s| s.inode == inode && inode != 0));
            let place = match on {
                Some(socket) => format!("`{}` on {}", sleeper.call.name, self.name_of(socket, &name)),
                None => match (sleeper.socket, sleeper.call.descriptor) {
                    (None, Some(0)) => format!("`{}` on stdin", sleeper.call.name),
                    (None, Some(1)) => format!("`{}` on stdout", sleeper.call.name),
                    _ => format!("`{}`", sleeper.call.name),
                },
            };
            match places.iter_mut().find(|(other, _)| *other == place) {
                Some((_, count)) => *count += 1,
                None => places.push((place, 1)),
            }
        }
        places
    }

    fn name_of(&self, socket: &Socket, name: impl Fn(&Actor, usize) -> String) -> String {
        if socket.state == State::Listen {
            return format!("its listening socket, port {}", socket.local.port());
        }
        for actor in &self.actors {
            for (seat, connection) in actor.seats.iter().enumerate() {
                if connection.as_ref().is_some_and(|c| c.local == socket.remote && c.peer == socket.local) {
                    return format!("the connection of `{}`", name(actor, seat));
                }
            }
        }
        if let Some(tool) = self.tools.last().filter(|_| self.leads_to_tool(socket)) {
            return format!("the connection of `{}`", tool.who);
        }
        let serves = self.actors.iter().find(|actor| actor.address == Some(socket.remote));
        match (socket.state, serves) {
            (State::Bound, _) => format!("its socket bound to port {}", socket.local.port()),
            (State::SynSent, Some(actor)) => format!("its connection to `{}`, which has not answered", actor.name),
            (_, Some(actor)) => format!("its connection to `{}`", actor.name),
            _ => format!("its connection with {}", socket.remote),
        }
    }

    /// Of a program without a thread that sleeps.
    fn what_keeps_it(&self) -> Result<Option<String>, Stop> {
        let now = self.look()?;
        let any = |state: char| now.threads().any(|(_, thread)| thread.state == state);
        Ok(match () {
            () if any('R') => Some("the program runs, or stands in line for a processor".to_owned()),
            () if any('D') => Some("the kernel keeps the program in the middle of a call".to_owned()),
            () => None,
        })
    }

    /// What the kernel shows at this moment: where the program sleeps, who waits in its accept queue.
    pub fn observations(&self) -> Result<Vec<String>, Stop> {
        let mut observed = match (self.student.status(), self.student.child()) {
            (Some(Status::Exited(status)), _) => vec![format!("the program has ended with exit status {status}")],
            (Some(status @ (Status::TooMuchMemory | Status::TooManyProcesses)), _) => {
                vec![format!("the program was {status}")]
            }
            (Some(Status::Signaled(signal)), _) => {
                vec![format!("the program was killed by signal {signal} ({})", signal_name(signal))]
            }
            (None, None) => vec!["the program has not been started yet".to_owned()],
            (None, Some(_)) => match self.sleepers()? {
                none if none.is_empty() => self.what_keeps_it()?.into_iter().collect(),
                sleepers => self.where_it_sleeps(&sleepers)?,
            },
        };
        for (listener, own) in self.listeners()? {
            if own && listener.receive_queue > 0 {
                let waiting = match listener.receive_queue {
                    1 => "1 connection waits".to_owned(),
                    count => format!("{count} connections wait"),
                };
                observed.push(format!("{waiting} in the accept queue of port {}", listener.local.port()));
            }
        }
        Ok(observed)
    }
}
