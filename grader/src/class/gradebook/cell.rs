//! What stands in a cell, and who stands in a line.

use std::borrow::Cow;

use crate::class::roster::Student;
use crate::class::run::Class;
use crate::class::summary::Row;
use crate::engine::plain;

/// A line of a gradebook: somebody, and what they handed in. Who is in no roster is known by the submission's name.
pub struct Line<'c> {
    pub student: Option<&'c Student>,
    /// The entry, and what came of it; nothing when nothing was handed in.
    pub handed_in: Option<(&'c crate::class::entry::Entry, &'c Row)>,
}

/// By submission, a line for each who handed it in; then those who handed in nothing.
pub fn lines<'c>(class: &'c Class, rows: &'c [Row]) -> Vec<Line<'c>> {
    let mut lines = Vec::new();
    let mut has = vec![false; class.roster.students.len()];
    for (at, (entry, row)) in class.entries.iter().zip(rows).enumerate() {
        let handed_in = Some((entry, row));
        let whose = &class.whose[at];
        if whose.is_empty() {
            lines.push(Line { student: None, handed_in });
        }
        for student in whose {
            has[*student] = true;
            lines.push(Line { student: Some(&class.roster.students[*student]), handed_in });
        }
    }
    let absent = class.roster.students.iter().zip(has).filter(|(_, has)| !has);
    lines.extend(absent.map(|(student, _)| Line { student: Some(student), handed_in: None }));
    lines
}

impl Line<'_> {
    pub fn id(&self) -> String {
        match (self.student, self.handed_in) {
            (Some(student), _) => student.key(),
            (None, Some((entry, _))) => entry.stem().to_string_lossy().into_owned(),
            (None, None) => String::new(),
        }
    }

    pub fn name(&self) -> String {
        self.student.map_or_else(|| self.id(), Student::shown)
    }

    pub fn section(&self) -> &str {
        self.student.map_or("", |student| &student.section)
    }

    /// What it earned in the lab at this place, extra credit included; nothing when it has no score that may be taken over.
    pub fn earned(&self, lab: usize) -> Option<String> {
        let (_, row) = self.handed_in?;
        row.is_final().then(|| row.labs[lab].totals.with_bonus().to_string())
    }
}

/// For a file that a spreadsheet opens: text on one line, and never a formula.
pub fn text(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let shown = plain(text);
    match formula {
        true => Cow::Owned(format!("'{shown}")),
        false => Cow::Owned(shown),
    }
}

/// The lines as a file.
pub fn csv(lines: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for line in lines {
        writer.write_record(&line).expect("memory can be written");
    }
    writer.into_inner().expect("memory can be written")
}

#[cfg(test)]
mod tests {
    use super::{csv, text};

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(text("=HYPERLINK(\"http://x\")"), "'=HYPERLINK(\"http://x\")");
        assert_eq!(text("-1+1"), "'-1+1");
        assert_eq!(text("Anna\n=1"), "Anna\\n=1");
        assert_eq!(text("O'Neill"), "O'Neill");
    }

    #[test]
    fn a_cell_with_a_comma_or_a_quote_is_quoted() {
        let line = ["Doe, Jane", "a \"b\"", "1"].map(str::to_owned).to_vec();
        assert_eq!(csv([line]), b"\"Doe, Jane\",\"a \"\"b\"\"\",1\n");
    }
}
