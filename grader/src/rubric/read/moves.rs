//! What the lines of an exchange do to connections and to the program: all that the check of their order looks at.

use crate::rubric::place::Place;

#[derive(Debug, Clone)]
pub struct Move {
    pub actor: String,
    pub verb: String,
    pub deed: Deed,
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// `connect`, `accept`
    Open,
    Send,
    /// `expect`, `expect_silence`
    Expect,
    /// `expect_close`: the student ends the connection.
    Ending,
    CloseWrite,
    CloseBoth,
    CloseReset,
    /// `read`, also before there is a connection.
    Pace,
    /// A tool's `run`.
    Run,
    Start,
    Restart,
    /// `signal`, `expect_exit`: the program may be gone after it.
    End,
    /// What the student can only do while it runs, or after.
    Student,
    Remember(&'static str),
    Steady(&'static str),
    /// So many more than remembered.
    More(&'static str),
    /// `{slow.local}` stands in what somebody sends or expects; `actor` is whose fact it is.
    Mention(&'static str),
    /// A line that could not be understood: nothing is sure of this actor any more.
    Unsure,
}
