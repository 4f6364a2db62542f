//! What went wrong, in a sentence: every miss's words are here. The program under test is the sentence's subject.

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;

use super::escape::{plain, quote};
use super::miss::{Difference, Ending, Miss};
use super::say::{bound, count, list, span};
use crate::cell::Status;
use crate::rubric::SocketState;

/// Bytes that a sentence quotes; the report shows more.
const QUOTED: usize = 60;
/// Of a tool's last line: it is the tool's whole sentence.
const SAID: usize = 120;
/// Lines that a sentence names.
const NAMED: usize = 3;

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        use Miss::*;
        match self {
            NotStarted { why } => write!(f, "could not be started: {}", plain(why)),
            Died { signal, name } => write!(f, "killed by signal {signal} ({name})"),
            TooMuchMemory { limit } => write!(f, "used more than {} MiB of memory, and was ended", limit >> 20),
            TooManyProcesses { limit } => write!(f, "ran more than {limit} processes and threads, and was ended"),
            Panicked { message } => write!(f, "panicked: {}", plain(message.trim())),
            Exited { status } => write!(f, "ended with exit status {status} while it was still needed"),
            SaidNothing { who, status } => write!(f, "ended with exit status {status} and wrote nothing to {who}"),
            WrongStatus { expected, got } => write!(f, "exit status {got} instead of {}", list(expected, "or")),
            TooSoon { after, ended } => {
                write!(f, "ended after {}, too soon to have waited for {}", span(*ended), span(*after))
            }
            StillRunning => f.write_str("still runs where it should have ended"),
            Lacks { who, wanted, lines: 0, .. } => {
                write!(f, "wrote nothing to {who}; a line with `{}` was expected", plain(wanted))
            }
            // All of its stderr stands below anyhow.
            Lacks { who, wanted, lines, got } if who == "stderr" || got.is_empty() => {
                write!(f, "wrote {} to {who}, none with `{}`", count(*lines as u64, "line"), plain(wanted))
            }
            Lacks { who, wanted, lines, got } => {
                let (lines, got) = (count(*lines as u64, "line"), quote(got, QUOTED));
                write!(f, "wrote {lines} to {who}, none with `{}`: {got}", plain(wanted))
            }

            NeverMadeSocket => f.write_str("never made a socket"),
            NoTcpSocket { protocol } => write!(f, "made a {protocol} socket, where TCP is asked for"),
            MadeSocketOnly => f.write_str("made a socket but never called `bind`"),
            BoundNotListening { port } => write!(f, "bound port {port} but never called `listen`"),
            ListeningOnOtherPort { asked, listening } => listening_elsewhere(f, *asked, listening),
            ListeningOnlyOn { address, port } => {
                let address = SocketAddr::new(*address, *port);
                let who = if address.ip().is_loopback() { "other machines" } else { "clients of its other addresses" };
                write!(f, "listens on {address} only; {who} cannot reach it")
            }
            Ipv6Only { port } => write!(f, "listens on [::]:{port} for IPv6 only; clients that use IPv4 are refused"),
            PortBelongsToAnother { port, owner: Some(owner) } => {
                write!(f, "port {port} belongs to another process, `{}`", plain(owner))
            }
            PortBelongsToAnother { port, owner: None } => {
                write!(f, "port {port} belongs to another process, not to this program")
            }
            PortKept { port, by } => {
                write!(f, "port {port} is kept by `{}`, which the killed program has left behind", plain(by))
            }
            StoppedListening { port } => write!(f, "stopped listening on port {port}"),
            ListenerClosed { who, port } => write!(f, "closed its listener on port {port}, and {who} was reset"),
            Backlog { expected, got } => {
                write!(f, "listens with a backlog of {got} instead of {}", bound(*expected))
            }
            NotAccepting { waiting: 0 } => f.write_str("never accepts the connection"),
            NotAccepting { waiting: 1 } => {
                f.write_str("1 connection waits in its accept queue and it never accepts it")
            }
            NotAccepting { waiting } => {
                write!(f, "{waiting} connections wait in its accept queue and it never accepts them")
            }
            ConnectFailed { error } => write!(f, "cannot be connected to: {}", plain(error)),

            NeverConnected => f.write_str("never connected"),
            ConnectsElsewhere { to, expected } => {
                write!(f, "tries to connect to {to} instead of {expected}")?;
                wrong_way_round(f, expected.port(), to.port())
            }

            HeldUpConnecting { by, expected } => {
                write!(f, "waits for `{by}` to answer its SYN, and does not connect to `{expected}` meanwhile")
            }
            AnsweredInstead { expected, who, got } => {
                write!(f, "never connected to `{expected}`, but answered `{who}`: {}", quote(got, QUOTED))
            }

            Silent { who, said: 0, sent: 0, .. } => write!(f, "never said anything on {who}"),
            Silent { who, sent: 0, said, .. } => {
                write!(f, "said no more on {who} than the {} before", count(*said, "byte"))
            }
            Silent { who, sent, read: 0, .. } => {
                write!(f, "never read the {} it was sent and said nothing on {who}", count(*sent, "byte"))
            }
            Silent { who, sent, read, said: 0 } => {
                write!(f, "read {read} of {} and never answered on {who}", count(*sent, "byte"))
            }
            Silent { who, sent, read, said } => {
                let (sent, said) = (count(*sent, "byte"), count(*said, "byte"));
                write!(f, "read {read} of {sent} on {who}, and said no more there than the {said} before")
            }
            StoppedReading { who, sent, total } => {
                write!(f, "took {sent} of {} on {who} and reads no more", count(*total, "byte"))
            }
            WrongBytes { who, difference } => wrong_bytes(f, who, difference),
            TooFew { who, expected, got, ended, .. } => {
                let then = match ended {
                    Ending::Eof => "end of file",
                    Ending::Reset => "a reset",
                    Ending::Open => "nothing more",
                };
                write!(f, "too few bytes on {who}: {got} of {expected}, then {then}")
            }
            TooMany { who, expected, extra } => {
                let (more, extra) = (count(extra.total, "byte"), quote(extra, QUOTED));
                write!(f, "{more} too many on {who} after the {expected} expected: {extra}")
            }
            NotSilent { who, got } => {
                let (more, got) = (count(got.total, "byte"), quote(got, QUOTED));
                write!(f, "{more} on {who} where there should be none: {got}")
            }
            LineDiffers { who, pattern, got } => {
                write!(f, "wrong line on {who}: {} does not match `{}`", quote(got, QUOTED), plain(pattern))
            }
            LinesDiffer { who, missing, unexpected } => lines_differ(f, who, missing, unexpected),
            LineOutOfTurn { who, number, got, next, others } => {
                let mut named: Vec<String> = next.iter().map(|line| quote(line.as_bytes(), QUOTED)).collect();
                if *others > 0 {
                    named.push(format!("the next of {}", count(*others, "other")));
                }
                write!(f, "line {number} on {who} is {} instead of {}", quote(got, QUOTED), list(&named, "or"))
            }
            NeverCame { who, wanted, got } if got.is_empty() => write!(f, "{wanted} never came on {who}: nothing did"),
            NeverCame { who, wanted, got } => write!(f, "{wanted} never came on {who}, only {}", quote(got, QUOTED)),
            HttpDiffers { who, what, .. } => write!(f, "wrong HTTP message on {who}: {}", plain(what)),
            ClosedEarly { who, how, after } => {
                write!(f, "{} {who} too early, after {}", closed(*how), count(*after, "byte"))
            }
            ClosedWhileSending { who, sent, total, how } => {
                write!(f, "{} {who} after {sent} of the {} it was sent", closed(*how), count(*total, "byte"))
            }
            NotClosed { who, waits: true } => {
                write!(f, "waits for the peer to end {who}, and never says that it has sent all itself")
            }
            NotClosed { who, waits: false } => write!(f, "never closed {who}"),
            WrongClose { who, expected, got: Ending::Open } => {
                write!(f, "left {who} open; it should have ended with {}", ending(*expected))
            }
            WrongClose { who, expected, got } => {
                write!(f, "ended {who} with {} instead of {}", ending(*got), ending(*expected))
            }

            ToolFailed { tool, expected, got, said } => tool_failed(f, tool, expected, *got, said),
            ToolWaits { tool, sent: 0, said } => write!(f, "left `{}` waiting{}", plain(tool), last_words(said)),
            ToolWaits { tool, sent, said } => {
                let (tool, sent, said) = (plain(tool), count(*sent, "byte"), last_words(said));
                write!(f, "sent {sent} to `{tool}` and left it waiting for more, or for the end{said}")
            }

            Leaks { what, before, after } if what == "memory" => {
                write!(f, "leaks memory: {} MiB at first, {} MiB now", before >> 20, after >> 20)
            }
            Leaks { what, before, after } => write!(f, "leaks {what}: {before} at first, {after} now"),
            Count { what, expected, got } => {
                write!(f, "has {} instead of {}", things(*got, what), bound(*expected))
            }
            SocketsIn { state, expected, got } => {
                let (sockets, state) = (count(*got, "socket"), state_name(*state));
                write!(f, "has {sockets} in state {state} instead of {}", bound(*expected))
            }
            NotForked { parent, child } => {
                write!(f, "`{}` serves a client, and was not forked but executed by `{}`", plain(child), plain(parent))
            }
            Busy { used, over } => {
                write!(f, "used {} of processor time in {} with nothing to do", span(*used), span(*over))
            }
            NeverAsleep => f.write_str("never came to rest after what it was sent"),
        }
    }
}

