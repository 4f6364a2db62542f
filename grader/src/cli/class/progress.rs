//! What is seen of a run while it goes on: a bar on a terminal, plain lines otherwise. All of it on stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::status::Status;
use crate::class::News;
use crate::report::cut;

/// Shared with whoever asks for the status.
#[derive(Clone)]
pub struct Progress {
    bar: Option<ProgressBar>,
    status: Arc<Mutex<Status>>,
}

impl Progress {
    pub fn new() -> Progress {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        let shown = io::stderr().is_terminal() && !dumb;
        let bar = shown.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:24} {msg}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Progress { bar, status: Arc::new(Mutex::new(Status::new())) }
    }

    /// `name` is the submission's, of those that have one.
    pub fn hear(&self, news: &News, name: &str) {
        let mut status = self.status.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        status.hear(news);
        match (&self.bar, news) {
            (Some(bar), _) => {
                bar.set_length(status.chosen as u64);
                bar.set_position(status.done() as u64);
                bar.set_message(status.line());
            }
            (None, News::Graded { totals, .. }) => {
                let (done, all) = (status.done(), status.chosen);
                say(&format!("{done}/{all}  {}/{}  {name}", totals.with_bonus(), totals.worth));
            }
            (None, _) => {}
        }
    }

    /// A line above the bar.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => say(text),
        }
    }

    pub fn status(&self) {
        let line = self.status.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).line();
        self.say(&line);
    }

    pub fn with_status<T>(&self, look: impl FnOnce(&Status) -> T) -> T {
        look(&self.status.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
    }

    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// If nobody can read it, so be it.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{}", cut(text, 400));
}
