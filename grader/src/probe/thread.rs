//! What the kernel shows of one thread.

use std::fmt::Arguments;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use super::call::Call;
use super::files::{Reader, denied, vanished};
use super::registers;
use super::snapshot::Thread;
use super::stat::{self, Stat};

/// A process's main thread, whose files are reached by a shorter way; its state is known from the process's.
pub(super) fn main(reader: &mut Reader, pid: i32, stat: &Stat) -> io::Result<Thread> {
    let counters = counters(reader, format_args!("{pid}/schedstat"))?;
    let call = call(reader, stat.state, format_args!("{pid}"))?;
    // Without the kernel's fine count, the coarse one, which is the sum of all threads.
    let coarse = stat.processor;
    Ok(assemble(pid, stat, counters.unwrap_or(Counters { processor: coarse, ..Counters::default() }), call))
}

/// Any other thread, and whether it would notice an alarm. `None` if it has ended.
pub(super) fn other(reader: &mut Reader, pid: i32, tid: i32) -> io::Result<Option<(Thread, bool)>> {
    let counters = counters(reader, format_args!("{pid}/task/{tid}/schedstat"))?;
    let stat = stat::parse(reader.read(format_args!("{pid}/task/{tid}/stat"))?)?;
    if stat.has_ended() {
        return Ok(None);
    }
    let call = call(reader, stat.state, format_args!("{pid}/task/{tid}"))?;
    Ok(Some((assemble(tid, &stat, counters.unwrap_or_default(), call), stat.notices_alarm)))
}

/// How often a thread was given a processor: it grows whenever the thread does anything.
pub(super) fn slices(reader: &mut Reader, pid: i32, tid: i32) -> io::Result<u64> {
    let path = format_args!("{pid}/task/{tid}/schedstat");
    Ok(counters(reader, path)?.unwrap_or_default().slices)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counters {
    processor: Duration,
    run_delay: Duration,
    slices: u64,
}

fn assemble(tid: i32, stat: &Stat, counters: Counters, call: Option<Call>) -> Thread {
    let Counters { processor, run_delay, slices } = counters;
    Thread {
        tid,
        state: stat.state,
        started: stat.started,
        slices,
        run_delay,
        processor,
        // Whoever sleeps has run before; no slices at all means that the kernel does not count them.
        opaque: call.is_none() || slices == 0 && stat.state != 'R',
        call: call.unwrap_or(Call::OPAQUE),
    }
}

/// How long the calling thread has stood in line for a processor since it was born; zero where the kernel does not count.
pub fn own_delay() -> Duration {
    thread_local! {
        // It stays this thread's, and reading it again costs a fifth of opening it.
        static OWN: Option<File> = File::open("/proc/thread-self/schedstat").ok();
    }
    let mut line = [0; 128];
    let read = OWN.with(|own| own.as_ref().and_then(|own| own.read_at(&mut line, 0).ok()));
    read.and_then(|length| parse(&line[..length])).map_or(Duration::ZERO, |counters| counters.run_delay)
}

/// `None` where the kernel does not count.
fn counters(reader: &mut Reader, path: Arguments) -> io::Result<Option<Counters>> {
    match reader.read(path) {
        Ok(line) => {
            let counters = parse(line).ok_or_else(|| odd("schedstat"))?;
            Ok(Some(counters).filter(|counters| counters.slices != 0))
        }
        Err(error) if error.raw_os_error() == Some(libc::ENOENT) || denied(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Nanoseconds on a processor, nanoseconds waiting for one, number of slices.
fn parse(line: &[u8]) -> Option<Counters> {
    let mut numbers = std::str::from_utf8(line).ok()?.split_ascii_whitespace().map(|word| word.parse().ok());
    Some(Counters {
        processor: Duration::from_nanos(numbers.next()??),
        run_delay: Duration::from_nanos(numbers.next()??),
        slices: numbers.next()??,
    })
}

/// `None` where the kernel does not say. It shows the call only of a thread that is off its processor, so whatever
/// the state was a moment ago, a thread with a call sleeps.
fn call(reader: &mut Reader, state: char, thread: Arguments) -> io::Result<Option<Call>> {
    if !matches!(state, 'S' | 'D') {
        return Ok(Some(Call::RUNNING));
    }
    let line = match reader.read(format_args!("{thread}/syscall")) {
        Ok(line) => line,
        Err(error) if vanished(&error) || denied(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut registers = registers::parse(line).ok_or_else(|| odd("syscall"))?;
    if registers.is_restart() && reader.read(format_args!("{thread}/wchan")).is_ok_and(is_poll) {
        registers = registers.as_poll();
    }
    Ok(Some(Call::decode(registers)))
}

/// The name of the kernel's function in which the thread sleeps.
fn is_poll(place: &[u8]) -> bool {
    place.starts_with(b"poll_schedule_timeout")
}

fn odd(file: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("unknown format of /proc/PID/{file}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_schedstat_is_taken_apart() {
        let nanos = Duration::from_nanos;
        let expected = Counters { processor: nanos(90885), run_delay: nanos(71967), slices: 2 };
        assert_eq!(parse(b"90885 71967 2\n"), Some(expected));
        assert_eq!(parse(b"90885 71967"), None);
        assert_eq!(parse(b""), None);
    }
}