fn listening_elsewhere(f: &mut fmt::Formatter, asked: u16, listening: &[SocketAddr]) -> fmt::Result {
    let mut ports: Vec<u16> = listening.iter().map(SocketAddr::port).collect();
    ports.sort_unstable();
    ports.dedup();
    match ports.as_slice() {
        [] => write!(f, "does not listen on port {asked}"),
        [port] => {
            write!(f, "listens on port {port} instead of {asked}")?;
            wrong_way_round(f, asked, *port)
        }
        ports => write!(f, "listens on ports {} instead of {asked}", list(ports, "and")),
    }
}

/// The mistake behind most wrong ports.
fn wrong_way_round(f: &mut fmt::Formatter, asked: u16, got: u16) -> fmt::Result {
    if asked != got && asked.swap_bytes() == got {
        return write!(f, ", which is the same two bytes the other way round");
    }
    Ok(())
}

fn wrong_bytes(f: &mut fmt::Formatter, who: &str, difference: &Difference) -> fmt::Result {
    let at = difference.offset.saturating_sub(difference.start) as usize;
    let byte = |window: &[u8]| match window.get(at) {
        Some(byte) if byte.is_ascii_graphic() => format!("`{}` (0x{byte:02x})", *byte as char),
        Some(byte) => format!("0x{byte:02x}"),
        None => "the end".to_owned(),
    };
    let (got, expected) = (byte(&difference.got), byte(&difference.expected));
    write!(f, "wrong bytes on {who}: {got} instead of {expected} at offset {}", difference.offset)
}

