//! The exchange: who does what, line by line.

use std::net::Ipv4Addr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;
use super::payload::Payload;
use super::place::Place;
use super::template::Template;

/// One entry of `exchange:`.
#[derive(Debug, Clone)]
pub enum Line {
    /// `- actor: { verb: value, modifier: value }`
    Act(Act),
    /// `- { times: 200, exchange: [ … ] }`: these lines, so many times over.
    Block { times: u32, lines: Vec<Line>, place: Place },
}

/// One actor doing one thing.
#[derive(Debug, Clone)]
pub struct Act {
    pub actor: String,
    pub action: Action,
    /// Deadline in fair time; an answer's 5 s (a start's 10 s) unless the line says otherwise.
    pub within: Option<Duration>,
    /// Where the actor's name stands.
    pub place: Place,
}

#[derive(Debug, Clone)]
pub enum Action {
    // client
    /// `connect: student`, from a source address if `from` gives one, and to `to` instead of 127.0.0.1.
    Connect { from: Option<Ipv4Addr>, to: Option<Ipv4Addr> },
    // server
    /// `accept: student`
    Accept,
    // client, server
    /// `send: payload`, in pieces of `chunk` bytes with a pause of `every` between them. With `every: taken` the
    /// pause lasts until the student has read the piece and sleeps again. `background: true` does not wait until
    /// all is handed to the kernel, nor does it mind when the student hangs up meanwhile.
    Send { payload: Payload, chunk: Option<u64>, every: Option<Pace>, background: bool },
    /// `expect: pattern`; for the student: on its stdout; for another program: in what it says to the student.
    Expect(Pattern),
    /// `expect_silence: 100ms`: nothing comes, and the connection stays open.
    ExpectSilence(Duration),
    /// `expect_close: eof`
    ExpectClose(Ending),
    /// `close: write`
    Close(Closing),
    /// `read: paused`; the grader leaves what comes in the kernel's buffers.
    Read(Reading),
    // student
    /// `start: [args]`; another program's has its own `{port}` and `{files}`.
    Start(Vec<Template>),
    /// `restart: group`: kills everything the student started (only the process that was started, with `main`), and
    /// starts the program again with the same arguments.
    Restart(Target),
    /// `type: payload` on stdin.
    Type { payload: Payload, background: bool },
    /// `close_stdin: true`
    CloseStdin,
    /// `signal: TERM`, to all of its processes or, with `to: main`, only to the one that was started.
    Signal { name: SignalName, to: Target },
    /// `pin: threads`: each thread that sleeps now to one of two processors, in turn, so that they can run at once.
    Pin,
    /// `expect_exit: 1`, not before `after`.
    ExpectExit { status: ExitStatus, after: Option<Duration> },
    /// `expect_stderr: pattern`
    ExpectStderr(Pattern),
    /// `expect_end: stdout`: end of file there, and nothing before it.
    ExpectEnd,
    /// `observe: { … }`
    Observe(Probe),
    // tool
    /// `run: [curl, -s, "http://127.0.0.1:{port}/"]`: until it ends, with one of these statuses, and with `stdout` on its own.
    Run { tool: String, arguments: Vec<Template>, stdout: Option<Pattern>, status: ExitStatus },
    // all
    /// `wait: 100ms`. With `at_most` (real time, up to the end of the next line), a step that fails after a longer pause
    /// has told nothing of the program, and is played again.
    Wait { pause: Duration, at_most: Option<Duration> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    Every(Duration),
    Taken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Eof,
    Reset,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// FIN, and reading goes on (half-close).
    Write,
    /// FIN, and nothing is read any more. What is unread is read away first, so that no RST goes out.
    Both,
    /// RST, after everything sent has reached the student's kernel.
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Paused,
    Resumed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Only the process that was started: its children live on.
    Main,
    /// Everything the student started.
    Group,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalName {
    Term,
    Kill,
    Int,
    Hup,
    Pipe,
    Stop,
    Cont,
    Usr1,
}

/// `0`, `1`, `[1, 2]`: one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExitStatus(pub Vec<u8>);

/// `3`, `">= 3"`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub relation: Relation,
    pub value: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    Equal,
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
}

impl Bound {
    pub fn holds(&self, value: u64) -> bool {
        match self.relation {
            Relation::Equal => value == self.value,
            Relation::AtLeast => value >= self.value,
            Relation::AtMost => value <= self.value,
            Relation::MoreThan => value > self.value,
            Relation::LessThan => value < self.value,
        }
    }
}

/// Something looked at from outside until it is as it should be, or can't become so any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// `listening: true`, or with `address: any` and `backlog: ">= 10"`: on the port the student was given.
    Listening {
        address: Option<ListenAddress>,
        backlog: Option<Bound>,
    },
    /// `descriptors: remember`, later `descriptors: steady` (at most 2 more than remembered).
    Descriptors(Level),
    /// `memory: remember`, later `memory: steady`: virtual size, at most 400 MB more than remembered.
    Memory(Level),
    /// Processes the student started beside the first one; zombies don't count.
    Children(Amount),
    Zombies(Bound),
    /// Threads of the whole process tree.
    Threads(Amount),
    /// TCP sockets on the student's side by state: `sockets: { close_wait: 0 }`.
    Sockets(Vec<(SocketState, Bound)>),
    /// `forked: true`: every process that holds a client's connection runs the memory image of the one that started it.
    Forked,
    /// `running: true`: the program that was started is alive.
    Running(bool),
    /// `asleep: true`: it has taken all that was sent to it and every thread sleeps.
    Asleep,
    /// `idle: 100ms`: over so long it uses next to no processor time.
    Idle(Duration),
}

/// `3`, `">= 3"`; or `remember`, and later `"+3"`, `"<= +3"`: so many more than remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    Remember,
    Absolute(Bound),
    More(Bound),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenAddress {
    /// 0.0.0.0 or a dual-stack `::`.
    Any,
    Loopback,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Remember,
    Steady,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SocketState {
    Established,
    CloseWait,
    FinWait1,
    FinWait2,
    LastAck,
    TimeWait,
    SynSent,
    Listen,
}
