//! Signals and keys while a class is graded: Ctrl-C stops, `t` and SIGUSR1 ask for the status.

use std::io::{self, IsTerminal, Read};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGINT, SIGTERM, SIGUSR1};
use signal_hook::iterator::Signals;

use super::progress::Progress;
use crate::cli::exit::Exit;

/// Watches until the end of the program; the terminal is as before when it is dropped.
pub struct Watch {
    before: Option<Termios>,
}

impl Watch {
    pub fn begin(stop: &Arc<AtomicBool>, progress: &Progress) -> io::Result<Watch> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGUSR1])?;
        let before = single_keys();
        let (stop, at_signals) = (stop.clone(), progress.clone());
        let restore = before.clone();
        thread::spawn(move || {
            for signal in &mut signals {
                if signal == SIGUSR1 {
                    at_signals.status();
                } else if stop.swap(true, Ordering::Relaxed) {
                    at_signals.end();
                    restore_keys(restore.as_ref());
                    // What is on disk is whole at every moment; the cells end with us.
                    process::exit(Exit::Interrupted as i32);
                } else {
                    at_signals.say("stopping: what has begun is finished; once more stops at once");
                }
            }
        });
        if before.is_some() {
            let at_keys = progress.clone();
            thread::spawn(move || {
                for key in io::stdin().lock().bytes() {
                    match key {
                        Ok(b't' | b'T') => at_keys.status(),
                        Ok(_) => {}
                        Err(_) => return,
                    }
                }
            });
        }
        Ok(Watch { before })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        restore_keys(self.before.as_ref());
    }
}

/// Lets keys come one by one and unseen, if somebody sits there; how the terminal was before.
fn single_keys() -> Option<Termios> {
    let stdin = io::stdin();
    if !stdin.is_terminal() || !io::stderr().is_terminal() {
        return None;
    }
    let before = tcgetattr(&stdin).ok()?;
    let mut now = before.clone();
    now.local_flags &= !(LocalFlags::ICANON | LocalFlags::ECHO);
    tcsetattr(&stdin, SetArg::TCSANOW, &now).ok()?;
    Some(before)
}

fn restore_keys(before: Option<&Termios>) {
    if let Some(before) = before {
        // A terminal that has gone needs nothing.
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, before);
    }
}
