//! The matrix as text.

use super::matrix::{Cause, Cell, Matrix};
use crate::engine::{list, plain, quote};
use crate::report::{BAD, GOOD, HEADING, LABEL, Look, QUIET, width, wrap};

/// Columns have their submissions' names where these are no wider.
const NARROW: usize = 12;
/// Places that are named one by one.
const NAMED: usize = 5;
/// Of the last line of somebody's stderr.
const SAID: usize = 100;

pub fn text(matrix: &Matrix, look: &Look) -> String {
    let mut text = format!("{}: {}\n", look.paint(HEADING, &matrix.id), matrix.title);
    let sides = format!("the `{}` of each row with the `{}` of each column", matrix.begins, matrix.answers);
    text.push_str(&format!("{}\n\n", look.paint(QUIET, &sides)));
    text.push_str(&grid(matrix, look));
    text.push('\n');
    for (number, cause) in matrix.causes.iter().enumerate() {
        text.push_str(&of_cause(matrix, number + 1, cause, look));
    }
    for lack in &matrix.lacking {
        let names: Vec<String> = lack.names.iter().map(|name| format!("`{name}`")).collect();
        let names = list(&names, "and");
        text.push_str(&item("–", &format!("{names}: {}", plain(&lack.why)), look));
    }
    for (at, why) in unavailable(matrix) {
        text.push_str(&item("–", &format!("{}: {}", places(matrix, &at), plain(&why)), look));
    }
    for (at, what) in faults(matrix) {
        text.push_str(&item("!", &format!("{}: the grader had trouble: {}", places(matrix, &at), plain(&what)), look));
    }
    for conclusion in matrix.conclusions() {
        text.push_str(&item("→", &conclusion, look));
    }
    text
}

fn grid(matrix: &Matrix, look: &Look) -> String {
    let names = matrix.names.iter().map(|name| width(name));
    let widest = names.clone().max().unwrap_or(0);
    let named = widest <= NARROW && widest + names.map(|name| name + 2).sum::<usize>() + 2 <= look.width;
    let last = matrix.names.len().to_string().len();
    let (heads, labels): (Vec<String>, Vec<String>) = match named {
        true => (matrix.names.clone(), matrix.names.clone()),
        false => {
            let numbered = matrix.names.iter().enumerate();
            let label = |(at, name): (usize, &String)| format!("{:>last$} {name}", at + 1);
            ((1..=matrix.names.len()).map(|number| number.to_string()).collect(), numbered.map(label).collect())
        }
    };
    let left = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let mut text = format!("  {:left$}", "");
    heads.iter().for_each(|head| text.push_str(&format!("  {head}")));
    text.push('\n');
    for (row, label) in labels.iter().enumerate() {
        text.push_str(&format!("  {label}{:1$}", "", left - width(label)));
        for (column, head) in heads.iter().enumerate() {
            let pad = width(head).saturating_sub(1);
            // Under the first sign of a name, and under the last of a number.
            let (before, after) = if named { (0, pad) } else { (pad, 0) };
            text.push_str(&format!("  {:before$}{}{:after$}", "", mark(&matrix.cells[row][column], look), ""));
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

fn mark(cell: &Cell, look: &Look) -> String {
    match cell {
        Cell::Well => look.paint(GOOD, "✓"),
        Cell::Red => look.paint(BAD, "✗"),
        Cell::Unavailable(_) => look.paint(QUIET, "–"),
        Cell::Faulted(_) => look.paint(BAD, "!"),
    }
}

fn of_cause(matrix: &Matrix, number: usize, cause: &Cause, look: &Look) -> String {
    let mut text = item(&number.to_string(), &cause.sentence, look);
    let mut more = |label: &str, what: &str| {
        let room = look.width.saturating_sub(14);
        for (at, line) in wrap(what, room).iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            text.push_str(&format!("     {}{:2$}{line}\n", look.paint(LABEL, label), "", 9 - width(label)));
        }
    };
    more("where", &places(matrix, &cause.at));
    if let Some(line) = &cause.line {
        more("line", line);
    }
    if let Some(last) = cause.stderr.lines().rfind(|line| !line.trim().is_empty()) {
        more("stderr", &quote(last.trim().as_bytes(), SAID));
    }
    text
}

/// Under its sign or number, as wide as the terminal.
fn item(sign: &str, what: &str, look: &Look) -> String {
    let room = look.width.saturating_sub(5);
    let lines = wrap(what, room);
    let first = format!("  {}{:2$}", look.paint(HEADING, sign), "", 3usize.saturating_sub(width(sign)));
    let lines = lines.iter().enumerate().map(|(at, line)| {
        let before = if at == 0 { first.as_str() } else { "     " };
        format!("{before}{line}\n")
    });
    lines.collect()
}

/// Whole columns and rows, and what is left.
fn places(matrix: &Matrix, at: &[(usize, usize)]) -> String {
    let all = 0..matrix.rows();
    let is_played = |at: (usize, usize)| matches!(matrix.cells[at.0][at.1], Cell::Well | Cell::Red);
    // All of two or more that were played.
    let whole = |cells: &mut dyn Iterator<Item = (usize, usize)>| {
        let played: Vec<(usize, usize)> = cells.filter(|cell| is_played(*cell)).collect();
        played.len() > 1 && played.iter().all(|cell| at.contains(cell))
    };
    let columns: Vec<usize> = all.clone().filter(|column| whole(&mut all.clone().map(|row| (row, *column)))).collect();
    let rows: Vec<usize> = all.clone().filter(|row| whole(&mut all.clone().map(|column| (*row, column)))).collect();
    if at.len() == matrix.rows() * matrix.rows() && at.len() > 1 {
        return "everywhere".to_owned();
    }
    let left: Vec<&(usize, usize)> =
        at.iter().filter(|(row, column)| !rows.contains(row) && !columns.contains(column)).collect();
    let mut named: Vec<String> = rows.iter().map(|row| format!("all of row `{}`", matrix.names[*row])).collect();
    named.extend(columns.iter().map(|column| format!("all of column `{}`", matrix.names[*column])));
    named.extend(left.iter().take(NAMED).map(|at| matrix.pair(**at)));
    if left.len() > NAMED {
        named.push(format!("{} more", left.len() - NAMED));
    }
    list(&named, "and")
}

type Places = Vec<(usize, usize)>;

fn by_reason<'m>(matrix: &'m Matrix, reason: impl Fn(&'m Cell) -> Option<&'m String>) -> Vec<(Places, String)> {
    let mut reasons: Vec<(Places, String)> = Vec::new();
    for (row, cells) in matrix.cells.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let Some(why) = reason(cell) else { continue };
            match reasons.iter_mut().find(|(_, known)| known == why) {
                Some((at, _)) => at.push((row, column)),
                None => reasons.push((vec![(row, column)], why.clone())),
            }
        }
    }
    reasons
}

/// Those whose reason is not a program that is not there.
fn unavailable(matrix: &Matrix) -> Vec<(Places, String)> {
    let told = |why: &String| matrix.lacking.iter().any(|lack| lack.why == *why);
    by_reason(matrix, |cell| match cell {
        Cell::Unavailable(why) if !told(why) => Some(why),
        _ => None,
    })
}

fn faults(matrix: &Matrix) -> Vec<(Places, String)> {
    by_reason(matrix, |cell| match cell {
        Cell::Faulted(what) => Some(what),
        _ => None,
    })
}
