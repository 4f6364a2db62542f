//! Where reports for programs go: `--json FILE` and `--format NAME=FILE`.

use std::io;
use std::path::Path;

use crate::cli::args::GradeArgs;
use crate::cli::trouble::TaMistake;
use crate::report::{Format, Look};
use crate::result_file::ResultFile;
use crate::rubric::nearest;
use crate::score::Scorecard;

/// A file, and who is to read it.
#[derive(Debug)]
pub struct Target {
    pub format: Format,
    pub file: ResultFile,
    /// The folder with the captures, as seen from there.
    pub captures: Option<String>,
}

/// The files, and what is written to stdout in place of the report for people.
#[derive(Debug, Default)]
pub struct Targets {
    pub files: Vec<Target>,
    pub stdout: Option<Format>,
}

impl Target {
    /// A version that a later one replaces.
    pub fn save(&self, card: &Scorecard, look: &Look) -> io::Result<()> {
        self.file.save(&self.write(card, look))
    }

    fn write(&self, card: &Scorecard, look: &Look) -> Vec<u8> {
        self.format.write(card, &Look { captures: self.captures.clone(), ..look.clone() })
    }

    /// What it was asked for with.
    pub fn option(&self) -> &'static str {
        if self.format == Format::Json { "json" } else { "format" }
    }

    /// The last one.
    pub fn finish(&self, card: &Scorecard, look: &Look) -> io::Result<()> {
        self.file.finish(&self.write(card, look))
    }
}

impl Targets {
    pub fn of(args: &GradeArgs) -> Result<Targets, TaMistake> {
        let json = args.json.iter().map(|path| Ok((Format::Json, path.as_path())));
        let formats = args.format.iter().map(|word| {
            let (name, path) = word.split_once('=').unwrap_or((word, "-"));
            Ok((named(name)?, Path::new(path)))
        });
        let mut targets = Targets::default();
        for asked in json.chain(formats) {
            match asked? {
                (format, path) if path == Path::new("-") => match targets.stdout.replace(format) {
                    None => {}
                    Some(_) => {
                        let hint = "give all but one of them a file: `--format junit=report.xml`";
                        return Err(TaMistake::usage("only one report can go to stdout", hint));
                    }
                },
                (format, path) => targets.files.push(Target { format, file: ResultFile::at(path), captures: None }),
            }
        }
        Ok(targets)
    }

    pub fn formats(&self) -> impl Iterator<Item = Format> {
        self.files.iter().map(|target| target.format).chain(self.stdout)
    }
}

fn named(name: &str) -> Result<Format, TaMistake> {
    Format::named(name).ok_or_else(|| {
        let names = Format::ALL.map(Format::name);
        let hint = match nearest(name, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are `{}`", names.join("`, `")),
        };
        TaMistake::usage(format!("no format is called `{}`", crate::engine::plain(name)), hint)
    })
}
