//! Looking at the student from outside until all is as it should be.

use std::time::Duration;

use super::act::{ANSWER, Context, START};
use super::forked;
use super::miss::Miss;
use super::open::wait_until_listening;
use super::stage::{Stage, Stop};
use super::trace::Direction::FromStudent;
use super::verdict::Ended;
use crate::probe::{Snapshot, State};
use crate::rubric::{Amount, Bound, Level, ListenAddress, Probe, Relation, STUDENT, SocketState};

/// Descriptors that a runtime may open on its own between two looks.
const DESCRIPTOR_SLACK: u64 = 2;
/// A program that sleeps for a moment before it closes something, or ends, has done it by then.
const SHORT_SLEEP: Duration = Duration::from_millis(100);
/// Virtual memory that a runtime's arenas and caches may take.
const MEMORY_SLACK: u64 = 400 << 20;

pub fn observe(stage: &mut Stage, probe: &Probe, context: Context) -> Result<(), Stop> {
    match probe {
        Probe::Listening { address, backlog } => listening(stage, *address, *backlog, context),
        Probe::Descriptors(Level::Remember) => {
            come_to_rest(stage, ANSWER)?;
            stage.remembered_descriptors = Some(descriptors(stage)?);
            Ok(())
        }
        Probe::Memory(Level::Remember) => {
            come_to_rest(stage, ANSWER)?;
            stage.remembered_memory = Some(memory(stage)?);
            Ok(())
        }
        Probe::Descriptors(Level::Steady) => {
            let before = stage.remembered_descriptors.unwrap_or(0);
            steady(stage, "descriptors", before, DESCRIPTOR_SLACK, descriptors, context)
        }
        Probe::Memory(Level::Steady) => {
            let before = stage.remembered_memory.unwrap_or(0);
            steady(stage, "memory", before, MEMORY_SLACK, memory, context)
        }
        Probe::Children(Amount::Remember) => {
            stage.remembered_children = Some(remember(stage, "children", children)?);
            Ok(())
        }
        Probe::Threads(Amount::Remember) => {
            stage.remembered_threads = Some(remember(stage, "threads", threads)?);
            Ok(())
        }
        Probe::Children(amount) => {
            let bound = resolved(*amount, stage.remembered_children);
            count(stage, "children", bound, context, children)
        }
        Probe::Threads(amount) => {
            let bound = resolved(*amount, stage.remembered_threads);
            count(stage, "threads", bound, context, threads)
        }
        Probe::Zombies(bound) => count(stage, "zombies", *bound, context, |now| now.zombies() as u64),
        Probe::Forked => forked::forked(stage),
        Probe::Sockets(states) => states.iter().try_for_each(|(state, bound)| sockets(stage, *state, *bound, context)),
        Probe::Running(wanted) => running(stage, *wanted, context),
        Probe::Asleep => match (come_to_rest(stage, context.within(ANSWER))?, stage.student.status()) {
            (_, Some(_)) => Err(stage.miss_or_death(Miss::Exited { status: 0 })),
            (true, None) => Ok(()),
            (false, None) => Err(stage.miss(Miss::NeverAsleep, Ended::Deadline(context.within(ANSWER)))),
        },
        Probe::Idle(duration) => idle(stage, *duration),
    }
}

/// As [`Stage::settle`]; and what a short sleep of the program's own puts off has come too. Who waits for nobody but us
/// is not waited for.
fn come_to_rest(stage: &mut Stage, limit: Duration) -> Result<bool, Stop> {
    stage.settle(limit)?;
    stage.stall(SHORT_SLEEP)?;
    stage.settle(limit)
}

/// Processes that live, without the one that was started.
fn children(now: &Snapshot) -> u64 {
    (now.processes.iter().filter(|process| !process.is_zombie()).count() as u64).saturating_sub(1)
}

fn threads(now: &Snapshot) -> u64 {
    let alive = now.processes.iter().filter(|process| !process.is_zombie());
    alive.map(|process| process.threads.len() as u64).sum()
}

fn remember(stage: &mut Stage, what: &str, of: fn(&Snapshot) -> u64) -> Result<u64, Stop> {
    come_to_rest(stage, ANSWER)?;
    let now = of(&stage.look()?);
    stage.note(STUDENT, FromStudent, format!("{what}: {now}, to begin with"));
    Ok(now)
}

/// The bound that an amount comes to; the rubric's checks have seen that something is remembered.
fn resolved(amount: Amount, remembered: Option<u64>) -> Bound {
    let remembered = remembered.unwrap_or(0);
    match amount {
        Amount::Remember => Bound { relation: Relation::Equal, value: remembered },
        Amount::Absolute(bound) => bound,
        Amount::More(Bound { relation, value }) => Bound { relation, value: remembered.saturating_add(value) },
    }
}

