//! The program `concurrent`: its arguments, its exit status, and the order of the steps. Each step is in the library.

use std::convert::Infallible;
use std::process::ExitCode;

use starter::{iterative, process, server, thread};

const USAGE: &str = "usage: concurrent iterative|process|thread PORT [--max N]";

enum Mode {
    Iterative,
    Process,
    Thread,
}

fn main() -> ExitCode {
    // An argument can be any bytes. One that is not UTF-8 is no number.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mode, port, max) = match arguments[..] {
        [mode, port] => (mode, port, None),
        [mode, port, "--max", max] => (mode, port, Some(max)),
        _ => return misused("wrong number of arguments"),
    };
    let mode = match mode {
        "iterative" => Mode::Iterative,
        "process" => Mode::Process,
        "thread" => Mode::Thread,
        _ => return misused(&format!("unknown mode `{mode}`")),
    };
    let Ok(port) = port.parse() else { return misused(&format!("bad port `{port}`")) };
    // With room for nobody it would be no server.
    let max = match max.map(|max| max.parse().ok().filter(|max| *max > 0)) {
        None => None,
        Some(Some(max)) => Some(max),
        Some(None) => return misused("bad number after `--max`"),
    };

    // `run` never returns a success: a server runs until it is killed.
    let Err(errno) = run(mode, port, max);
    eprintln!("concurrent: {}", errno.desc());
    ExitCode::from(1)
}

fn run(mode: Mode, port: u16, max: Option<usize>) -> nix::Result<Infallible> {
    let listener = server::open_socket()?;
    server::allow_quick_restart(&listener)?;
    server::bind_to(&listener, port)?;
    server::start_listening(&listener)?;
    server::announce(&listener)?;
    match mode {
        // There is one client at a time already.
        Mode::Iterative => iterative::serve(&listener),
        Mode::Process => process::serve(&listener, max),
        Mode::Thread => thread::serve(&listener, max),
    }
}

fn misused(why: &str) -> ExitCode {
    eprintln!("concurrent: {why}\n{USAGE}");
    ExitCode::from(2)
}
