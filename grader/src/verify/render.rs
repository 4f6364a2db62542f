//! The matrix as text.

use std::fmt;
use std::time::Duration;

use super::matrix::Matrix;

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let plural = if self.times == 1 { "once" } else { &format!("{} times", self.times) };
        writeln!(f, "{}: each program played {plural}", self.lab)?;
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        for (number, step) in self.steps.iter().enumerate() {
            let marks: String = (0..number).map(|_| "| ").collect();
            writeln!(f, "  {:width$}  {marks}{step}", "")?;
        }
        for row in &self.rows {
            let marks: Vec<String> = row.cells.iter().map(|cell| cell.mark().to_string()).collect();
            let verdict = if row.differences.is_empty() { "" } else { "  <- not as it has to be" };
            let times = format!("{} + {}", seconds(row.built), seconds(row.played));
            writeln!(f, "  {:width$}  {}  {times}{verdict}", row.name, marks.join(" "))?;
        }
        writeln!(
            f,
            "  . passed   F failed   b blocked   u not checkable here   ? now this, now that   ! grader's trouble"
        )?;
        for row in self.rows.iter().filter(|row| !row.differences.is_empty()) {
            for (difference, times) in &row.differences {
                let often = if self.times == 1 { String::new() } else { format!(" ({times} of {} times)", self.times) };
                writeln!(f, "error: `{}`: {difference}{often}", row.name)?;
            }
        }
        for mistake in &self.mistakes {
            writeln!(f, "error: {mistake}")?;
        }
        for step in &self.untested {
            writeln!(f, "error: no mutant fails `{step}`: nobody knows that this step works")?;
        }
        match self.is_equal() {
            true => writeln!(f, "{}: all {} programs as they have to be", self.lab, self.rows.len()),
            false => writeln!(f, "{}: the rubric is not yet what it should be", self.lab),
        }
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::matrix::{Cell, Row};
    use super::*;

    fn row(name: &str, cells: Vec<Cell>, differences: &[(&str, u32)]) -> Row {
        let differences: BTreeMap<String, u32> =
            differences.iter().map(|(what, times)| ((*what).to_owned(), *times)).collect();
        Row {
            name: name.into(),
            cells,
            differences,
            built: Duration::from_millis(450),
            played: Duration::from_millis(120),
        }
    }

    #[test]
    fn the_matrix_shows_every_step_of_every_program_and_what_differs() {
        let passed = Cell { passed: 20, ..Cell::default() };
        let failed = Cell { failed: 20, ..Cell::default() };
        let blocked = Cell { blocked: 20, ..Cell::default() };
        let mixed = Cell { passed: 17, failed: 3, ..Cell::default() };
        let matrix = Matrix {
            lab: "02-server".into(),
            steps: vec!["listens".into(), "echoes".into()],
            times: 20,
            rows: vec![
                row("reference", vec![passed, passed], &[]),
                row("no-listen", vec![failed, blocked], &[]),
                row("one-read", vec![passed, mixed], &[("`echoes` has to fail and passed", 17)]),
            ],
            untested: vec!["echoes".into()],
            mistakes: Vec::new(),
        };
        assert_eq!(
            matrix.to_string(),
            "02-server: each program played 20 times
             listens
             | echoes
  reference  . .  0.45 s + 0.12 s
  no-listen  F b  0.45 s + 0.12 s
  one-read   . ?  0.45 s + 0.12 s  <- not as it has to be
  . passed   F failed   b blocked   u not checkable here   ? now this, now that   ! grader's trouble
error: `one-read`: `echoes` has to fail and passed (17 of 20 times)
error: no mutant fails `echoes`: nobody knows that this step works
02-server: the rubric is not yet what it should be
"
        );
    }
}