fn listening(
    stage: &mut Stage,
    address: Option<ListenAddress>,
    backlog: Option<Bound>,
    context: Context,
) -> Result<(), Stop> {
    wait_until_listening(stage, Context { within: Some(context.within(START)) })?;
    let Some(listener) = stage.own_listener()? else {
        let miss = Miss::StoppedListening { port: stage.port };
        return Err(stage.miss_or_death(miss));
    };
    stage.note(
        STUDENT,
        FromStudent,
        format!("listens on {} with a backlog of {}", listener.local, listener.send_queue),
    );
    let any = listener.local.ip().is_unspecified();
    let ipv6_only = listener.local.is_ipv6() && !listener.dual_stack;
    let wrong_address = match address {
        // Every client of the labs speaks IPv4.
        _ if ipv6_only => Stage::wrong_address(&listener, std::net::Ipv4Addr::LOCALHOST),
        Some(ListenAddress::Any) if !any => Stage::wrong_address(&listener, std::net::Ipv4Addr::UNSPECIFIED),
        Some(ListenAddress::Loopback) if !listener.local.ip().is_loopback() => {
            Some(Miss::ListeningOnlyOn { address: listener.local.ip(), port: stage.port })
        }
        _ => None,
    };
    if let Some(miss) = wrong_address {
        return Err(stage.miss(miss, Ended::Event));
    }
    let got = u64::from(listener.send_queue);
    match backlog.filter(|bound| !bound.holds(got)) {
        Some(expected) => Err(stage.miss(Miss::Backlog { expected, got }, Ended::Event)),
        None => Ok(()),
    }
}

/// All descriptors of all processes of the student.
fn descriptors(stage: &Stage) -> Result<u64, Stop> {
    let proc = stage.proc();
    let processes = stage.look()?.processes;
    let open = processes.iter().map(|process| proc.descriptors(process.pid).map_or(0, |all| all.len() as u64));
    Ok(open.sum())
}

fn memory(stage: &Stage) -> Result<u64, Stop> {
    let proc = stage.proc();
    let processes = stage.look()?.processes;
    Ok(processes.iter().map(|process| proc.virtual_size(process.pid).unwrap_or(0)).sum())
}

fn steady(
    stage: &mut Stage,
    what: &'static str,
    before: u64,
    slack: u64,
    measure: fn(&Stage) -> Result<u64, Stop>,
    context: Context,
) -> Result<(), Stop> {
    let waited = stage
        .wait(context.within(ANSWER), |stage| Ok(Some(measure(stage)?).filter(|after| *after <= before + slack)))?;
    let after = measure(stage)?;
    let unit = if what == "memory" { "bytes of virtual memory" } else { what };
    stage.note(STUDENT, FromStudent, format!("holds {after} {unit}; it held {before} before"));
    match waited {
        Ok(_) if stage.student.status().is_none() => Ok(()),
        Ok(_) => Err(stage.miss_or_death(Miss::Exited { status: 0 })),
        Err(ended) => Err(stage.missed(Miss::Leaks { what: what.into(), before, after }, ended)),
    }
}

fn count(
    stage: &mut Stage,
    what: &str,
    expected: Bound,
    context: Context,
    of: impl Fn(&Snapshot) -> u64,
) -> Result<(), Stop> {
    let waited = stage.wait(context.within(ANSWER), |stage| Ok(expected.holds(of(&stage.look()?)).then_some(())))?;
    let got = of(&stage.look()?);
    stage.note(STUDENT, FromStudent, format!("{what}: {got}"));
    match waited {
        Ok(()) => Ok(()),
        Err(ended) => Err(stage.missed(Miss::Count { what: what.to_owned(), expected, got }, ended)),
    }
}

fn sockets(stage: &mut Stage, state: SocketState, expected: Bound, context: Context) -> Result<(), Stop> {
    let count = |stage: &Stage| -> Result<u64, Stop> {
        let sockets = stage.sock_diag.sockets()?;
        Ok(sockets.iter().filter(|s| s.state == state_of(state) && stage.is_students(s)).count() as u64)
    };
    let waited = stage.wait(context.within(ANSWER), |stage| Ok(expected.holds(count(stage)?).then_some(())))?;
    let got = count(stage)?;
    stage.note(STUDENT, FromStudent, format!("sockets in state {:?}: {got}", state_of(state)));
    match waited {
        Ok(()) => Ok(()),
        Err(ended) => Err(stage.missed(Miss::SocketsIn { state, expected, got }, ended)),
    }
}

fn state_of(state: SocketState) -> State {
    match state {
        SocketState::Established => State::Established,
        SocketState::CloseWait => State::CloseWait,
        SocketState::FinWait1 => State::FinWait1,
        SocketState::FinWait2 => State::FinWait2,
        SocketState::LastAck => State::LastAck,
        SocketState::TimeWait => State::TimeWait,
        SocketState::SynSent => State::SynSent,
        SocketState::Listen => State::Listen,
    }
}

fn running(stage: &mut Stage, wanted: bool, context: Context) -> Result<(), Stop> {
    if wanted {
        // Whoever is about to die of what the exchange did has the time to do so.
        stage.settle(context.within(ANSWER))?;
        return match stage.student.status() {
            None => Ok(()),
            Some(_) => Err(stage.miss_or_death(Miss::Exited { status: 0 })),
        };
    }
    match stage.wait(context.within(ANSWER), |stage| Ok(stage.student.status()))? {
        Ok(_) => Ok(()),
        Err(ended) => Err(stage.miss(Miss::StillRunning, ended)),
    }
}

fn idle(stage: &mut Stage, over: Duration) -> Result<(), Stop> {
    let before = stage.look()?.processor();
    let spent = stage.spent;
    stage.stall(over)?;
    let used = stage.look()?.processor().saturating_sub(before);
    // In fair time: beside busy programs one that spins gets little of the processor, but takes all that it gets.
    let passed = stage.spent.saturating_sub(spent).max(over);
    // Provably stuck is as idle as can be; otherwise a tenth of the time is for timers and runtimes.
    let allowed = passed / 10;
    if used <= allowed { Ok(()) } else { Err(stage.miss(Miss::Busy { used, over: passed }, Ended::Event)) }
}
