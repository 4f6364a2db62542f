//! The program `client`: its arguments, its exit status, and what it says. The work is done in the library.

use std::fmt::Display;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::time::Duration;

use starter::client;
use starter::failure::Failure;
use starter::http::{self, Url};

const USAGE: &str = "\
usage: client resolve HOST
       client sockaddr IP PORT
       client connect HOST PORT [--timeout SECONDS]
       client send HOST PORT
       client recv HOST PORT
       client get URL";

/// How long an attempt to connect may take when nothing else is said.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why a command did not succeed: exit status 2, or 1.
enum Trouble {
    Usage(String),
    Failed(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Trouble {
        Trouble::Failed(failure)
    }
}

fn main() -> ExitCode {
    // Arguments can be any bytes. One that is not UTF-8 is no host, no number and no URL.
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Failed(failure)) => {
            eprintln!("client: {failure}");
            ExitCode::from(1)
        }
        Err(Trouble::Usage(what)) => {
            eprintln!("client: {what}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Trouble> {
    match *arguments {
        ["resolve", host] => {
            for address in client::resolve(host)? {
                say(address)?;
            }
            Ok(())
        }
        ["sockaddr", address, port] => {
            let address: Ipv4Addr = address.parse().map_err(|_| bad("address", address))?;
            let bytes = client::sockaddr(address, number(port)?);
            say(bytes.map(|byte| format!("{byte:02x}")).concat())
        }
        ["connect", host, port] => connect(host, number(port)?, TIMEOUT),
        ["connect", host, port, "--timeout", limit] => connect(host, number(port)?, seconds(limit)?),
        ["send", host, port] => {
            let connection = client::connect(host, number(port)?, TIMEOUT)?;
            client::send(connection.as_fd(), io::stdin().as_fd())?;
            Ok(client::hang_up(connection)?)
        }
        ["recv", host, port] => {
            let connection = client::connect(host, number(port)?, TIMEOUT)?;
            client::recv(connection.as_fd(), io::stdout().as_fd())?;
            Ok(client::hang_up(connection)?)
        }
        ["get", url] => {
            let url = Url::parse(url).ok_or_else(|| bad("URL", url))?;
            Ok(http::get(&url, TIMEOUT, io::stdout().as_fd())?)
        }
        [] => Err(Trouble::Usage("no command".to_owned())),
        [command, ..] => Err(Trouble::Usage(format!("unknown command, or wrong arguments for it: `{command}`"))),
    }
}

fn connect(host: &str, port: u16, timeout: Duration) -> Result<(), Trouble> {
    let connection = client::connect(host, port, timeout)?;
    let (peer, own) = client::ends(&connection)?;
    say(format_args!("connected to {peer} from {own}"))?;
    Ok(client::hang_up(connection)?)
}

/// A line on stdout.
fn say(line: impl Display) -> Result<(), Trouble> {
    // Not println!, which panics when nobody reads any more.
    writeln!(io::stdout(), "{line}").map_err(|error| {
        let errno = error.raw_os_error().unwrap_or_default();
        Trouble::Failed(Failure::System(nix::errno::Errno::from_raw(errno)))
    })
}

/// A port.
fn number(text: &str) -> Result<u16, Trouble> {
    text.parse().map_err(|_| bad("port", text))
}

/// A time in seconds, decimals allowed.
fn seconds(text: &str) -> Result<Duration, Trouble> {
    text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| bad("timeout", text))
}

fn bad(what: &str, text: &str) -> Trouble {
    Trouble::Usage(format!("bad {what} `{text}`"))
}
