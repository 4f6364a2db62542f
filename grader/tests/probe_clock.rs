//! The fair clock beside busy processes.

mod probe_support;

use std::time::Duration;

use grader::probe::FairClock;
use probe_support::Running;

const LIMIT: Duration = Duration::from_millis(150);
const ROUNDS: usize = 2;

/// Whether the program ends before the clock has reached the limit.
fn in_time(words: &[&str]) -> bool {
    let running = Running::start(words);
    let mut clock = FairClock::start(Some(&running.look()));
    loop {
        let now = running.look();
        clock.update(&now);
        if now.threads().next().is_none() {
            return true;
        }
        if clock.elapsed() >= LIMIT {
            return false;
        }
        // Seldom enough not to be in the program's way ourselves.
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn beside_busy_processes_quick_programs_are_in_time_and_slow_ones_are_not() {
    let _busy: Vec<_> = (0..6).map(|_| Running::start(&["busy"])).collect();
    for _ in 0..ROUNDS {
        // Threads, work of each in milliseconds, sleep before: 60 to 70 ms in all.
        for words in [&["work", "1", "60", "0"][..], &["work", "1", "10", "60"], &["work-in-parts", "20"]] {
            assert!(in_time(words), "{words:?} was too late");
        }
        for words in [&["work", "1", "400", "0"][..], &["work", "1", "10", "400"], &["work-in-parts", "130"]] {
            assert!(!in_time(words), "{words:?} was in time");
        }
    }
}
