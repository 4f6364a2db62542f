//! `moodle.csv`: what Moodle's grade import takes (moodle, `grade/import/csv/load_data.php`): the teacher maps its columns.

use super::cell::{csv, lines, text};
use crate::class::run::Class;
use crate::class::summary::Row;

/// One unknown user cancels a whole import, so that only those are in it who are in the roster; `-` is no grade.
pub fn moodle(class: &Class, rows: &[Row]) -> Vec<u8> {
    let titles = class.labs.iter().map(|(lab, _)| text(&lab.title).into_owned());
    let header = ["idnumber", "email", "username"].map(str::to_owned).into_iter().chain(titles).collect();
    let lines = lines(class, rows);
    let of_lines = lines.iter().filter_map(|line| {
        let student = line.student?;
        let before = [&student.id, &student.email, &student.login].map(String::clone);
        let earned = (0..class.labs.len()).map(|lab| line.earned(lab).unwrap_or_else(|| "-".to_owned()));
        Some(before.into_iter().chain(earned).collect())
    });
    csv(std::iter::once(header).chain(of_lines))
}
