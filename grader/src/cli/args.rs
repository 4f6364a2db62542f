//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::cell::Level;
use crate::class::Shard;
use crate::engine::Capture;
use crate::package::Platform;

/// Builds, runs and grades network programs, one step of a socket's life at a time.
///
/// Exit status: 0 full marks (or done), 1 points lost, 2 a mistake on the command line, in a rubric or in what was
/// handed in, 70 the grader's own fault.
#[derive(Debug, Parser)]
#[command(name = "grader", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Take the labs from this folder instead of the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    pub labs: Option<PathBuf>,
    /// When to use colour; NO_COLOR is respected
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto")]
    pub color: Colour,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Grade a submission: a folder or an archive, in any language
    Grade(GradeArgs),
    /// Grade a class: every entry of a folder, in parallel; run again, only what has changed
    Class(ClassArgs),
    /// Put the parts of a class that several machines have graded together
    Merge(MergeArgs),
    /// Play everybody's clients and proxies with everybody's servers, and say whose fault it is where they fail
    Interop(InteropArgs),
    /// List the labs and their steps
    Labs,
    /// Show a lab's handout, or what a step asks for
    Show {
        /// `02-server`, `02-server/backlog`
        #[arg(value_name = "LAB[/STEP]")]
        what: String,
    },
    /// Give a hint for a step
    Hint {
        /// `02-server/backlog`
        #[arg(value_name = "LAB/STEP")]
        step: String,
    },
    /// Write a fresh starter into a new folder
    New {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Check rubrics, and the mutants beside them, without playing them
    Lint {
        /// Rubric files, or the folders they are in
        #[arg(value_name = "RUBRIC", required = true)]
        rubrics: Vec<PathBuf>,
    },
    /// Test a lab's rubric against the reference, the starter and its mutants
    Verify(VerifyArgs),
    /// Write what a platform takes, with all that grading needs: the grader, labs, the starter's crates
    Package(PackageArgs),
    /// Get and build the starter's crates now, so that no build has to wait for them, or needs a network
    Warm {
        /// For this level of isolation instead of the best this machine has
        #[arg(long, value_name = "LEVEL")]
        level: Option<LevelName>,
    },
    /// Say what this machine can check, and why not more
    Doctor,
}

#[derive(Debug, Args)]
pub struct GradeArgs {
    /// What was handed in: a folder, a .zip, a .tar.gz or a .tar
    pub submission: PathBuf,
    /// Grade this lab; without it, every lab whose program the submission has
    #[arg(long = "lab", value_name = "LAB")]
    pub lab: Vec<String>,
    /// Play this step (and what it needs) and show all of it: `02-server/backlog`
    #[arg(long = "step", value_name = "STEP")]
    pub step: Vec<String>,
    #[command(flatten)]
    pub play: PlayArgs,
    /// Use the random bytes of an earlier run, whose report shows its seed
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Write the report as JSON too; `-` writes it to stdout, in place of the other
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the report for another platform too: `gradescope=results.json`, `junit=report.xml`; without a file, to
    /// stdout, in place of the one for people. Names: autolab, classroom, classroom50, ctrf, exercism, github,
    /// github-summary, gradescope, html, html-staff, json, junit, prairielearn, submitty, vpl
    #[arg(long, value_name = "NAME=FILE", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Keep the captures of failed steps in this folder, one pcapng file each, for Wireshark; the reports link to them.
    /// Those of steps that students are not shown go to DIR-hidden
    #[arg(long, value_name = "DIR")]
    pub captures: Option<PathBuf>,
    /// End with status 0 whenever every report was written, whatever it says: for platforms that drop a report
    /// otherwise. A mistake on the command line is still 2; a fault of the grader's own is still 70 where a report
    /// was not written, or cannot tell of it (autolab, classroom50, github, vpl)
    #[arg(long)]
    pub exit_zero: bool,
    /// Show every failure in full, and what was exchanged where all went well
    #[arg(long, short)]
    pub verbose: bool,
}

/// How steps are played.
#[derive(Debug, Args)]
pub struct PlayArgs {
    /// Isolate submissions in this way instead of the best this machine has
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    /// Refuse to grade where this machine isolates less well than that
    #[arg(long, value_name = "LEVEL")]
    pub require_level: Option<LevelName>,
    /// Play every failed step again so often, and say how often it passed; the first verdict stands
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=100))]
    pub confirm: u16,
    /// Of which steps to keep what went over the network [default: failed, where there is a place for it: `class` has
    /// one, for `grade` it is `--captures DIR`]
    #[arg(long, value_name = "WHICH")]
    pub capture: Option<CaptureWhich>,
    /// Play so many steps at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
}

#[derive(Debug, Args)]
pub struct ClassArgs {
    #[command(flatten)]
    pub of: ClassOf,
    /// Only these submissions: the entry's name, or the student's id or name; `*` stands for anything
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Only those that lost points, even if nothing has changed
    #[arg(long)]
    pub failed: bool,
    /// Only those that the grader still owes a result
    #[arg(long)]
    pub faulted: bool,
    /// Play these steps again (and what they need), even if nothing has changed: `02-server/backlog`
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    pub steps: Vec<String>,
    /// Grade even what has not changed
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub play: PlayArgs,
    /// Use these random bytes for the whole class; otherwise they are drawn once and kept with the results
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Grade the K-th of N parts of the class; by itself in an array job of Slurm, Kubernetes or a CI
    #[arg(long, value_name = "K/N")]
    pub shard: Option<Shard>,
}

