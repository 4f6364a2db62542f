//! What happens to the student's program: started, typed to, signalled, watched.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use super::act::{ANSWER, Context};
use super::death::ended_with;
use super::matching::{Progress, Wanted};
use super::miss::{Excerpt, Miss};
use super::observe;
use super::quote::{counted, quoted};
use super::sleep::{is_gone, is_stopped};
use super::stage::{Stage, Stop};
use super::trace::Direction::{Act, FromStudent, ToStudent};
use super::verdict::Ended;
use crate::cell::{Job, SpawnError, Status, Stdin, Whom};
use crate::rubric::{Action, ExitStatus, Part, Pattern, Payload, STUDENT, SignalName, Target, Template};

pub fn act(stage: &mut Stage, action: &Action, context: Context) -> Result<(), Stop> {
    match action {
        Action::Start(arguments) => start(stage, arguments),
        Action::Restart(killing) => restart(stage, *killing),
        Action::Type { payload, background } => type_in(stage, payload, *background, context),
        Action::CloseStdin => {
            stage.student.close_stdin();
            stage.note(STUDENT, ToStudent, "end of file on stdin");
            Ok(())
        }
        Action::Signal { name, to } => signal(stage, *name, *to),
        Action::Pin => pin(stage),
        Action::Expect(pattern) => expect(stage, pattern, context, Stream::Stdout),
        Action::ExpectStderr(pattern) => expect(stage, pattern, context, Stream::Stderr),
        Action::ExpectEnd => expect_end(stage, context),
        Action::ExpectExit { status, after } => expect_exit(stage, status, *after, context),
        Action::Observe(probe) => observe::observe(stage, probe, context),
        other => Err(Stop::Fault(format!("the student's program cannot do this: {other:?}"))),
    }
}

pub fn start(stage: &mut Stage, arguments: &[Template]) -> Result<(), Stop> {
    stage.student.arguments = arguments.iter().map(|argument| stage.facts.text(argument, 0)).collect();
    stage.student.is_server = arguments.iter().any(|argument| argument.0.contains(&Part::Port));
    if stage.student.status().is_some() {
        begin_anew(stage)?;
    }
    run(stage)
}

/// What is still there of the program when it is started again belongs to its former life.
fn begin_anew(stage: &mut Stage) -> Result<(), Stop> {
    stage.former = stage.look()?.processes.iter().map(|process| process.pid).collect();
    stage.known_listener = None;
    Ok(())
}

fn run(stage: &mut Stage) -> Result<(), Stop> {
    let arguments = stage.student.arguments.clone();
    let command = std::iter::once(&stage.program.name).chain(&arguments).cloned().collect::<Vec<_>>().join(" ");
    let job = Job {
        program: stage.program.name.clone(),
        args: arguments.into_iter().map(OsString::from).collect(),
        env: Vec::new(),
        stdin: Stdin::Piped,
    };
    let asked = Instant::now();
    match stage.cell.spawn(&job) {
        Ok(child) => stage.student.started(child, asked)?,
        Err(SpawnError::Cell(error)) => return Err(error.into()),
        Err(SpawnError::Program { why }) => {
            stage.note(STUDENT, Act, format!("cannot start `{command}`"));
            return Err(stage.miss(Miss::NotStarted { why }, Ended::Event));
        }
    }
    stage.note(STUDENT, Act, format!("starts as `{command}`"));
    Ok(())
}

fn restart(stage: &mut Stage, target: Target) -> Result<(), Stop> {
    match target {
        Target::Group => stage.cell.kill_all()?,
        Target::Main => {
            if let Some(child) = stage.student.child() {
                stage.cell.signal(child, libc::SIGKILL, Whom::Main)?;
            }
        }
    }
    stage.wait(ANSWER, |stage| Ok(stage.student.status()))?.ok();
    begin_anew(stage)?;
    stage.note(STUDENT, Act, "is killed (SIGKILL)");
    run(stage)
}

