//! What a failure has in common with those of others: its sentence, without what differs from run to run.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use super::record::LabRecord;
use crate::engine::{Miss, Verdict, plain, without_particulars};
use crate::report::cut;

/// A cause is a heading, not a report.
const LONGEST: usize = 160;

/// Causes are few and students many: each text is kept once.
#[derive(Debug, Default)]
pub struct Causes(Mutex<HashSet<Arc<str>>>);

impl Causes {
    pub fn keep(&self, text: String) -> Arc<str> {
        let mut known = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = known.get(&*text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        known.insert(text.clone());
        text
    }
}

/// Of a step; nothing where all is well or another step is to blame.
pub fn of_verdict(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Passed | Verdict::Blocked { .. } => None,
        Verdict::Failed(failure) => Some(of_miss(&failure.miss)),
        Verdict::Unavailable { why } => Some(general(&plain(why))),
        Verdict::Faulted { what } => Some(general(&plain(what))),
    }
}

/// Of a program that does not build: what went wrong, and the compiler's first error.
pub fn of_problem(record: &LabRecord) -> Option<String> {
    let problem = record.problem.as_ref()?;
    let mut lines = problem.output.lines().filter(|line| !line.starts_with("hint: "));
    let first = lines.clone().find(|line| line.contains("error")).or_else(|| lines.next());
    Some(match first.map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => cut(&general(&plain(&format!("{}: {line}", problem.what))), LONGEST),
        None => cut(&general(&plain(&problem.what)), LONGEST),
    })
}

fn of_miss(miss: &Miss) -> String {
    match miss {
        // A status is what the program means to say.
        Miss::Exited { .. } | Miss::Died { .. } | Miss::WrongStatus { .. } => plain(&miss.to_string()),
        _ => general(&plain(&miss.to_string())),
    }
}

fn general(sentence: &str) -> String {
    cut(&without_particulars(sentence), LONGEST)
}

#[cfg(test)]
mod tests {
    use super::{Arc, Causes, general, of_miss};
    use crate::engine::Miss;

    #[test]
    fn what_differs_from_run_to_run_is_left_out() {
        for (sentence, cause) in [
            ("bound port 20695 but never called `listen`", "bound port n but never called `listen`"),
            (
                "wrong bytes on the connection of slow: `x` (0x78) instead of 0x0a at offset 12",
                "wrong bytes on the connection of slow: a byte instead of a byte at offset n",
            ),
            (
                "5 bytes too many on stdout after the 3 expected: \"a\\\"b\"",
                "n bytes too many on stdout after the n expected: \"…\"",
            ),
            (
                "listens on 127.0.0.1:9 only; other machines cannot reach it",
                "listens on n.n.n.n:n only; other machines cannot reach it",
            ),
            (
                "tries to connect to 10.0.0.1:80 instead of 10.0.0.2:80",
                "tries to connect to n.n.n.n:n instead of n.n.n.n:n",
            ),
        ] {
            assert_eq!(general(sentence), cause);
        }
    }

    #[test]
    fn a_status_stays() {
        assert_eq!(of_miss(&Miss::Exited { status: 101 }), "ended with exit status 101 while it was still needed");
        assert_eq!(of_miss(&Miss::Died { signal: 11, name: "SIGSEGV".into() }), "killed by signal 11 (SIGSEGV)");
    }

    #[test]
    fn a_text_is_kept_once() {
        let causes = Causes::default();
        assert!(Arc::ptr_eq(&causes.keep("a".to_owned()), &causes.keep("a".to_owned())));
    }
}
