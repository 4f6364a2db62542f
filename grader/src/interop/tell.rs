//! What can be told from a matrix of whose fault a red cell is, and nothing more than that.

use super::matrix::{Cell, Matrix};
use super::subject::REFERENCE;

/// Pairs that are named one by one.
const NAMED: usize = 6;

impl Matrix {
    /// A sentence each, the plainest first.
    pub fn conclusions(&self) -> Vec<String> {
        let known = (0..self.rows()).flat_map(|row| (0..self.rows()).map(move |column| (row, column)));
        let known: Vec<(usize, usize)> =
            known.filter(|at| self.is(*at, &Cell::Well) || self.is(*at, &Cell::Red)).collect();
        let red: Vec<(usize, usize)> = known.iter().copied().filter(|at| self.is(*at, &Cell::Red)).collect();
        let (begins, answers) = (&self.begins, &self.answers);
        if known.is_empty() {
            return vec![format!("nothing was played: no `{begins}` could be brought together with a `{answers}`")];
        }
        if red.is_empty() {
            return vec![format!("every `{begins}` gets along with every `{answers}`")];
        }
        if red.len() == known.len() {
            let who = if red.len() == 1 { "one pair" } else { "a matrix without a green cell" };
            return vec![format!("{who} does not show whose fault it is; add a submission that is known to be right")];
        }
        let rows: Vec<usize> = (0..self.rows()).filter(|row| self.is_bad_row(*row)).collect();
        let columns: Vec<usize> = (0..self.rows()).filter(|column| self.is_bad_column(*column)).collect();
        let mut told: Vec<String> = rows.iter().map(|row| self.of_row(*row)).collect();
        told.extend(columns.iter().map(|column| self.of_column(*column)));
        let rest: Vec<(usize, usize)> =
            red.into_iter().filter(|(row, column)| !rows.contains(row) && !columns.contains(column)).collect();
        told.extend(rest.iter().take(NAMED).map(|at| self.of_pair(*at)));
        if rest.len() > NAMED {
            told.push(format!("{} more pairs fail in the same way", rest.len() - NAMED));
        }
        told
    }

    /// All that is known of it is red, and with some of those others get along.
    fn is_bad_row(&self, row: usize) -> bool {
        let red = self.red_in_row(row);
        !self.row_has_green(row) && red.len() > 1 && red.iter().any(|column| self.column_has_green(*column))
    }

    fn is_bad_column(&self, column: usize) -> bool {
        let red = self.red_in_column(column);
        !self.column_has_green(column) && red.len() > 1 && red.iter().any(|row| self.row_has_green(*row))
    }

    fn of_row(&self, row: usize) -> String {
        let (name, begins, answers) = (&self.names[row], &self.begins, &self.answers);
        let fine = self.red_in_row(row).into_iter().filter(|column| self.column_has_green(*column)).collect();
        let others = self.others(fine);
        format!("all of row `{name}` is red: its `{begins}` fails with every `{answers}`, {others}")
    }

    fn of_column(&self, column: usize) -> String {
        let (name, begins, answers) = (&self.names[column], &self.begins, &self.answers);
        let fine = self.red_in_column(column).into_iter().filter(|row| self.row_has_green(*row)).collect();
        let others = self.others(fine);
        format!("all of column `{name}` is red: every `{begins}` fails with its `{answers}`, {others}")
    }

    /// Of those it fails with, the ones that others get along with.
    fn others(&self, fine: Vec<usize>) -> String {
        if fine.iter().any(|at| self.names[*at] == REFERENCE) {
            return format!("the {REFERENCE}'s too, which gets along with others");
        }
        let names: Vec<&str> = fine.iter().map(|at| self.names[*at].as_str()).collect();
        match names.as_slice() {
            [one] => format!("that of `{one}` too, which gets along with others"),
            names => format!("also with {} that get along with others", names.len()),
        }
    }

    fn of_pair(&self, (row, column): (usize, usize)) -> String {
        let (one, other) = (&self.names[row], &self.names[column]);
        let alone = self.red_in_row(row).len() == 1 && self.red_in_column(column).len() == 1;
        let pair = format!("{}{}", if alone { "only the pair " } else { "" }, self.pair((row, column)));
        let reference = self.names.iter().position(|name| name == REFERENCE);
        let with = reference.filter(|reference| *reference != row && *reference != column);
        let with_reference =
            |reference| (self.is((row, reference), &Cell::Well), self.is((reference, column), &Cell::Well));
        match with.map(with_reference) {
            Some((true, true)) => format!("{pair}: each of the two gets along with the {REFERENCE}'s"),
            _ => match (self.row_has_green(row), self.column_has_green(column)) {
                (true, true) => format!("{pair}: each of the two gets along with others"),
                (true, false) => format!("{pair}: `{one}` gets along with others, and nobody with `{other}`"),
                (false, true) => format!("{pair}: others get along with `{other}`, and `{one}` with nobody"),
                (false, false) => format!("{pair}: neither of the two gets along with anybody"),
            },
        }
    }

    fn row_has_green(&self, row: usize) -> bool {
        self.cells[row].contains(&Cell::Well)
    }

    fn column_has_green(&self, column: usize) -> bool {
        self.cells.iter().any(|row| row[column] == Cell::Well)
    }

    fn red_in_row(&self, row: usize) -> Vec<usize> {
        (0..self.rows()).filter(|column| self.is((row, *column), &Cell::Red)).collect()
    }

    fn red_in_column(&self, column: usize) -> Vec<usize> {
        (0..self.rows()).filter(|row| self.is((*row, column), &Cell::Red)).collect()
    }
}
