//! The program `chat`: its argument, its exit status, and the order of the steps. Each step is in the library.

use std::convert::Infallible;
use std::process::ExitCode;

use starter::{chat, server};

const USAGE: &str = "usage: chat PORT";

fn main() -> ExitCode {
    // An argument can be any bytes. One that is not UTF-8 is no number.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let [port] = arguments.as_slice() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Ok(port) = port.parse() else {
        eprintln!("chat: bad port `{port}`\n{USAGE}");
        return ExitCode::from(2);
    };

    // `run` never returns a success: a server runs until it is killed.
    let Err(errno) = run(port);
    // "Address already in use", for one: the words are strerror(3)'s.
    eprintln!("chat: {}", errno.desc());
    ExitCode::from(1)
}

/// The door is that of lab 02; what happens behind it is new.
fn run(port: u16) -> nix::Result<Infallible> {
    let listener = server::open_socket()?;
    server::allow_quick_restart(&listener)?;
    server::bind_to(&listener, port)?;
    server::start_listening(&listener)?;
    server::announce(&listener)?;
    chat::serve(&listener)
}
