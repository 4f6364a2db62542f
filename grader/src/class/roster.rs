//! `roster.csv`: who handed in what, in which section, and how the gradebook of another system calls them.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use super::entry::Entry;
use crate::engine::{list, plain};
use crate::submission::reason;

/// Somebody who takes part, as the roster tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Student {
    /// The entry of the class's folder, with or without an archive's ending.
    pub submission: String,
    pub id: String,
    pub name: String,
    pub section: String,
    pub email: String,
    /// Canvas's `SIS User ID` and `SIS Login ID`.
    pub sis_user: String,
    pub login: String,
}

/// For each entry who handed it in, by their place in the roster.
pub type Whose = Vec<Vec<usize>>;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    pub students: Vec<Student>,
}

/// What is wrong with a roster; `line` counts from 1.
#[derive(Debug)]
pub enum RosterMistake {
    Unreadable(io::Error),
    /// No column tells whose a submission is.
    NoColumn {
        found: Vec<String>,
    },
    Line {
        line: u64,
        what: String,
    },
    /// One student's name or id fits several entries.
    Ambiguous {
        student: String,
        entries: Vec<String>,
    },
    /// The roster names a submission that is not there.
    Missing {
        line_of: String,
        submission: String,
    },
}

/// A field of [`Student`].
type Field = fn(&mut Student) -> &mut String;

/// The fields, by the names that courses and platforms give their columns.
const COLUMNS: [(&[&str], Field); 7] = [
    (&["submission", "file", "folder", "filename"], |student| &mut student.submission),
    (&["id", "student id", "student_id", "sid", "id number", "idnumber"], |student| &mut student.id),
    (&["name", "student", "full name", "student name"], |student| &mut student.name),
    (&["section", "sections", "group", "groups"], |student| &mut student.section),
    (&["email", "email address", "e-mail"], |student| &mut student.email),
    (&["sis user id", "sis_user_id"], |student| &mut student.sis_user),
    (&["sis login id", "sis_login_id", "login", "username", "user", "github"], |student| &mut student.login),
];

impl Roster {
    pub fn read(path: &Path) -> Result<Roster, RosterMistake> {
        let bytes = fs::read(path).map_err(RosterMistake::Unreadable)?;
        Roster::parse(&bytes)
    }

    /// Comma or semicolon, in any order of columns; what has no name here is left out.
    pub fn parse(bytes: &[u8]) -> Result<Roster, RosterMistake> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let count = |mark: u8| first.iter().filter(|byte| **byte == mark).count();
        let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let header = reader.byte_headers().map_err(|error| line(&error))?.clone();
        let titles: Vec<String> = header.iter().map(|title| String::from_utf8_lossy(title).into_owned()).collect();
        let fields: Vec<_> = titles.iter().map(|title| column(title)).collect();
        let tells = |title: &String| column(title).is_some() && !title.eq_ignore_ascii_case("section");
        if !titles.iter().any(tells) {
            return Err(RosterMistake::NoColumn { found: titles });
        }
        let mut students = Vec::new();
        for row in reader.byte_records() {
            let row = row.map_err(|error| line(&error))?;
            let mut student = Student::default();
            for (cell, field) in row.iter().zip(&fields) {
                if let Some(field) = field {
                    *field(&mut student) = String::from_utf8_lossy(cell).into_owned();
                }
            }
            // Canvas exports a row that is nobody's.
            let nobody = student == Student::default() || student.name.contains("Points Possible");
            students.extend((!nobody).then_some(student));
        }
        Ok(Roster { students })
    }

    /// For each entry the students (by their place in the roster) that handed it in: a group hands in together.
    pub fn of(&self, entries: &[Entry]) -> Result<Whose, RosterMistake> {
        let mut theirs = vec![Vec::new(); entries.len()];
        for (number, student) in self.students.iter().enumerate() {
            let fitting = |fits: &dyn Fn(&Entry) -> bool| -> Vec<usize> {
                (0..entries.len()).filter(|at| fits(&entries[*at])).collect()
            };
            let found = if student.submission.is_empty() {
                let exact = fitting(&|entry| student.is_named(&entry.stem().to_string_lossy()));
                if exact.is_empty() { fitting(&|entry| student.is_in(&entry.stem().to_string_lossy())) } else { exact }
            } else {
                let named = |name: &str| student.submission == name;
                fitting(&|entry| named(&entry.name.to_string_lossy()) || named(&entry.stem().to_string_lossy()))
            };
            match found.as_slice() {
                [one] => theirs[*one].push(number),
                [] if student.submission.is_empty() => {}
                [] => {
                    let (line_of, submission) = (student.shown(), student.submission.clone());
                    return Err(RosterMistake::Missing { line_of, submission });
                }
                several => {
                    let entries = several.iter().map(|at| entries[*at].id.clone()).collect();
                    return Err(RosterMistake::Ambiguous { student: student.shown(), entries });
                }
            }
        }
        Ok(theirs)
    }
}

