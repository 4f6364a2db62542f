//! The matrices for programs; `grader/schema/interop-v1.schema.json` describes the file.

use serde::Serialize;

use super::matrix::{Cause, Cell, Lack, Matrix};
use crate::cell::Level;
use crate::report::pretty;

/// Names the format; a change that a reader would notice makes it `v2`.
const SCHEMA: &str = "grader/interop/v1";

/// How all of them were played.
#[derive(Debug, Clone)]
pub struct How {
    pub level: Level,
    /// Why it is no better.
    pub why: Option<String>,
    pub seed: u64,
}

/// The whole file, with a newline at the end. It has no exchanges as long as nothing is known.
pub fn json(matrices: &[Matrix], how: &How) -> Vec<u8> {
    pretty(&Document {
        schema: SCHEMA,
        grader: env!("CARGO_PKG_VERSION"),
        level: how.level.to_string(),
        level_why: how.why.as_deref(),
        seed: how.seed,
        submissions: matrices.first().map_or(&[], |matrix| &matrix.names),
        exchanges: matrices.iter().map(Exchange::of).collect(),
    })
}

#[derive(Serialize)]
struct Document<'m> {
    schema: &'static str,
    grader: &'static str,
    level: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    level_why: Option<&'m str>,
    seed: u64,
    submissions: &'m [String],
    exchanges: Vec<Exchange<'m>>,
}

#[derive(Serialize)]
struct Exchange<'m> {
    id: &'m str,
    title: &'m str,
    begins: &'m str,
    answers: &'m str,
    cells: Vec<Vec<Played<'m>>>,
    causes: Vec<Why<'m>>,
    lacking: Vec<Lacking<'m>>,
    conclusions: Vec<String>,
}

#[derive(Serialize)]
struct Played<'m> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'m str>,
}

#[derive(Serialize)]
struct Why<'m> {
    sentence: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'m str>,
    stderr: &'m str,
    at: &'m [(usize, usize)],
}

#[derive(Serialize)]
struct Lacking<'m> {
    submissions: &'m [String],
    why: &'m str,
}

impl<'m> Exchange<'m> {
    fn of(matrix: &'m Matrix) -> Exchange<'m> {
        let Matrix { id, title, begins, answers, .. } = matrix;
        Exchange {
            id,
            title,
            begins,
            answers,
            cells: matrix.cells.iter().map(|row| row.iter().map(Played::of).collect()).collect(),
            causes: matrix.causes.iter().map(Why::of).collect(),
            lacking: matrix.lacking.iter().map(|Lack { why, names }| Lacking { submissions: names, why }).collect(),
            conclusions: matrix.conclusions(),
        }
    }
}

impl<'m> Played<'m> {
    fn of(cell: &'m Cell) -> Played<'m> {
        let (verdict, why) = match cell {
            Cell::Well => ("passed", None),
            Cell::Red => ("failed", None),
            Cell::Unavailable(why) => ("unavailable", Some(why.as_str())),
            Cell::Faulted(what) => ("faulted", Some(what.as_str())),
        };
        Played { verdict, why }
    }
}

impl<'m> Why<'m> {
    fn of(cause: &'m Cause) -> Why<'m> {
        let Cause { sentence, line, stderr, at } = cause;
        Why { sentence, line: line.as_deref(), stderr, at }
    }
}
