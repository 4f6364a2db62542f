//! What to look at next after a failure. The rubric's hint speaks of the step; this speaks of what was seen.

use super::escape::plain;
use super::miss::{Ending, Miss};
use super::verdict::Failure;

/// One thing to do, as an instruction, without a final period.
pub fn next_action(failure: &Failure) -> String {
    use Miss::*;
    match &failure.miss {
        NotStarted { .. } => "start it from a shell and read what the shell says".to_owned(),
        Died { signal, .. } => died(*signal).to_owned(),
        TooMuchMemory { .. } => "look for what grows: a buffer, a list, or the number of processes".to_owned(),
        TooManyProcesses { .. } => {
            "look for a `fork` in a loop (does the child leave it?) and for threads that never end".to_owned()
        }
        Panicked { message } => panicked(message, &failure.stderr),
        Exited { status: 0 } => "find the `return` or `exit` that ended it: who was still waiting for it?".to_owned(),
        Exited { .. } => {
            "read the last lines of its stderr: which call failed, and does it have to end there?".to_owned()
        }
        SaidNothing { status: 0, .. } => {
            "look at what `main` does with these arguments, and whether the output is flushed before the end".to_owned()
        }
        SaidNothing { .. } => "read the last lines of its stderr: which call failed?".to_owned(),
        WrongStatus { .. } => "look at what `main` returns on this path".to_owned(),
        TooSoon { .. } => "look at the time that is handed to the call, and its unit".to_owned(),
        StillRunning => "look at the call it waits in: what should have ended that wait?".to_owned(),
        Lacks { who, .. } if who == "stderr" => {
            "compare what it wrote to stderr with what the handout asks for".to_owned()
        }
        Lacks { .. } => "compare what came with what the handout asks for".to_owned(),

        NeverMadeSocket => "call `socket` first: everything else needs its descriptor".to_owned(),
        NoTcpSocket { .. } => "look at the arguments of `socket`: TCP is AF_INET and SOCK_STREAM".to_owned(),
        MadeSocketOnly => {
            "call `bind` with the port from the arguments, then `listen`, and check what each returns".to_owned()
        }
        BoundNotListening { .. } => "call `listen` after `bind`, and check what it returns".to_owned(),
        ListeningOnOtherPort { asked, listening } if listening.iter().any(|to| swapped(*asked, to.port())) => {
            BYTE_ORDER.to_owned()
        }
        ListeningOnOtherPort { .. } => "follow the port from the arguments to `bind`".to_owned(),
        ListeningOnlyOn { .. } => {
            "bind to INADDR_ANY (0.0.0.0), which stands for every address of the machine".to_owned()
        }
        Ipv6Only { .. } => "listen on 0.0.0.0, or clear IPV6_V6ONLY before `bind`".to_owned(),
        PortBelongsToAnother { port, .. } => {
            format!("end the other process (`ss -ltnp 'sport = :{port}'` names it) and grade again")
        }
        PortKept { .. } => {
            "close the listening descriptor in the child, right after `fork`: it has a copy of it".to_owned()
        }
        StoppedListening { .. } | ListenerClosed { .. } => {
            "find the `close` that got the listener: a client's end closes the client's descriptor alone".to_owned()
        }
        Backlog { .. } => "raise the second argument of `listen`".to_owned(),
        NotAccepting { .. } => "look at where the program is instead of in `accept`".to_owned(),
        ConnectFailed { .. } => "connect to it by hand, with `nc -v`, while it runs".to_owned(),

        NeverConnected => {
            "look at what comes before `connect`: it was not reached, or its error was not looked at".to_owned()
        }
        ConnectsElsewhere { to, expected } if swapped(expected.port(), to.port()) => BYTE_ORDER.to_owned(),
        ConnectsElsewhere { .. } => "print the address right before `connect`".to_owned(),

        HeldUpConnecting { .. } => {
            "let that `connect` keep nobody waiting: O_NONBLOCK and `poll` with a timeout, or a thread or process of its own"
                .to_owned()
        }
        AnsweredInstead { .. } => {
            "look at what `connect` returned, and at the address it was given: is its port in network byte order?".to_owned()
        }

        Silent { .. } | TooFew { ended: Ending::Open, .. } | NotClosed { .. } | StoppedReading { .. }
            if failure.observed.iter().any(|line| waits_for_locks(line)) =>
        {
            "look at the threads that sleep in `futex`: who has the lock they wait for, and does that one ever let go?"
                .to_owned()
        }
        Silent { sent: 0, said: 0, .. } => {
            "look at which side has to speak first here, and whether what it says is still in a buffer".to_owned()
        }
        Silent { read: 0, .. } => {
            "look for the `read` on this connection: the bytes are still in the kernel".to_owned()
        }
        Silent { said: 1.., .. } => {
            "look at the lines of the trace before: which of them should have set this off?".to_owned()
        }
        Silent { .. } => {
            "look at what happens after `read`: is it waiting for more, or is the answer still in a buffer?".to_owned()
        }
        StoppedReading { .. } => {
            "look at what it does instead of reading: does it wait for a `write` to end?".to_owned()
        }
        WrongBytes { .. } => "compare the two windows from the caret on".to_owned(),
        TooFew { ended: Ending::Reset, .. } => UNREAD.to_owned(),
        TooFew { who, .. } if who == "stdout" => {
            "look at where its output ends: which byte or which short `read` stopped it there?".to_owned()
        }
        TooFew { ended: Ending::Eof, .. } => {
            "find the `close` that came before the rest, or the `read` or `write` that returned less than was asked for".to_owned()
        }
        TooFew { .. } => {
            "what came is right: does the rest wait in a buffer, or was it lost where `read` or `write` returned less than \
             was asked for?"
                .to_owned()
        }
        TooMany { .. } => "look at how many bytes of the buffer are written: as many as `read` returned?".to_owned(),
        NotSilent { .. } => "find out who writes here: diagnostics belong on stderr".to_owned(),
        LineDiffers { .. } | LinesDiffer { .. } => {
            "compare the line with the one the handout shows, character by character".to_owned()
        }
        // Nobody else's line could have got between.
        LineOutOfTurn { next, others: 0, .. } if next.len() == 1 => {
            "compare the line with the one that was expected, character by character".to_owned()
        }
        LineOutOfTurn { .. } => {
            "look for a line that is written in several pieces or by several threads, and for lines that are dropped"
                .to_owned()
        }
        NeverCame { .. } => "compare what came with what the handout asks for, letter by letter".to_owned(),
        HttpDiffers { .. } => "look at the whole message, line by line, in the trace".to_owned(),
        ClosedEarly { how: Ending::Reset, .. } | ClosedWhileSending { how: Ending::Reset, .. } => UNREAD.to_owned(),
        ClosedEarly { .. } | ClosedWhileSending { .. } => {
            "find the `close` (or the end of the program) that came too soon".to_owned()
        }
        NotClosed { waits: true, .. } => {
            "call `close` after the last byte, or `shutdown` with SHUT_WR: it ends what you send, and you can still read"
                .to_owned()
        }
        NotClosed { .. } => "look for the `close`, and for a second process that still holds the descriptor".to_owned(),
        WrongClose { got: Ending::Reset, .. } => UNREAD.to_owned(),
        WrongClose { .. } => {
            "look at how the connection is ended: `shutdown`, `close`, or the end of the program".to_owned()
        }

        ToolFailed { .. } | ToolWaits { .. } => {
            "run the command of the trace yourself, against your program on a port of your own".to_owned()
        }
        Leaks { what, .. } if what == "memory" => "find what is kept after a client has gone".to_owned(),
        Leaks { .. } => {
            "close each connection's descriptor on every path, the ones for errors too (`ls -l /proc/PID/fd`)"
                .to_owned()
        }
        Count { what, .. } if what == "zombies" => {
            "let the parent wait for its children: SIGCHLD, or `waitpid` with WNOHANG".to_owned()
        }
        Count { .. } => "count them yourself while it runs: `ps -eLf | grep NAME`".to_owned(),
        SocketsIn { .. } => "watch the states while it runs: `ss -tan`".to_owned(),
        NotForked { .. } => "call `fork` and go on in the child, without `exec`".to_owned(),
        Busy { .. } => "look for a loop whose `read` returns 0, or fails, again and again".to_owned(),
        NeverAsleep => "look for a loop that asks again instead of waiting".to_owned(),
    }
}

