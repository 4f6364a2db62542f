//! The files for the whole class: gradebooks and the page, written from its rows.

use std::time::{Duration, Instant};

use super::gradebook::{canvas, moodle, steps, students};
use super::page::page;
use super::run::Class;
use super::store::StoreTrouble;
use super::summary::Row;

/// While a class is being graded its files are written again so often: at least, and as a multiple of what writing takes.
const LEAST: Duration = Duration::from_secs(2);
const TIMES: u32 = 20;

/// Writes all of them. How long to wait before the next time, so that little of the time goes into it.
pub fn publish(class: &Class, rows: &[Row]) -> Result<Duration, StoreTrouble> {
    let began = Instant::now();
    let files: [(&str, Vec<u8>); 5] = [
        ("grades.csv", students(class, rows)),
        ("gradebook.csv", steps(class, rows)),
        ("canvas.csv", canvas(class, rows)),
        ("moodle.csv", moodle(class, rows)),
        ("index.html", page(class, rows)),
    ];
    files.iter().try_for_each(|(name, bytes)| class.store.write(name, bytes))?;
    Ok(LEAST.max(began.elapsed() * TIMES))
}
