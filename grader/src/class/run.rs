//! Grades a class: builds keep the processors busy while exchanges wait, and many submissions are in flight.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::cause::Causes;
use super::entry::Entry;
use super::grade::Job;
use super::news::News;
use super::plan::Wanted;
use super::record::Record;
use super::roster::{Roster, Student, Whose};
use super::store::{Store, StoreTrouble};
use super::summary::Row;
use crate::cell::Level;
use crate::engine::{Capture, Settings};
use crate::report::{Format, Look};
use crate::result_file::Draft;
use crate::rubric::{Lab, Visibility};
use crate::submission::Cache;

/// A class, and how it is to be graded.
pub struct Class<'c> {
    pub entries: Vec<Entry>,
    pub roster: Roster,
    pub whose: Whose,
    /// With their hashes.
    pub labs: Vec<(&'c Lab, String)>,
    pub store: Store,
    pub wanted: Wanted,
    pub level: Level,
    pub level_why: Option<String>,
    pub seed: u64,
    /// How often a failed step is played again.
    pub confirm: u32,
    /// Of which steps the captures are kept.
    pub capture: Capture,
    /// Steps in play at the same time.
    pub jobs: usize,
    /// Submissions being built at the same time.
    pub builders: usize,
    pub look: Look,
}

/// The reports beside a record: for programs, for staff, and what a student may see of the latter, should that be less.
const REPORTS: [(&str, Format); 3] =
    [("report.json", Format::Json), ("report.html", Format::HtmlStaff), ("student.html", Format::Html)];

impl Class<'_> {
    pub fn students(&self, at: usize) -> Vec<&Student> {
        self.whose[at].iter().map(|student| &self.roster.students[*student]).collect()
    }

    pub fn labs(&self) -> Vec<&Lab> {
        self.labs.iter().map(|(lab, _)| *lab).collect()
    }

    /// The record and its reports, written anew, with the captures that have come since.
    pub fn keep(&self, at: usize, record: &Record, captures: Vec<Draft>) -> Result<(), StoreTrouble> {
        let entry = &self.entries[at];
        let card = record.card(entry.path.as_os_str(), &self.labs());
        let mut steps = self.labs.iter().flat_map(|(lab, _)| &lab.steps);
        let hides = steps.any(|step| step.visibility != Visibility::Visible);
        let wanted = REPORTS.iter().filter(|(_, format)| hides || *format != Format::Html);
        let reports: Vec<_> = wanted.map(|(name, format)| (*name, format.write(&card, &self.look))).collect();
        self.store.keep(&entry.id, record, &reports, captures, &self.labs())
    }
}

/// All that is known at first: of each submission its row, and which of them are to be looked at. Who is new gets a result
/// at once: nothing is known, and it is the grader that owes it.
pub fn known(class: &Class, causes: &Causes) -> Result<(Vec<Row>, Vec<usize>), StoreTrouble> {
    let labs = class.labs();
    let mut rows = Vec::new();
    let mut chosen = Vec::new();
    for (at, entry) in class.entries.iter().enumerate() {
        let record = class.store.record(&entry.id);
        if class.wanted.chooses(entry, &class.students(at), record.as_ref()) {
            chosen.push(at);
        }
        let record = match record {
            Some(record) => record,
            None => {
                let record = Record::new(class.level, class.level_why.clone(), class.seed);
                class.keep(at, &record, Vec::new())?;
                record
            }
        };
        rows.push(Row::of(&record, &labs, causes));
    }
    Ok((rows, chosen))
}