fn type_in(stage: &mut Stage, payload: &Payload, background: bool, context: Context) -> Result<(), Stop> {
    let bytes = stage.facts.bytes(payload, 0, &mut stage.random);
    stage.student.typed.push(&bytes, 0..bytes.len());
    stage.note(STUDENT, ToStudent, format!("stdin: {}", counted(&bytes)));
    stage.pump();
    if background {
        return Ok(());
    }
    let total = stage.student.typed.total() + stage.student.typed.left();
    match stage.wait(context.within(ANSWER), |stage| Ok(stage.student.typed.is_empty().then_some(())))? {
        Ok(()) => Ok(()),
        // That it ended without reading all of its stdin is no mistake by itself.
        Err(Ended::Event) => Ok(()),
        Err(ended) => {
            let sent = stage.student.typed.total();
            Err(stage.miss(Miss::StoppedReading { who: "stdin".to_owned(), sent, total }, ended))
        }
    }
}

fn signal(stage: &mut Stage, name: SignalName, to: Target) -> Result<(), Stop> {
    let (number, text) = match name {
        SignalName::Term => (libc::SIGTERM, "SIGTERM"),
        SignalName::Kill => (libc::SIGKILL, "SIGKILL"),
        SignalName::Int => (libc::SIGINT, "SIGINT"),
        SignalName::Hup => (libc::SIGHUP, "SIGHUP"),
        SignalName::Pipe => (libc::SIGPIPE, "SIGPIPE"),
        SignalName::Stop => (libc::SIGSTOP, "SIGSTOP: it is frozen"),
        SignalName::Cont => (libc::SIGCONT, "SIGCONT: it goes on"),
        SignalName::Usr1 => (libc::SIGUSR1, "SIGUSR1"),
    };
    let Some(child) = stage.student.child() else {
        return Err(Stop::Fault("the rubric signals a program that was not started".to_owned()));
    };
    let (whom, main) = match to {
        Target::Group => (Whom::Group, None),
        Target::Main => (Whom::Main, Some(child.pid)),
    };
    stage.cell.signal(child, number, whom)?;
    let session = child.pid;
    let text = if main.is_some() { format!("{text} (the first process alone)") } else { text.to_owned() };
    stage.note(STUDENT, ToStudent, text);
    match name {
        // A stop is only complete when every thread has seen it.
        SignalName::Stop => stage.wait(ANSWER, |stage| Ok(is_stopped(&stage.look()?, main).then_some(())))?.ok(),
        // Until it is dead its sockets are there: it would still listen on the port that it is started on again.
        SignalName::Kill => {
            let gone = |stage: &mut Stage| {
                let gone = stage.student.status().is_some() && is_gone(&stage.look()?, session, main);
                Ok(gone.then_some(()))
            };
            stage.wait(ANSWER, gone)?.ok()
        }
        _ => None,
    };
    Ok(())
}

fn pin(stage: &mut Stage) -> Result<(), Stop> {
    stage.cell.pin()?;
    stage.note(STUDENT, Act, "has its threads on two processors, in turn");
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    fn name(self) -> &'static str {
        if self == Stream::Stdout { "stdout" } else { "stderr" }
    }

    fn of<'s>(self, stage: &'s mut Stage) -> &'s mut super::inbox::Inbox {
        if self == Stream::Stdout { &mut stage.student.stdout } else { &mut stage.student.stderr }
    }
}

fn expect(stage: &mut Stage, pattern: &Pattern, context: Context, stream: Stream) -> Result<(), Stop> {
    let wanted = Wanted::new(pattern, &mut stage.facts, 0, &mut stage.random);
    let waited = stage.wait(context.within(ANSWER), |stage| {
        Ok(match wanted.meet(stream.of(stage), stream.name()) {
            Progress::More => None,
            Progress::Match(count) => Some(Ok(count)),
            Progress::Never(miss) => Some(Err(*miss)),
        })
    })?;
    if let Ok(Ok(count)) = waited {
        let inbox = stream.of(stage);
        let text = counted(&inbox.waiting()[..count]);
        inbox.take(count);
        stage.note(STUDENT, FromStudent, format!("{}: {text}", stream.name()));
        return Ok(());
    }
    let (came, partial) = (quoted(stream.of(stage).waiting()), wanted.cut_short(stream.of(stage), stream.name()));
    stage.note(STUDENT, FromStudent, format!("{}: {came}", stream.name()));
    match waited {
        Ok(Err(miss)) if stream.of(stage).is_open() => Err(stage.miss(miss, Ended::Event)),
        Ok(Err(miss)) => Err(ended_stream(stage, miss, stream)?),
        Err(Ended::Event) => Err(ended_stream(stage, partial, stream)?),
        Err(ended) => Err(stage.miss(partial, ended)),
        Ok(Ok(_)) => Ok(()),
    }
}

