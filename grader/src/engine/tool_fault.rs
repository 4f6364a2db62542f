//! When a tool did not get what it wanted: what the student's program did to it, from what the kernel shows.

use std::net::Ipv4Addr;

use super::miss::{Excerpt, Miss};
use super::stage::{Stage, Stop};
use crate::probe::{Socket, State};

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
                return Ok(Some(Miss::Silent { who, sent, read: sent.saturating_sub(unread) }));
            }
            if socket.state == State::Established && self.tools[tool].status().is_none() {
                let said = Excerpt::from(self.tools[tool].stderr.waiting());
                return Ok(Some(Miss::ToolWaits { tool: name, sent: traffic.sent, said }));
            }
        }
        Ok(None)
    }
}