#[derive(Debug, Args)]
pub struct MergeArgs {
    #[command(flatten)]
    pub of: ClassOf,
    /// Go on although parts are missing
    #[arg(long)]
    pub partial: bool,
}

/// Which class, and where its results are kept.
#[derive(Debug, Args)]
pub struct ClassOf {
    /// The folder with the submissions: each entry is one, a folder or an archive
    pub folder: PathBuf,
    /// Where the results are kept, and found the next time
    #[arg(long, value_name = "RESULTS")]
    pub out: PathBuf,
    /// Grade this lab; all labs without it
    #[arg(long = "lab", value_name = "LAB")]
    pub lab: Vec<String>,
    /// Who handed in what; `roster.csv` in the folder, if there is one
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InteropArgs {
    /// What was handed in: folders, or archives. A folder `reference` here is added to them
    #[arg(value_name = "SUBMISSION", required = true)]
    pub submissions: Vec<PathBuf>,
    /// Play the exchanges of this lab only
    #[arg(long = "lab", value_name = "LAB")]
    pub lab: Vec<String>,
    /// Isolate submissions in this way instead of the best this machine has
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    /// Refuse to play where this machine isolates less well than that
    #[arg(long, value_name = "LEVEL")]
    pub require_level: Option<LevelName>,
    /// Play so many pairs at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Write the matrices for programs (grader/schema/interop-v1.schema.json); `-` is stdout, in place of those for people
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Use the random bytes of an earlier run
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// `02-server`; all labs without it
    #[arg(value_name = "LAB")]
    pub lab: Vec<String>,
    /// Repeat everything so often: a rubric must not depend on luck
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub times: u32,
    /// Isolate the programs in this way instead of the best this machine has
    #[arg(long, value_name = "LEVEL")]
    pub level: Option<LevelName>,
    /// Begin with the random bytes of an earlier run
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The folder with the complete programs
    #[arg(long, value_name = "DIR", default_value = "reference")]
    pub reference: PathBuf,
    /// The folder that students begin with
    #[arg(long, value_name = "DIR", default_value = "starter")]
    pub starter: PathBuf,
}

#[derive(Debug, Args)]
pub struct PackageArgs {
    pub platform: PlatformName,
    /// `02-server`; as many as the assignment has
    #[arg(value_name = "LAB", required = true)]
    pub lab: Vec<String>,
    /// Where to: a zip for Gradescope, a folder for the others
    #[arg(long, value_name = "FILE-or-DIR")]
    pub out: Option<PathBuf>,
    /// Replace files of the package that are there already
    #[arg(long)]
    pub force: bool,
    /// Take this grader, a static program, instead of this one
    #[arg(long, value_name = "FILE")]
    pub grader: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlatformName {
    /// A zip with `setup.sh` and `run_autograder`
    Gradescope,
    /// `autograde-Makefile` and `autograde.tar`
    Autolab,
    /// A workflow for the repository that students begin with
    Github,
    /// A question, and a Dockerfile for its image
    #[value(name = "prairielearn")]
    PrairieLearn,
    /// `autograder.py`, with the grader beside it
    Classroom50,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CaptureWhich {
    /// All that are played
    Always,
    /// Those that failed
    Failed,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelName {
    /// Namespaces of its own, the network among them
    Cell,
    /// A user of its own, on the machine's network
    Uid,
    /// The grader's user, kept from its files and processes
    SameUid,
    /// Limits alone
    Rlimits,
}

impl From<PlatformName> for Platform {
    fn from(name: PlatformName) -> Platform {
        match name {
            PlatformName::Gradescope => Platform::Gradescope,
            PlatformName::Autolab => Platform::Autolab,
            PlatformName::Github => Platform::Github,
            PlatformName::PrairieLearn => Platform::PrairieLearn,
            PlatformName::Classroom50 => Platform::Classroom50,
        }
    }
}

impl From<CaptureWhich> for Capture {
    fn from(which: CaptureWhich) -> Capture {
        match which {
            CaptureWhich::Always => Capture::Always,
            CaptureWhich::Failed => Capture::Failed,
            CaptureWhich::Never => Capture::Never,
        }
    }
}

impl From<LevelName> for Level {
    fn from(name: LevelName) -> Level {
        match name {
            LevelName::Cell => Level::Cell,
            LevelName::Uid => Level::Uid,
            LevelName::SameUid => Level::SameUid,
            LevelName::Rlimits => Level::Rlimits,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::report::Format;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    #[test]
    fn the_help_lists_every_format() {
        let mut cli = super::Cli::command();
        let grade = cli.find_subcommand_mut("grade").expect("it is a command");
        let format = grade.get_arguments().find(|argument| argument.get_id() == "format").expect("it is an option");
        let help = format.get_help().expect("it has a help text").to_string();
        let (_, names) = help.split_once("Names: ").expect("it lists the names");
        let listed: Vec<&str> =
            names.split(|c: char| c == ',' || c.is_whitespace()).filter(|s| !s.is_empty()).collect();
        let mut all = Format::ALL.map(Format::name);
        all.sort_unstable();
        assert_eq!(listed, all);
    }
}
