//! What of a class is graded in this run: what has changed, unless more or less is asked for.

use super::entry::Entry;
use super::record::{LabRecord, Record};
use super::roster::Student;
use crate::engine::Verdict;
use crate::rubric::Lab;

/// What the caller wants graded. Without a wish: all that is new, has changed, or was left open.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only these submissions: by name, id or the student's, `*` stands for anything.
    pub only: Vec<String>,
    /// Only those that lost points, whether or not anything has changed.
    pub failed: bool,
    /// Only those that the grader still owes something, through a fault or a kill.
    pub faulted: bool,
    /// Only these steps, and what they need, whether or not anything has changed.
    pub steps: Vec<(String, String)>,
    /// All that is chosen, whether or not anything has changed.
    pub again: bool,
}

/// What is to be done about one lab of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    Keep,
    Whole,
    /// The others keep what they have.
    Steps(Vec<String>),
}

impl Wanted {
    /// Whether the submission is to be looked at in this run.
    pub fn chooses(&self, entry: &Entry, students: &[&Student], record: Option<&Record>) -> bool {
        let named = self.only.is_empty() || self.only.iter().any(|pattern| is_meant(pattern, entry, students));
        let failed = record.is_some_and(|record| record.labs.iter().any(lost_points));
        let open = record.is_none_or(|record| !record.finished || record.labs.iter().any(|lab| !owed(lab).is_empty()));
        let by_result = match (self.failed, self.faulted) {
            (false, false) => true,
            (by_failed, by_faulted) => by_failed && failed || by_faulted && open,
        };
        named && by_result
    }

    /// For a submission that was chosen. `known` is what the store has of the lab.
    pub fn plan(&self, lab: &Lab, key: &str, known: Option<&LabRecord>) -> Plan {
        let Some(known) = known.filter(|known| known.key == key) else { return Plan::Whole };
        let owed = owed(known);
        let asked: Vec<String> =
            self.steps.iter().filter(|(of, _)| *of == lab.id).map(|(_, step)| step.clone()).collect();
        if !asked.is_empty() && known.problem.is_none() {
            return Plan::Steps(asked);
        }
        if self.again || self.failed && lost_points(known) {
            return Plan::Whole;
        }
        if owed.is_empty() { Plan::Keep } else { Plan::Steps(owed) }
    }
}

/// Whether a word of the command line means the submission.
pub fn is_meant(pattern: &str, entry: &Entry, students: &[&Student]) -> bool {
    let (name, stem) = (entry.name.to_string_lossy(), entry.stem().to_string_lossy());
    let of_students =
        students.iter().flat_map(|student| [&*student.id, &*student.name, &*student.email, &*student.login]);
    let mut names = [&*name, &*stem, &*entry.id].into_iter().chain(of_students).filter(|name| !name.is_empty());
    names.any(|name| fits(pattern, name))
}

/// `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn lost_points(lab: &LabRecord) -> bool {
    let lost = |verdict: &Verdict| matches!(verdict, Verdict::Failed(_) | Verdict::Blocked { .. });
    lab.problem.is_some() || lab.outcomes.iter().any(|outcome| lost(&outcome.verdict))
}

/// Steps that a fault of ours has left open.
fn owed(lab: &LabRecord) -> Vec<String> {
    let faulted = lab.outcomes.iter().filter(|outcome| matches!(outcome.verdict, Verdict::Faulted { .. }));
    faulted.map(|outcome| outcome.step.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Level;
    use crate::score::LabScore;
    use crate::score::specimen::{failed, lab, outcome};

    fn record(verdicts: Vec<(&str, Verdict)>) -> Record {
        let outcomes = verdicts.into_iter().map(|(step, verdict)| outcome(step, verdict)).collect();
        let mut record = Record::new(Level::Cell, None, 1);
        record.put(LabRecord::of(&LabScore::new(&lab(), &[], outcomes), "key".to_owned()));
        record.finished = true;
        record
    }

    fn all(echoes: Verdict) -> Record {
        let passed = ["listens", "closes", "extra"].map(|step| (step, Verdict::Passed));
        record(passed.into_iter().chain([("echoes", echoes)]).collect())
    }

    fn fault() -> Verdict {
        Verdict::Faulted { what: "no descriptors left".to_owned() }
    }

    fn entry(name: &str) -> Entry {
        Entry { path: name.into(), name: name.into(), id: name.to_owned() }
    }

    fn plan(wanted: &Wanted, key: &str, record: &Record) -> Plan {
        wanted.plan(&lab(), key, record.lab("02-server"))
    }

    #[test]
    fn what_has_not_changed_is_kept() {
        let wanted = Wanted::default();
        assert_eq!(plan(&wanted, "key", &all(failed())), Plan::Keep);
        assert_eq!(plan(&wanted, "other", &all(failed())), Plan::Whole);
        assert_eq!(wanted.plan(&lab(), "key", None), Plan::Whole);
    }

    #[test]
    fn what_the_grader_owes_is_made_up_for() {
        assert_eq!(plan(&Wanted::default(), "key", &all(fault())), Plan::Steps(vec!["echoes".to_owned()]));
    }

    #[test]
    fn more_is_graded_when_it_is_asked_for() {
        let again = Wanted { again: true, ..Wanted::default() };
        assert_eq!(plan(&again, "key", &all(Verdict::Passed)), Plan::Whole);
        let failed_only = Wanted { failed: true, ..Wanted::default() };
        assert_eq!(plan(&failed_only, "key", &all(failed())), Plan::Whole);
        assert_eq!(plan(&failed_only, "key", &all(Verdict::Passed)), Plan::Keep);
        let steps = Wanted { steps: vec![("02-server".to_owned(), "closes".to_owned())], ..Wanted::default() };
        assert_eq!(plan(&steps, "key", &all(failed())), Plan::Steps(vec!["closes".to_owned()]));
        assert_eq!(plan(&steps, "other", &all(failed())), Plan::Whole);
    }

    #[test]
    fn submissions_are_chosen_by_name_and_by_result() {
        let chooses = |wanted: &Wanted, record: &Record| wanted.chooses(&entry("anna.zip"), &[], Some(record));
        let failed_only = Wanted { failed: true, ..Wanted::default() };
        assert!(chooses(&failed_only, &all(failed())) && !chooses(&failed_only, &all(Verdict::Passed)));
        let faulted_only = Wanted { faulted: true, ..Wanted::default() };
        assert!(chooses(&faulted_only, &all(fault())) && !chooses(&faulted_only, &all(failed())));
        assert!(faulted_only.chooses(&entry("anna.zip"), &[], None));
        let named = |name: &str| Wanted { only: vec![name.to_owned()], ..Wanted::default() };
        for name in ["anna", "anna.zip", "a*", "*.zip", "a*a*p", "*"] {
            assert!(chooses(&named(name), &all(failed())), "{name}");
        }
        for name in ["ann", "b*", "*.tar", "", "a*x*p"] {
            assert!(!chooses(&named(name), &all(failed())), "{name}");
        }
        let bo = Student { id: "S7".to_owned(), ..Student::default() };
        assert!(named("S7").chooses(&entry("x"), &[&bo], None));
    }
}