const BYTE_ORDER: &str = "convert the port with `htons`, once, where it goes into the address";
const UNREAD: &str =
    "read until end of file before closing: a `close` with bytes unread sends a reset (as does SO_LINGER with 0)";

/// Several threads, or all, of what was observed. One alone may wait for the others to end, as one should.
fn waits_for_locks(observed: &str) -> bool {
    let several = observed.starts_with("all ")
        || observed.split(' ').next().is_some_and(|count| count.parse().is_ok_and(|count: u32| count > 1));
    several && observed.ends_with(" sleep in `futex`")
}

fn swapped(asked: u16, got: u16) -> bool {
    asked != got && asked.swap_bytes() == got
}

/// Numbers as on every Linux but MIPS; the ones that say something.
fn died(signal: i32) -> &'static str {
    match signal {
        6 => "read the last lines of its stderr: it gave up by itself (`abort`, a failed assertion)",
        7 | 11 => {
            "run it under `gdb` or `valgrind`, or build it with `-fsanitize=address`: it used memory that is not its own"
        }
        8 => "look for a division by zero",
        9 => "find out who kills it: the memory limit, or a `kill` of its own",
        13 => "ignore SIGPIPE and look at what `write` returns: the peer has closed, which is no reason to die",
        14 => "handle SIGALRM before calling `alarm`: by default it ends the program",
        _ => "run it under `gdb` to see which call was interrupted",
    }
}