/// Grades the chosen ones until all are done or `stop` is set; what is in flight then is finished. `tell` hears of
/// everything; `changed` gets the rows whenever some have changed, and says when it wants to be asked again.
pub fn run(
    class: &Class,
    cache: &Cache,
    causes: &Causes,
    (rows, chosen): (&mut [Row], &[usize]),
    stop: &AtomicBool,
    tell: &mut dyn FnMut(News),
    changed: &mut dyn FnMut(&[Row]) -> Result<Duration, StoreTrouble>,
) -> Result<(), StoreTrouble> {
    tell(News::Begun { chosen: chosen.len() });
    let players = class.jobs.clamp(1, chosen.len().max(1));
    let settings = Settings {
        level: class.level,
        seed: class.seed,
        // Few submissions play several steps each, many one.
        jobs: (class.jobs / players).max(1),
        confirm: class.confirm,
        capture: class.capture,
    };
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let go_on = || !stop.load(Ordering::Relaxed) && !failed.load(Ordering::Relaxed);
    let (to_players, jobs) = sync_channel(players);
    let (to_us, events) = channel();
    let jobs = Mutex::new(jobs);
    let (jobs, next, go_on, settings) = (&jobs, &next, &go_on, &settings);
    thread::scope(|scope| {
        for _ in 0..class.builders.max(1) {
            let (to_players, to_us) = (to_players.clone(), to_us.clone());
            scope.spawn(move || build(class, cache, chosen, next, go_on, &to_players, &to_us));
        }
        drop(to_players);
        for _ in 0..players {
            let to_us = to_us.clone();
            scope.spawn(move || {
                while let Some(job) = receive(jobs) {
                    let at = job.at;
                    let _ = to_us.send(Event::News(News::Playing(at)));
                    let (record, captures) = job.play(class, settings);
                    let kept = captures.and_then(|captures| class.keep(at, &record, captures));
                    let row = Row::of(&record, &class.labs(), causes);
                    let _ = to_us.send(Event::Graded(at, Box::new(row), kept));
                }
            });
        }
        drop(to_us);
        let done = follow(&events, rows, tell, changed);
        if done.is_err() {
            failed.store(true, Ordering::Relaxed);
            // So that nobody waits for us.
            events.iter().for_each(drop);
        }
        done
    })
}

enum Event {
    News(News),
    Graded(usize, Box<Row>, Result<(), StoreTrouble>),
}

/// The lock is held while waiting: whoever has it gets the next job.
fn receive<'c>(jobs: &Mutex<Receiver<Job<'c>>>) -> Option<Job<'c>> {
    jobs.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).recv().ok()
}

fn build<'c>(
    class: &'c Class,
    cache: &Cache,
    chosen: &[usize],
    next: &AtomicUsize,
    go_on: &(dyn Fn() -> bool + Sync),
    to_players: &SyncSender<Job<'c>>,
    to_us: &std::sync::mpsc::Sender<Event>,
) {
    while go_on() {
        let Some(at) = chosen.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
        let _ = to_us.send(Event::News(News::Building(*at)));
        match Job::prepare(class, *at, cache) {
            None => drop(to_us.send(Event::News(News::Kept(*at)))),
            Some(job) => {
                let _ = to_us.send(Event::News(News::Built(*at)));
                // Nobody takes it only when all players are gone.
                let _ = to_players.send(job);
            }
        }
    }
}

/// Takes what comes until nobody is left.
fn follow(
    events: &Receiver<Event>,
    rows: &mut [Row],
    tell: &mut dyn FnMut(News),
    changed: &mut dyn FnMut(&[Row]) -> Result<Duration, StoreTrouble>,
) -> Result<(), StoreTrouble> {
    let mut fresh = false;
    let mut due = Instant::now();
    loop {
        if fresh && Instant::now() >= due {
            due = Instant::now() + changed(rows)?;
            fresh = false;
        }
        let event = match fresh {
            true => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            false => events.recv().map_err(RecvTimeoutError::from),
        };
        match event {
            Ok(Event::News(news)) => tell(news),
            Ok(Event::Graded(at, row, kept)) => {
                kept?;
                tell(News::Graded { at, totals: row.totals(), standing: row.standing });
                rows[at] = *row;
                fresh = true;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}
