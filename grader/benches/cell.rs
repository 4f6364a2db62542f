//! What a step's cell costs beside a plain spawn: create it, run a program in it, destroy it.
//!
//! `cargo bench -p grader --bench cell` prints medians; the ways take turns, so that a busy machine is busy for all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use grader::cell::{Cell, Job, Level, Plan, Stdin, helper_program, try_level};

const TIMES: usize = 300;
const PROGRAM: &str = "/bin/true";

/// How long it took to create a cell, to run a program in it, and to destroy it.
type Phases = [Duration; 3];

fn plain() -> Phases {
    let begun = Instant::now();
    let status = Command::new(PROGRAM).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("it starts").success());
    [Duration::ZERO, begun.elapsed(), Duration::ZERO]
}

fn in_a_cell(level: Level, folder: &Path) -> Phases {
    let begun = Instant::now();
    let (hosts, program) = (BTreeMap::new(), folder.to_owned());
    let plan = Plan { level, hosts, receive_buffer: None, send_buffer: None, files: None, program, build: None };
    let (ring, bell) = channel();
    // Nobody listens any more when the cell ends.
    let ring = move || {
        let _ = ring.send(());
    };
    let cell = Cell::create(&plan, Arc::new(ring)).expect("a cell");
    let created = begun.elapsed();
    let job = Job { program: PROGRAM.into(), args: Vec::new(), env: Vec::new(), stdin: Stdin::Null };
    let child = cell.spawn(&job).expect("it starts");
    while child.status().is_none() {
        bell.recv().expect("the cell is there");
    }
    let ran = begun.elapsed() - created;
    drop((child, cell));
    [created, ran, begun.elapsed() - created - ran]
}

fn main() {
    helper_program(&PathBuf::from(env!("CARGO_BIN_EXE_grader")));
    let folder = tempfile::tempdir().expect("a folder");
    let levels: Vec<Level> = Level::ALL.into_iter().filter(|level| try_level(*level).is_ok()).collect();
    let mut taken: Vec<Vec<Phases>> = vec![Vec::new(); 1 + levels.len()];
    for _ in 0..TIMES {
        for (way, taken) in taken.iter_mut().enumerate() {
            taken.push(match way.checked_sub(1) {
                None => plain(),
                Some(way) => in_a_cell(levels[way], folder.path()),
            });
        }
    }
    println!("milliseconds for one program, of {TIMES} runs each");
    println!("{:<12} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}", "", "median", "10 %", "90 %", "create", "run", "destroy");
    let names = std::iter::once("plain spawn").chain(levels.iter().map(|level| level.name()));
    for (name, taken) in names.zip(taken) {
        let whole = |part| at(part, taken.iter().map(|phases| phases.iter().sum()));
        let phase = |number: usize| at(50, taken.iter().map(|phases| phases[number]));
        let figures = [whole(50), whole(10), whole(90), phase(0), phase(1), phase(2)];
        println!("{name:<12} {}", figures.map(|figure| format!("{figure:>8.2}")).join(" "));
    }
}

/// The time that so many percent stay below, in milliseconds.
fn at(part: usize, times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() * part / 100].as_secs_f64() * 1e3
}