fn panicked(message: &str, stderr: &str) -> String {
    let place = panic_place(stderr);
    if message.contains("not yet implemented") || message.contains("not implemented") {
        return match place {
            Some(place) => format!("write the function at {place}: it is still a `todo!`"),
            None => "write the function that is still a `todo!`".to_owned(),
        };
    }
    match place {
        Some(place) => format!("look at {place}: an error that a program has to expect is no reason to panic"),
        None => "run it with RUST_BACKTRACE=1 to see which call panicked".to_owned(),
    }
}

/// `src/server.rs:20`, from the line that Rust's panic handler writes.
fn panic_place(stderr: &str) -> Option<String> {
    let (_, rest) = stderr.rsplit_once(" panicked at ")?;
    let (file, rest) = rest.split_once(".rs:")?;
    let line: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let short = !file.is_empty() && file.len() < 100 && !file.contains('\n');
    (short && !line.is_empty()).then(|| format!("{}.rs:{line}", plain(file)))
}

#[cfg(test)]
mod tests {
    use super::{Failure, Miss, next_action};
    use crate::engine::Ended;
    use crate::rubric::Place;

    fn after(miss: Miss, stderr: &str) -> String {
        let stderr = stderr.to_owned();
        let (place, observed) = (Place::default(), Vec::new());
        next_action(&Failure { miss, place, ended: Ended::Event, observed, stderr })
    }

    #[test]
    fn an_unwritten_function_is_named_by_its_place() {
        let message = "not yet implemented: step 1".to_owned();
        let stderr = "thread 'main' (7) panicked at src/server.rs:20:5:\nnot yet implemented: step 1\n";
        let next = after(Miss::Panicked { message: message.clone() }, stderr);
        assert_eq!(next, "write the function at src/server.rs:20: it is still a `todo!`");
        assert_eq!(after(Miss::Panicked { message }, ""), "write the function that is still a `todo!`");
    }

    #[test]
    fn a_swapped_port_is_told_from_any_other() {
        let listening = |port| vec![std::net::SocketAddr::from(([0, 0, 0, 0], port))];
        let swapped = Miss::ListeningOnOtherPort { asked: 0x1f90, listening: listening(0x901f) };
        assert!(after(swapped, "").contains("htons"));
        let other = Miss::ListeningOnOtherPort { asked: 0x1f90, listening: listening(80) };
        assert!(!after(other, "").contains("htons"));
    }

    #[test]
    fn threads_that_wait_for_each_other_are_what_to_look_at() {
        let silent = |observed: &str| {
            let who = "the connection of `ann`".to_owned();
            let miss = Miss::Silent { who, sent: 7, read: 7, said: 0 };
            let (place, stderr, observed) = (Place::default(), String::new(), vec![observed.to_owned()]);
            next_action(&Failure { miss, place, ended: Ended::ProvablyStuck, observed, stderr })
        };
        assert!(silent("14 of 15 threads of the program sleep in `futex`").contains("who has the lock"));
        assert!(silent("all 3 threads of the program sleep in `futex`").contains("who has the lock"));
        assert!(!silent("1 of 2 threads of the program sleep in `futex`").contains("lock"));
        assert!(!silent("2 of 3 threads of the program sleep in `poll`").contains("lock"));
    }

    #[test]
    fn sigpipe_and_a_bad_pointer_need_different_looks() {
        assert!(after(Miss::Died { signal: 13, name: "SIGPIPE".into() }, "").contains("`write` returns"));
        assert!(after(Miss::Died { signal: 11, name: "SIGSEGV".into() }, "").contains("valgrind"));
    }
}
