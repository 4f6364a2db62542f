//! What came of one exchange between all of them: whose program begins down, whose answers across.

use crate::engine::{Met, without_particulars};
use crate::rubric::{Lab, Step};

#[derive(Debug, Clone)]
pub struct Matrix {
    /// `01-client/http`
    pub id: String,
    pub title: String,
    /// The program of the rows.
    pub begins: String,
    /// That of the columns.
    pub answers: String,
    /// Of the submissions, in the order of rows and columns.
    pub names: Vec<String>,
    /// Row by row.
    pub cells: Vec<Vec<Cell>>,
    pub causes: Vec<Cause>,
    /// Submissions that take no part in some cells, and why.
    pub lacking: Vec<Lack>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    pub why: String,
    pub names: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Well,
    Red,
    /// One of the two is not there, or this machine cannot play it.
    Unavailable(String),
    /// The grader's own trouble.
    Faulted(String),
}

/// One thing that went wrong, and where: the same but for numbers and quoted bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// As it was in the first of these places.
    pub sentence: String,
    /// The rubric's line that was not met: `labs/01-client/rubric.yaml:512`.
    pub line: Option<String>,
    /// The last of what the row's program wrote to stderr there.
    pub stderr: String,
    /// Rows and columns.
    pub at: Vec<(usize, usize)>,
}

impl Matrix {
    /// `met` has all pairs, row by row.
    pub fn new(lab: &Lab, exchange: &Step, names: &[String], lacking: Vec<Lack>, met: Vec<Met>) -> Matrix {
        let mut matrix = Matrix {
            id: format!("{}/{}", lab.id, exchange.id),
            title: exchange.title.clone(),
            begins: lab.program.clone(),
            answers: exchange.programs().collect::<Vec<_>>().join("` and `"),
            names: names.to_vec(),
            cells: Vec::new(),
            causes: Vec::new(),
            lacking,
        };
        let mut met = met.into_iter();
        for row in 0..names.len() {
            let cells = met.by_ref().take(names.len()).enumerate();
            let cells = cells.map(|(column, met)| matrix.take(lab, (row, column), met)).collect();
            matrix.cells.push(cells);
        }
        matrix
    }

    fn take(&mut self, lab: &Lab, at: (usize, usize), met: Met) -> Cell {
        let (sentence, line, stderr) = match met {
            Met::Well => return Cell::Well,
            Met::Unavailable(why) => return Cell::Unavailable(why),
            Met::Faulted(what) => return Cell::Faulted(what),
            Met::Partner(sentence) => (sentence, None, String::new()),
            Met::Failed(failure) => {
                let line = format!("{}:{}", lab.source.name, failure.place.line);
                (format!("`{}`: {}", self.begins, failure.miss), Some(line), failure.stderr)
            }
        };
        let general = without_particulars(&sentence);
        let same = |cause: &&mut Cause| cause.line == line && without_particulars(&cause.sentence) == general;
        match self.causes.iter_mut().find(same) {
            Some(cause) => cause.at.push(at),
            None => self.causes.push(Cause { sentence, line, stderr, at: vec![at] }),
        }
        Cell::Red
    }

    pub fn rows(&self) -> usize {
        self.names.len()
    }

    pub fn is(&self, (row, column): (usize, usize), cell: &Cell) -> bool {
        self.cells[row][column] == *cell
    }

    /// `` `bo` with `cat` ``
    pub fn pair(&self, (row, column): (usize, usize)) -> String {
        match row == column {
            true => format!("`{}` with itself", self.names[row]),
            false => format!("`{}` with `{}`", self.names[row], self.names[column]),
        }
    }

    pub fn has_red(&self) -> bool {
        self.cells.iter().flatten().any(|cell| *cell == Cell::Red)
    }

    pub fn has_fault(&self) -> bool {
        self.cells.iter().flatten().any(|cell| matches!(cell, Cell::Faulted(_)))
    }
}