/// The miss of a stream that ended together with the program.
fn ended_stream(stage: &mut Stage, miss: Miss, stream: Stream) -> Result<Stop, Stop> {
    let said = stream.of(stage).total() > 0;
    match stage.death()? {
        // That it ended by itself does not explain wrong output.
        None => {}
        Some(Miss::Exited { .. }) if !stage.student.is_server => {}
        Some(death) => return Ok(stage.miss(death, Ended::Event)),
    }
    Ok(match stage.student.status() {
        Some(Status::Exited(status)) if !said && stream == Stream::Stdout => {
            stage.miss(Miss::SaidNothing { who: stream.name().to_owned(), status }, Ended::Event)
        }
        _ => stage.miss(miss, Ended::Event),
    })
}

fn expect_end(stage: &mut Stage, context: Context) -> Result<(), Stop> {
    let waited = stage.wait(context.within(ANSWER), |stage| {
        let stdout = &stage.student.stdout;
        Ok((!stdout.is_open() || stdout.waiting_total() > 0).then_some(()))
    })?;
    let stdout = &stage.student.stdout;
    let (extra, said) = (Excerpt::from(stdout.waiting()), counted(stdout.waiting()));
    let expected = stdout.total() - extra.total;
    if !extra.is_empty() {
        stage.note(STUDENT, FromStudent, format!("stdout: {said}"));
        return Err(stage.miss(Miss::TooMany { who: "stdout".to_owned(), expected, extra }, Ended::Event));
    }
    match waited {
        Ok(()) => Ok(()),
        Err(ended) => Err(stage.miss(Miss::NotClosed { who: "stdout".to_owned(), waits: false }, ended)),
    }
}

fn expect_exit(stage: &mut Stage, wanted: &ExitStatus, after: Option<Duration>, context: Context) -> Result<(), Stop> {
    let waited = stage.wait(context.within(ANSWER), |stage| Ok(stage.student.status()))?;
    let status = match waited {
        Ok(status) => status,
        Err(ended) => return Err(stage.miss(Miss::StillRunning, ended)),
    };
    let ended = stage.student.since.map(|since| since.elapsed()).unwrap_or_default();
    // Its last words are part of the verdict.
    stage.wait(ANSWER, |stage| Ok((!stage.student.stderr.is_open()).then_some(())))?.ok();
    let stderr = String::from_utf8_lossy(stage.student.stderr.all()).into_owned();
    let as_wanted = match status {
        Status::TooMuchMemory | Status::TooManyProcesses => {
            stage.note(STUDENT, FromStudent, format!("is {status}"));
            false
        }
        Status::Exited(status) => {
            stage.note(STUDENT, FromStudent, format!("ends with exit status {status}"));
            wanted.0.iter().any(|wanted| i32::from(*wanted) == status)
        }
        Status::Signaled(signal) => {
            let name = super::death::signal_name(signal);
            stage.note(STUDENT, FromStudent, format!("is killed by signal {signal} ({name})"));
            false
        }
    };
    if !as_wanted {
        let miss = match ended_with(status, &stderr) {
            Miss::Exited { status } => Miss::WrongStatus { expected: wanted.0.clone(), got: status },
            death => death,
        };
        return Err(stage.miss(miss, Ended::Event));
    }
    match after {
        Some(after) if ended < after => Err(stage.miss(Miss::TooSoon { after, ended }, Ended::Event)),
        _ => Ok(()),
    }
}