impl Student {
    /// What to call them on a page.
    pub fn shown(&self) -> String {
        let names = [&self.name, &self.id, &self.login, &self.email, &self.submission];
        names.into_iter().find(|name| !name.is_empty()).cloned().unwrap_or_default()
    }

    /// What tells them from all others.
    pub fn key(&self) -> String {
        let keys = [&self.id, &self.sis_user, &self.login, &self.email, &self.name, &self.submission];
        keys.into_iter().find(|key| !key.is_empty()).cloned().unwrap_or_default()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let local = self.email.split('@').next().unwrap_or_default();
        let names = [&*self.id, &*self.login, &*self.sis_user, &*self.email, local, &*self.name];
        names.into_iter().filter(|name| !name.is_empty())
    }

    fn is_named(&self, stem: &str) -> bool {
        self.names().any(|name| name == stem)
    }

    /// Platforms put names together: `doejane_10432_77_lab.zip`, `Jane Doe_12345_assignsubmission_file`.
    fn is_in(&self, stem: &str) -> bool {
        stem.contains('_') && stem.split('_').any(|part| self.is_named(part))
    }
}

fn column(title: &str) -> Option<Field> {
    let title = title.to_lowercase();
    COLUMNS.iter().find(|(names, _)| names.contains(&&*title)).map(|(_, field)| *field)
}

fn line(error: &csv::Error) -> RosterMistake {
    let line = error.position().map_or(0, csv::Position::line);
    RosterMistake::Line { line, what: error.to_string() }
}

impl fmt::Display for RosterMistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            RosterMistake::Unreadable(error) => f.write_str(&reason(error)),
            RosterMistake::NoColumn { found } => {
                let found: Vec<String> = found.iter().map(|title| format!("`{}`", plain(title))).collect();
                write!(f, "no column says whose a submission is, there is {}", list(&found, "and"))
            }
            RosterMistake::Line { line, what } => write!(f, "line {line}: {}", plain(what)),
            RosterMistake::Ambiguous { student, entries } => {
                let entries: Vec<String> = entries.iter().map(|entry| format!("`{}`", plain(entry))).collect();
                write!(f, "`{}` may have handed in {}", plain(student), list(&entries, "or"))
            }
            RosterMistake::Missing { line_of, submission } => {
                write!(f, "the submission `{}` of `{}` is not there", plain(submission), plain(line_of))
            }
        }
    }
}

impl RosterMistake {
    pub fn hint(&self) -> &'static str {
        match self {
            RosterMistake::Unreadable(_) | RosterMistake::Line { .. } => "a roster is a CSV file, one line a student",
            RosterMistake::NoColumn { .. } => "the first line names the columns: `submission,id,name,section`",
            RosterMistake::Ambiguous { .. } => "a column `submission` says which one counts",
            RosterMistake::Missing { .. } => "leave the cell empty for who handed in nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(names: &[&str]) -> Vec<Entry> {
        let entry = |name: &&str| Entry { path: name.into(), name: name.into(), id: (*name).to_owned() };
        names.iter().map(entry).collect()
    }

    fn found(roster: &str, names: &[&str]) -> Result<Vec<Vec<usize>>, String> {
        let roster = Roster::parse(roster.as_bytes()).map_err(|mistake| mistake.to_string())?;
        roster.of(&entries(names)).map_err(|mistake| mistake.to_string())
    }

    #[test]
    fn a_roster_names_submissions_or_is_found_in_their_names() {
        let named = "Name;Submission;Section\nAnna;one.zip;1\nBo;two;2\nCy;;2\nDi;two;1\n";
        assert_eq!(found(named, &["one.zip", "two"]), Ok(vec![vec![0], vec![1, 3]]));
        let canvas = "\u{feff}Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n\"Doe, Jane\",10432,S100,jdoe,NET\n";
        assert_eq!(found(canvas, &["doejane_10432_77_lab.zip", "other_1_2_lab.zip"]), Ok(vec![vec![0], vec![]]));
        let moodle = "Full name,ID number,Email address\nJane Doe,S7,jane@example.org\n";
        assert_eq!(found(moodle, &["Jane Doe_12345_assignsubmission_file"]), Ok(vec![vec![0]]));
        assert_eq!(found(moodle, &["jane.tar.gz"]), Ok(vec![vec![0]]));
    }

    #[test]
    fn a_roster_that_does_not_fit_says_why() {
        let error = |roster: &str, names: &[&str]| found(roster, names).expect_err("a mistake");
        assert_eq!(
            error("Grade,Section\n1,2\n", &[]),
            "no column says whose a submission is, there is `Grade` and `Section`"
        );
        let two = error("id,name\n7,Anna\n", &["7.zip", "7"]);
        assert_eq!(two, "`Anna` may have handed in `7.zip` or `7`");
        let none = error("submission,name\nx.zip,Anna\n", &["7.zip"]);
        assert_eq!(none, "the submission `x.zip` of `Anna` is not there");
    }
}
