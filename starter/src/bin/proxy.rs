//! The program `proxy`: its arguments, its exit status, and the order of the steps. Each step is in the library.

use std::convert::Infallible;
use std::process::ExitCode;
use std::time::Duration;

use starter::{proxy, server};

const USAGE: &str = "usage: proxy PORT [--timeout SECONDS]";

/// How long each wait for an origin may take when nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    // An argument can be any bytes. One that is not UTF-8 is no number.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (port, timeout) = match *arguments {
        [port] => (port.parse().ok(), Some(TIMEOUT)),
        [port, "--timeout", timeout] => (port.parse().ok(), seconds(timeout)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    let (Some(port), Some(timeout)) = (port, timeout) else {
        eprintln!("proxy: bad port or timeout\n{USAGE}");
        return ExitCode::from(2);
    };

    // `run` never returns a success: a server runs until it is killed.
    let Err(errno) = run(port, timeout);
    eprintln!("proxy: {}", errno.desc());
    ExitCode::from(1)
}

/// A time in seconds, decimals allowed.
fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}

fn run(port: u16, timeout: Duration) -> nix::Result<Infallible> {
    let listener = server::open_socket()?;
    server::allow_quick_restart(&listener)?;
    server::bind_to(&listener, port)?;
    server::start_listening(&listener)?;
    server::announce(&listener)?;
    proxy::serve(&listener, timeout)
}
