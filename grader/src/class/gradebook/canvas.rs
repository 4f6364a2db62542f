//! `canvas.csv`: what Canvas's gradebook imports (instructure/canvas-lms, `gradebook_importer.rb`).

use super::cell::{csv, lines, text};
use crate::class::run::Class;
use crate::class::summary::Row;

/// The columns come in the one order that Canvas accepts; a title with the assignment's id in brackets finds that
/// assignment, another one finds or makes the one of this title. Who has no final score gets an empty cell, which leaves
/// what is there.
pub fn canvas(class: &Class, rows: &[Row]) -> Vec<u8> {
    let titles = class.labs.iter().map(|(lab, _)| text(&lab.title).into_owned());
    let before = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"].map(str::to_owned);
    let header = before.into_iter().chain(titles).collect();
    let worth = ["    Points Possible", "", "", "", ""].map(str::to_owned);
    let worth = worth.into_iter().chain(class.labs.iter().map(|(lab, _)| lab.points().to_string())).collect();
    let lines = lines(class, rows);
    let of_lines = lines.iter().map(|line| {
        let student = line.student.cloned().unwrap_or_default();
        let before = [text(&line.name()).into_owned(), student.id, student.sis_user, student.login];
        let section = text(line.section()).into_owned();
        let earned = (0..class.labs.len()).map(|lab| line.earned(lab).unwrap_or_default());
        before.into_iter().chain([section]).chain(earned).collect()
    });
    csv([header, worth].into_iter().chain(of_lines))
}
