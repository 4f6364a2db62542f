//! From the arguments to the exit status.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use super::args::{Cli, Command};
use super::exit::Exit;
use super::output::Output;
use super::trouble::{OwnFault, Trouble};
use super::{class, doctor, grade, interop, labs, lint, new, package, select, show, verify, warm};
use crate::scratch;

/// The whole program, but for serving as a cell's helper.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help goes to stdout and is no mistake; a reader who has gone is none either.
            let _ = usage.print();
            return if usage.use_stderr() { Exit::Mistake } else { Exit::Done }.into();
        }
    };
    let output = Output::new(cli.color);
    // A panic of ours must never look like a student's lost points.
    let done = catch_unwind(AssertUnwindSafe(|| run(&cli, &output))).unwrap_or_else(|_| {
        let hint = Some("the lines above say where; a score printed before them counts for nothing".to_owned());
        Err(OwnFault { what: "the grader itself failed".to_owned(), hint }.into())
    });
    match done {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            output.explain(&trouble);
            trouble.exit().into()
        }
    }
}

fn run(cli: &Cli, output: &Output) -> Result<Exit, Trouble> {
    if matches!(
        cli.command,
        Command::Grade(_) | Command::Verify(_) | Command::Class(_) | Command::Interop(_) | Command::Warm { .. }
    ) {
        scratch::sweep(&std::env::temp_dir());
    }
    let library = || select::library(cli.labs.as_deref());
    match &cli.command {
        Command::Grade(args) => return grade::grade(args, &library()?, cli.labs.as_deref(), output),
        Command::Class(args) => return class::class(args, &library()?, cli.labs.as_deref(), output),
        Command::Merge(args) => return class::merge(args, &library()?, cli.labs.as_deref(), output),
        Command::Interop(args) => return interop::interop(args, &library()?, output),
        Command::Labs => labs::labs(&library()?, output)?,
        Command::Show { what } => show::show(what, &library()?, output)?,
        Command::Hint { step } => show::hint(step, &library()?, output)?,
        Command::New { dir } => new::new(dir, output)?,
        Command::Lint { rubrics } => return lint::lint(rubrics, output),
        Command::Verify(args) => return verify::verify(args, &library()?, output),
        Command::Package(args) => package::package(args, &library()?, cli.labs.as_deref(), output)?,
        Command::Warm { level } => warm::warm(*level, output)?,
        Command::Doctor => doctor::doctor(output)?,
    }
    Ok(Exit::Done)
}
