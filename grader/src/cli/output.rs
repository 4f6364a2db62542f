//! Writing for the one who called: how wide, in colour or not, and what if nobody reads.

use std::io::{self, ErrorKind, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::args::Colour;
use super::trouble::{OwnFault, Trouble, reason};
use crate::report::{Assignment, Detail, Look};

/// Where stdout is no terminal.
const WIDTH: usize = 80;
/// Longer lines of prose tire.
const WIDEST: usize = 110;

#[derive(Debug, Clone)]
pub struct Output {
    pub look: Look,
    /// Whether what goes to stderr has colours.
    pub colour_errors: bool,
}

impl Output {
    pub fn new(colour: Colour) -> Output {
        let look = Look {
            colour: coloured(colour, AutoStream::choice(&io::stdout())),
            width: width(),
            detail: Detail::First,
            program: program(),
            options: String::new(),
            assignment: Assignment::default(),
            captures: None,
        };
        Output { look, colour_errors: coloured(colour, AutoStream::choice(&io::stderr())) }
    }

    pub fn print(&self, text: &str) -> Result<(), Trouble> {
        self.write(text.as_bytes())
    }

    pub fn write(&self, bytes: &[u8]) -> Result<(), Trouble> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Trouble::PipeClosed,
            _ => OwnFault::new(format!("cannot write to stdout: {}", reason(&error))).into(),
        })
    }

    /// Why a command could not do its work, in the words of whoever called it.
    pub fn explain(&self, trouble: &Trouble) {
        if let Some(text) = trouble.render(self.colour_errors) {
            self.complain(&text.replace("`grader ", &format!("`{} ", self.look.program)));
        }
    }

    /// A note for stderr. If nobody can read it, so be it.
    pub fn complain(&self, text: &str) {
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// `auto` is what anstream finds out: a terminal, `NO_COLOR`, `CLICOLOR_FORCE`.
fn coloured(colour: Colour, auto: ColorChoice) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => auto != ColorChoice::Never,
    }
}

fn width() -> usize {
    if !io::stdout().is_terminal() {
        return WIDTH;
    }
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0)).clamp(40, WIDEST)
}

/// What the reader types to call this program again: `cargo lab` runs it through cargo.
fn program() -> String {
    if std::env::var_os("CARGO_MANIFEST_DIR").is_some() && std::env::var_os("CARGO_PKG_NAME").is_some() {
        return "cargo lab".to_owned();
    }
    "grader".to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ColorChoice, Colour, coloured};

    #[test]
    fn a_pipe_gets_no_colour_unless_it_is_asked_for() {
        assert!(!coloured(Colour::Auto, ColorChoice::Never));
        assert!(coloured(Colour::Auto, ColorChoice::Always));
        assert!(coloured(Colour::Always, ColorChoice::Never));
        assert!(!coloured(Colour::Never, ColorChoice::Always));
    }
}
