//! Each miss's name for machines: these stay as they are when the sentences are reworded.

use super::miss::Miss;

impl Miss {
    pub fn name(&self) -> &'static str {
        use Miss::*;
        match self {
            NotStarted { .. } => "not-started",
            Died { .. } => "died",
            TooMuchMemory { .. } => "too-much-memory",
            TooManyProcesses { .. } => "too-many-processes",
            Panicked { .. } => "panicked",
            Exited { .. } => "exited",
            SaidNothing { .. } => "said-nothing",
            WrongStatus { .. } => "wrong-status",
            TooSoon { .. } => "too-soon",
            StillRunning => "still-running",
            Lacks { .. } => "lacks",
            NeverMadeSocket => "never-made-socket",
            MadeSocketOnly => "made-socket-only",
            NoTcpSocket { .. } => "no-tcp-socket",
            BoundNotListening { .. } => "bound-not-listening",
            ListeningOnOtherPort { .. } => "listening-on-other-port",
            ListeningOnlyOn { .. } => "listening-only-on",
            Ipv6Only { .. } => "ipv6-only",
            PortBelongsToAnother { .. } => "port-belongs-to-another",
            StoppedListening { .. } => "stopped-listening",
            Backlog { .. } => "backlog",
            NotAccepting { .. } => "not-accepting",
            ConnectFailed { .. } => "connect-failed",
            NeverConnected => "never-connected",
            ConnectsElsewhere { .. } => "connects-elsewhere",
            Silent { .. } => "silent",
            StoppedReading { .. } => "stopped-reading",
            WrongBytes { .. } => "wrong-bytes",
            TooFew { .. } => "too-few",
            TooMany { .. } => "too-many",
            NotSilent { .. } => "not-silent",
            LineDiffers { .. } => "line-differs",
            LinesDiffer { .. } => "lines-differ",
            LineOutOfTurn { .. } => "line-out-of-turn",
            NeverCame { .. } => "never-came",
            HttpDiffers { .. } => "http-differs",
            ClosedEarly { .. } => "closed-early",
            ClosedWhileSending { .. } => "closed-while-sending",
            NotClosed { .. } => "not-closed",
            WrongClose { .. } => "wrong-close",
            ToolFailed { .. } => "tool-failed",
            ToolWaits { .. } => "tool-waits",
            Leaks { .. } => "leaks",
            Count { .. } => "count",
            SocketsIn { .. } => "sockets-in",
            NotForked { .. } => "not-forked",
            Busy { .. } => "busy",
            NeverAsleep => "never-asleep",
        }
    }
}