fn lines_differ(f: &mut fmt::Formatter, who: &str, missing: &[String], unexpected: &[String]) -> fmt::Result {
    let named = |lines: &[String]| {
        let mut named: Vec<String> = lines.iter().take(NAMED).map(|line| quote(line.as_bytes(), QUOTED)).collect();
        if lines.len() > NAMED {
            named.push(format!("{} more", lines.len() - NAMED));
        }
        list(&named, "and")
    };
    let verb = |lines: &[String]| if lines.len() == 1 { "is" } else { "are" };
    write!(f, "wrong lines on {who}: ")?;
    match (missing, unexpected) {
        ([], unexpected) => write!(f, "{} {} not expected", named(unexpected), verb(unexpected)),
        (missing, []) => write!(f, "{} {} missing", named(missing), verb(missing)),
        _ => write!(
            f,
            "{} {} missing, {} {} not expected",
            named(missing),
            verb(missing),
            named(unexpected),
            verb(unexpected)
        ),
    }
}

fn tool_failed(f: &mut fmt::Formatter, tool: &str, expected: &[u8], got: Status, said: &[u8]) -> fmt::Result {
    let tool = plain(tool);
    match got {
        Status::Exited(status) => {
            write!(f, "`{tool}` ended with exit status {status} instead of {}", list(expected, "or"))?;
        }
        other => write!(f, "`{tool}` was {other}")?,
    }
    f.write_str(&last_words(said))
}

/// The end of what a tool wrote to stderr: that is where the reason stands.
fn last_words(said: &[u8]) -> String {
    let last = said.trim_ascii_end().rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    if last.is_empty() { String::new() } else { format!(", with {}", quote(last, SAID)) }
}

fn closed(how: Ending) -> &'static str {
    match how {
        Ending::Reset => "reset",
        Ending::Eof | Ending::Open => "closed",
    }
}

fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Eof => "end of file (FIN)",
        Ending::Reset => "a reset (RST)",
        Ending::Open => "nothing",
    }
}

/// `1 child process`, `3 zombies`; words that are not known here stay as they are.
fn things(number: u64, what: &str) -> String {
    match what {
        "children" if number == 1 => "1 child process".to_owned(),
        "children" => format!("{number} child processes"),
        "zombies" => count(number, "zombie"),
        "threads" => count(number, "thread"),
        _ => format!("{number} {}", plain(what)),
    }
}

/// As `man 7 tcp` and the handouts write them.
fn state_name(state: SocketState) -> &'static str {
    match state {
        SocketState::Established => "ESTABLISHED",
        SocketState::CloseWait => "CLOSE_WAIT",
        SocketState::FinWait1 => "FIN_WAIT1",
        SocketState::FinWait2 => "FIN_WAIT2",
        SocketState::LastAck => "LAST_ACK",
        SocketState::TimeWait => "TIME_WAIT",
        SocketState::SynSent => "SYN_SENT",
        SocketState::Listen => "LISTEN",
    }
}
