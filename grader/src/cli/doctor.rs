//! `doctor`: what this machine can check.

use std::env;
use std::fs;

use super::output::Output;
use super::trouble::Trouble;
use crate::cell::best_level;
use crate::engine::plain;
use crate::report::{HEADING, Page};

/// Programs that some submissions or steps need, and what for.
const TOOLS: [(&str, &str); 5] = [
    ("cargo", "builds submissions in Rust"),
    ("make", "builds submissions with a Makefile"),
    ("cc", "builds submissions in C"),
    ("python3", "runs submissions in Python"),
    ("nc", "for trying things out by hand"),
];

pub fn doctor(output: &Output) -> Result<(), Trouble> {
    let (level, why) = best_level();
    let mut page = Page::new(&output.look);
    page.prose(0, HEADING, &format!("grader {}, level {level}", env!("CARGO_PKG_VERSION")));
    page.gap();
    let meaning = level.lacks().unwrap_or("each step runs in namespaces of its own; everything can be checked");
    page.labelled("level", Default::default(), meaning);
    if let Some(why) = why {
        page.labelled("because", Default::default(), &plain(&why));
    }
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_else(|_| "unknown".to_owned());
    page.labelled("kernel", Default::default(), &plain(kernel.trim()));
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    page.labelled("cores", Default::default(), &processors.to_string());
    for (tool, purpose) in TOOLS {
        let found = if in_path(tool) { "" } else { "missing; " };
        page.labelled(tool, Default::default(), &format!("{found}{purpose}"));
    }
    output.print(&page.finish())
}

fn in_path(tool: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(tool).is_file()))
}
