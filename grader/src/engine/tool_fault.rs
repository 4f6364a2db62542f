//! When a tool did not get what it wanted: what the student's program did to it, from what the kernel shows.

use std::collections::HashSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::miss::{Ending, Excerpt, Miss};
use super::stage::{Stage, Stop};
use crate::probe::{Socket, State};

/// How long the kernel may take to tell of the end of a connection that it shows as ended.
const TOLD: Duration = Duration::from_secs(5);

impl Stage<'_> {
    /// The student's end of a tool's connection.
    pub fn leads_to_tool(&self, socket: &Socket) -> bool {
        socket.local.port() == self.port
            && !self.tools.is_empty()
            && !matches!(socket.state, State::Listen | State::Bound)
            && !self.ours.contains(&(socket.remote, socket.local))
    }

    /// A tool's own end: nobody else connects to the student's port, but for the grader's clients.
    pub fn is_tools_end(&self, socket: &Socket) -> bool {
        socket.remote.port() == self.port && socket.local.port() != self.port && !self.tools.is_empty()
    }

    /// The ends of connections, none of the grader's own, that the student's side was the first to end.
    pub fn ended_by_student(&self) -> Result<HashSet<(SocketAddr, SocketAddr)>, Stop> {
        let first = |state| matches!(state, State::FinWait1 | State::FinWait2 | State::TimeWait | State::Closing);
        let is_theirs = |s: &Socket| s.local.port() == self.port && !self.ours.contains(&(s.remote, s.local));
        let sockets = self.sock_diag.in_use()?.into_iter().filter(|s| first(s.state) && is_theirs(s));
        Ok(sockets.map(|socket| (socket.local, socket.remote)).collect())
    }

    /// Whether the student ended the connection of a tool, which has failed, without a byte for it.
    pub fn hung_up_on(&mut self, tool: usize) -> Result<Option<Miss>, Stop> {
        let ended: HashSet<_> = self.ended_by_student()?.difference(&self.tools[tool].before).copied().collect();
        let mut said_nothing = None;
        if ended.is_empty() {
            return Ok(None);
        }
        // The kernel tells of it a moment later. The last of several is the one that counts.
        let begun = Instant::now();
        let mut left = ended.len();
        while let Some(endings) = &self.tools[tool].endings
            && left > 0
            && begun.elapsed() < TOLD
        {
            for ending in endings.heard().iter().filter(|it| ended.contains(&(it.local, it.remote))) {
                // The end of file takes a place in the count.
                said_nothing = Some(ending.traffic.sent <= 1);
                left -= 1;
            }
            if left > 0 {
                self.rest(Duration::from_millis(1))?;
            }
        }
        let who = format!("the connection of `{}`", self.tools[tool].who);
        Ok((said_nothing == Some(true)).then_some(Miss::ClosedEarly { who, how: Ending::Eof, after: 0 }))
    }

    /// The stage of the socket's life at which the student left the tool alone, if it is the one to blame.
    pub fn students_fault(&mut self, tool: usize) -> Result<Option<Miss>, Stop> {
        if let Some(death) = self.death()? {
            return Ok(Some(death));
        }
        if !self.student.is_server || self.student.status().is_some() {
            return Ok(None);
        }
        let Some(listener) = self.own_listener()? else {
            return Ok(Some(Miss::StoppedListening { port: self.port }));
        };
        if let Some(miss) = Stage::wrong_address(&listener, Ipv4Addr::LOCALHOST) {
            return Ok(Some(miss));
        }
        if listener.receive_queue > 0 {
            return Ok(Some(Miss::NotAccepting { waiting: listener.receive_queue }));
        }
        let name = self.tools[tool].who.clone();
        let who = format!("the connection of `{name}`");
        let open = |s: &Socket| matches!(s.state, State::Established | State::CloseWait) && s.inode != 0;
        for socket in self.sock_diag.in_use()?.into_iter().filter(|s| open(s) && self.leads_to_tool(s)) {
            let Some(traffic) = self.sock_diag.traffic(socket.local, socket.remote)? else { continue };
            // The end of file takes a place in the counts, like a byte.
            let end = u64::from(socket.state == State::CloseWait);
            let unread = u64::from(socket.receive_queue).saturating_sub(end);
            let sent = traffic.received.saturating_sub(end);
            if traffic.sent == 0 && socket.send_queue == 0 {
                return Ok(Some(Miss::Silent { who, sent, read: sent.saturating_sub(unread), said: 0 }));
            }
            if socket.state == State::Established && self.tools[tool].status().is_none() {
                let said = Excerpt::from(self.tools[tool].stderr.waiting());
                return Ok(Some(Miss::ToolWaits { tool: name, sent: traffic.sent, said }));
            }
        }
        Ok(None)
    }
}
