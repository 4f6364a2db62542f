//! A clock that does not run while the student's program is kept from running.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use super::snapshot::{Snapshot, Thread};

/// Measures how much of the passing time a program could have used.
///
/// Beside other busy processes, a correct program gets slow without being to blame. The kernel counts for every thread
/// how long it stood in line for a processor; we take the time of the thread that stood there *longest* off the wall
/// clock. Not the sum over the threads: sixteen busy threads on two processors stand in each other's way, and their
/// sum would hold the clock for ever; nor the load of the machine or our own waiting, which say nothing about this
/// program, unless it was us whom it waited for ([`FairClock::excuse`]). For the same reason a program's use of processors, spread over all of them, counts at least: what keeps
/// every processor busy has had its time. Measured with 200 ms beside eight busy processes: the wall clock fails a
/// correct program every time, this clock fails none, and lets no program pass that is too slow.
///
/// The kernel brings a thread's figure up to date when the thread gets its processor. A thread that stands in line
/// right now is credited with the time since it was last seen to move or sleep. So is one that the kernel keeps in the
/// middle of a call: on a crowded machine it waits for a lock, whose holder stands in line.
///
/// A program may keep itself from running, at a low priority with threads of its own in its way: whoever waits by this
/// clock needs a limit by the wall as well, many times as long.
#[derive(Debug, Clone)]
pub struct FairClock {
    start: Instant,
    latest: Instant,
    cores: u32,
    threads: HashMap<(i32, u64), Account>,
    /// What passed while it was for others to act.
    excused: Duration,
    runnable: bool,
}

/// What one thread has had since the clock was started.
#[derive(Debug, Clone)]
struct Account {
    /// Its figures at the start; zero for a thread that was born later.
    delay_before: Duration,
    processor_before: Duration,
    delay: Duration,
    processor: Duration,
    slices: u64,
    /// When it was last seen to sleep or to have moved on.
    moved: Instant,
    /// How long it has stood in line since then.
    in_line: Duration,
    seen: Instant,
    ended: bool,
}

impl FairClock {
    /// `now` holds the threads that already exist; without it all threads seen later count from their birth.
    pub fn start(now: Option<&Snapshot>) -> FairClock {
        // Asked once: it reads several files, and a step has hundreds of waits.
        static CORES: LazyLock<u32> = LazyLock::new(|| available_parallelism().map_or(1, |cores| cores.get() as u32));
        FairClock::start_at(now.map_or_else(Instant::now, |now| now.taken), now, *CORES)
    }

    fn start_at(start: Instant, now: Option<&Snapshot>, cores: u32) -> FairClock {
        let threads = now
            .into_iter()
            .flat_map(Snapshot::threads)
            .map(|(_, thread)| (identity(thread), Account::new(thread, thread.run_delay, thread.processor, start)));
        let threads = threads.collect();
        FairClock {
            start,
            latest: start,
            cores,
            threads,
            excused: Duration::ZERO,
            runnable: now.is_some_and(Snapshot::runnable),
        }
    }

    pub fn update(&mut self, now: &Snapshot) {
        for (_, thread) in now.threads() {
            self.threads
                .entry(identity(thread))
                .or_insert_with(|| Account::new(thread, Duration::ZERO, Duration::ZERO, self.latest))
                .update(thread, now.taken);
        }
        for account in self.threads.values_mut() {
            account.end_unless_seen(self.latest, now.taken);
        }
        self.latest = now.taken;
        self.runnable = now.runnable();
    }

    /// Takes time off the clock in which the program waited for who asks: for bytes that lay there, and were not taken.
    pub fn excuse(&mut self, time: Duration) {
        self.excused += time;
    }

    /// The program's own time from the start to the last update.
    pub fn elapsed(&self) -> Duration {
        let wall = self.wall();
        let delay = self.threads.values().map(|account| account.delay + account.in_line).max().unwrap_or_default();
        wall.saturating_sub(delay + self.excused).max((self.processor() / self.cores).min(wall))
    }

    /// Processor time used since the start, that of threads which have ended since then among it.
    pub fn processor(&self) -> Duration {
        self.threads.values().map(|account| account.processor).sum()
    }

    pub fn wall(&self) -> Duration {
        self.latest.saturating_duration_since(self.start)
    }

    /// At the last update, a thread had or wanted a processor: `elapsed` is an estimate then, on the low side.
    pub fn runnable(&self) -> bool {
        self.runnable
    }
}

impl Account {
    fn new(thread: &Thread, delay_before: Duration, processor_before: Duration, moved: Instant) -> Self {
        let (delay, processor) = (Duration::ZERO, Duration::ZERO);
        Account {
            delay_before,
            processor_before,
            delay,
            processor,
            slices: thread.slices,
            moved,
            in_line: Duration::ZERO,
            seen: moved,
            ended: false,
        }
    }

    fn update(&mut self, thread: &Thread, now: Instant) {
        let delay = thread.run_delay.saturating_sub(self.delay_before);
        let processor = thread.processor.saturating_sub(self.processor_before);
        if !thread.is_kept() || (delay, processor, thread.slices) != (self.delay, self.processor, self.slices) {
            self.moved = now;
        }
        self.in_line = now.saturating_duration_since(self.moved);
        (self.delay, self.processor, self.slices, self.seen) = (delay, processor, thread.slices, now);
    }

    /// A thread that has ended keeps what it had when it was last seen. It may have stood in line until it ended, which
    /// nobody has seen: it gets that time too. As only one thread counts, that can happen to the clock but once.
    fn end_unless_seen(&mut self, latest: Instant, now: Instant) {
        if !self.ended && self.seen != now {
            self.ended = true;
            self.in_line += now.saturating_duration_since(latest);
        }
    }
}

