//! The program `httpd`: its arguments, its exit status, and the order of the steps. Each step is in the library.

use std::convert::Infallible;
use std::path::Path;
use std::process::ExitCode;

use starter::{httpd, server};

const USAGE: &str = "usage: httpd PORT ROOT";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(port), Some(root), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let Ok(port) = port.to_string_lossy().parse() else {
        eprintln!("httpd: bad port `{}`\n{USAGE}", port.display());
        return ExitCode::from(2);
    };
    let root = Path::new(&root);
    if !root.is_dir() {
        eprintln!("httpd: `{}` is no folder", root.display());
        return ExitCode::from(1);
    }

    // `run` never returns a success: a server runs until it is killed.
    let Err(errno) = run(port, root);
    eprintln!("httpd: {}", errno.desc());
    ExitCode::from(1)
}

fn run(port: u16, root: &Path) -> nix::Result<Infallible> {
    let listener = server::open_socket()?;
    server::allow_quick_restart(&listener)?;
    server::bind_to(&listener, port)?;
    server::start_listening(&listener)?;
    server::announce(&listener)?;
    httpd::serve(&listener, root)
}
