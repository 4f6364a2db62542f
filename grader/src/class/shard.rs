//! One part of a class, for one of several machines.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Part `number` of `of`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    pub number: u32,
    pub of: u32,
}

/// Where a machine among many says which one it is: the variable with its number, those with the number of all, and
/// what it counts from.
struct Scheduler {
    name: &'static str,
    number: &'static str,
    of: &'static str,
    counts: Counts,
}

enum Counts {
    From(u32),
    /// Other variables say.
    Said {
        first: &'static str,
        step: &'static str,
    },
}

const SCHEDULERS: [Scheduler; 6] = [
    // An array may begin anywhere.
    Scheduler {
        name: "Slurm",
        number: "SLURM_ARRAY_TASK_ID",
        of: "SLURM_ARRAY_TASK_COUNT",
        counts: Counts::Said { first: "SLURM_ARRAY_TASK_MIN", step: "SLURM_ARRAY_TASK_STEP" },
    },
    // Kubernetes itself does not tell how many there are: the job's file has to.
    Scheduler { name: "Kubernetes", number: "JOB_COMPLETION_INDEX", of: "JOB_COMPLETIONS", counts: Counts::From(0) },
    Scheduler { name: "GitLab", number: "CI_NODE_INDEX", of: "CI_NODE_TOTAL", counts: Counts::From(1) },
    Scheduler { name: "CircleCI", number: "CIRCLE_NODE_INDEX", of: "CIRCLE_NODE_TOTAL", counts: Counts::From(0) },
    Scheduler {
        name: "Buildkite",
        number: "BUILDKITE_PARALLEL_JOB",
        of: "BUILDKITE_PARALLEL_JOB_COUNT",
        counts: Counts::From(0),
    },
    // A workflow's file passes `strategy.job-index` and `strategy.job-total` on under these names.
    Scheduler { name: "GitHub", number: "JOB_INDEX", of: "JOB_TOTAL", counts: Counts::From(0) },
];

impl Shard {
    pub fn new(number: u32, of: u32) -> Option<Shard> {
        (1..=of).contains(&number).then_some(Shard { number, of })
    }

    /// Whether it is the whole class.
    pub fn is_all(self) -> bool {
        self.of == 1
    }

    /// Each submission is in exactly one part, whatever others there are: by its name alone.
    pub fn has(self, name: &OsStr) -> bool {
        let digest = Sha256::digest(name.as_bytes());
        let number = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// As the machine's scheduler says, and which one that is; the scheduler's variable when it makes no sense.
    /// `variable` reads the environment.
    pub fn of_scheduler(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<(Shard, &'static str)>, &'static str> {
        let Some(scheduler) = SCHEDULERS.iter().find(|scheduler| variable(scheduler.number).is_some()) else {
            return Ok(None);
        };
        let number = |name: &str| variable(name)?.trim().parse::<u32>().ok();
        let shard = || {
            let (first, step) = match scheduler.counts {
                Counts::From(first) => (first, 1),
                Counts::Said { first, step } => (number(first)?, number(step).unwrap_or(1).max(1)),
            };
            let at = number(scheduler.number)?.checked_sub(first)?;
            Shard::new(at / step + 1, number(scheduler.of)?).filter(|_| at % step == 0)
        };
        shard().map(|shard| Some((shard, scheduler.name))).ok_or(scheduler.number)
    }

    /// Its store, in the folder where all parts are kept.
    pub fn folder(self) -> String {
        format!("shard-{}-of-{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        parts.and_then(|(number, of)| Shard::new(number, of)).ok_or_else(|| "2/4 is the second part of four".to_owned())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> String {
        let find = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, text)| (*text).to_owned());
        match Shard::of_scheduler(find) {
            Ok(Some((shard, name))) => format!("{shard} of {name}"),
            Ok(None) => "none".to_owned(),
            Err(variable) => format!("error: {variable}"),
        }
    }

    #[test]
    fn every_submission_is_in_exactly_one_part() {
        for number in 0..200 {
            let name = format!("student-{number}");
            let parts = (1..=7).filter(|part| Shard { number: *part, of: 7 }.has(OsStr::new(&name)));
            assert_eq!(parts.count(), 1);
        }
    }

    #[test]
    fn the_schedulers_count_from_where_they_do() {
        let slurm = [("SLURM_ARRAY_TASK_ID", "12"), ("SLURM_ARRAY_TASK_COUNT", "4"), ("SLURM_ARRAY_TASK_MIN", "10")];
        assert_eq!(told(&slurm), "3/4 of Slurm");
        assert_eq!(told(&[&slurm[..], &[("SLURM_ARRAY_TASK_STEP", "2")]].concat()), "2/4 of Slurm");
        assert_eq!(told(&[("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "3")]), "1/3 of Kubernetes");
        assert_eq!(told(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "3")]), "3/3 of GitLab");
        assert_eq!(told(&[("CIRCLE_NODE_INDEX", "1"), ("CIRCLE_NODE_TOTAL", "2")]), "2/2 of CircleCI");
    }

    #[test]
    fn what_makes_no_sense_is_no_shard() {
        assert_eq!(told(&[("CI_NODE_TOTAL", "1")]), "none");
        assert_eq!(told(&[("CI_NODE_INDEX", "4"), ("CI_NODE_TOTAL", "3")]), "error: CI_NODE_INDEX");
        assert_eq!(told(&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "3")]), "error: CI_NODE_INDEX");
        assert_eq!(told(&[("JOB_COMPLETION_INDEX", "2")]), "error: JOB_COMPLETION_INDEX");
        for text in ["", "2", "0/4", "5/4", "a/b", "1/0", "-1/2"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        assert_eq!("2/4".parse(), Ok(Shard { number: 2, of: 4 }));
    }
}