fn identity(thread: &Thread) -> (i32, u64) {
    (thread.tid, thread.started)
}

#[cfg(test)]
mod tests {
    use super::super::call::Call;
    use super::super::snapshot::{Image, Process};
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// number, state, slices, delay and processor time in milliseconds
    type Figures = (i32, char, u64, u32, u32);

    fn snapshot(taken: Instant, threads: &[Figures]) -> Snapshot {
        let threads = threads.iter().map(|&(tid, state, slices, delay, processor)| Thread {
            tid,
            state,
            started: 1,
            slices,
            run_delay: delay * MS,
            processor: processor * MS,
            call: Call::RUNNING,
            opaque: false,
        });
        let (threads, name) = (threads.collect(), String::new());
        let image = Image { start_code: 1, end_code: 2, start_stack: 3 };
        let process = Process {
            pid: 1,
            parent: 0,
            session: 1,
            state: 'S',
            name,
            started: 1,
            image,
            threads,
            catches_alarm: false,
        };
        Snapshot { processes: vec![process], taken }
    }

    /// Elapsed milliseconds on two processors, 100 ms after the start, with 60 ms seen in between.
    fn elapsed(start: &[Figures], middle: &[Figures], end: &[Figures]) -> u128 {
        let now = Instant::now();
        let mut clock = FairClock::start_at(now, Some(&snapshot(now, start)), 2);
        clock.update(&snapshot(now + 60 * MS, middle));
        clock.update(&snapshot(now + 100 * MS, end));
        clock.elapsed().as_millis()
    }

    #[test]
    fn a_sleeping_programs_time_is_the_walls() {
        let asleep = &[(1, 'S', 5, 40, 7)];
        assert_eq!(elapsed(asleep, asleep, asleep), 100);
    }

    #[test]
    fn time_in_line_is_taken_off() {
        assert_eq!(elapsed(&[(1, 'S', 5, 40, 7)], &[(1, 'R', 6, 70, 9)], &[(1, 'S', 7, 90, 10)]), 50);
    }

    #[test]
    fn what_is_excused_is_taken_off_but_never_what_the_program_used() {
        let now = Instant::now();
        let asleep = |processor| snapshot(now + 100 * MS, &[(1, 'S', 5, 40, processor)]);
        let elapsed = |processor| {
            let mut clock = FairClock::start_at(now, Some(&snapshot(now, &[(1, 'S', 5, 40, 0)])), 2);
            clock.excuse(70 * MS);
            clock.update(&asleep(processor));
            clock.elapsed().as_millis()
        };
        assert_eq!((elapsed(0), elapsed(100)), (30, 50));
    }

    #[test]
    fn a_thread_still_in_line_is_credited_since_it_was_last_seen_to_move() {
        assert_eq!(elapsed(&[(1, 'S', 5, 0, 0)], &[(1, 'R', 6, 10, 1)], &[(1, 'R', 6, 10, 1)]), 50);
        assert_eq!(elapsed(&[(1, 'R', 5, 0, 0)], &[(1, 'R', 5, 0, 0)], &[(1, 'R', 5, 0, 0)]), 0);
        assert_eq!(elapsed(&[(1, 'R', 5, 0, 0)], &[(1, 'R', 5, 0, 60)], &[(1, 'R', 5, 0, 100)]), 100);
    }

    #[test]
    fn a_thread_that_the_kernel_keeps_is_credited_unless_its_own_child_keeps_it() {
        let kept = &[(1, 'D', 5, 0, 0)];
        assert_eq!(elapsed(kept, kept, kept), 0);
        let now = Instant::now();
        let vfork = |at: u32| {
            let mut look = snapshot(now + at * MS, kept);
            look.processes[0].threads[0].call.name = "vfork";
            look
        };
        let mut clock = FairClock::start_at(now, Some(&vfork(0)), 2);
        clock.update(&vfork(100));
        assert_eq!(clock.elapsed(), 100 * MS);
    }

    #[test]
    fn only_the_longest_delay_counts_and_at_least_the_processors_share() {
        let start = [(1, 'S', 1, 0, 0), (2, 'S', 1, 0, 0)];
        let end = [(1, 'S', 2, 30, 0), (2, 'S', 2, 40, 0)];
        assert_eq!(elapsed(&start, &start, &end), 60);
        let busy = [(1, 'S', 2, 90, 100), (2, 'S', 2, 90, 80)];
        assert_eq!(elapsed(&start, &start, &busy), 90);
    }

    #[test]
    fn threads_count_from_their_birth_and_after_their_end() {
        let first = (1, 'S', 1, 0, 0);
        // Of the last 40 ms nobody knows what it did.
        assert_eq!(elapsed(&[first], &[first, (2, 'S', 9, 25, 1)], &[first]), 35);
        assert_eq!(elapsed(&[first], &[first, (2, 'R', 0, 0, 0)], &[first]), 0);
        assert_eq!(elapsed(&[first, (2, 'S', 9, 50, 1)], &[first], &[first]), 40);
    }

    #[test]
    fn another_thread_with_the_same_number_is_another_thread() {
        let now = Instant::now();
        let mut clock = FairClock::start_at(now, Some(&snapshot(now, &[(1, 'S', 9, 500, 500)])), 2);
        clock.update(&snapshot(now + 99 * MS, &[(1, 'S', 9, 500, 500)]));
        let mut later = snapshot(now + 100 * MS, &[(1, 'S', 2, 30, 5)]);
        later.processes[0].threads[0].started = 2;
        clock.update(&later);
        assert_eq!(clock.elapsed(), 70 * MS);
    }
}
