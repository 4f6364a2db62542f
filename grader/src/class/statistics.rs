//! What a class's rows say together.

use std::collections::HashMap;
use std::sync::Arc;

use super::run::Class;
use super::summary::Row;
use crate::score::Standing;

/// Of those who are graded; what is still open is in none of the figures but `open`.
#[derive(Debug, Default)]
pub struct Statistics {
    pub graded: usize,
    pub open: usize,
    /// How many earned less than 10 %, less than 20 %, …, less than 100 %, and all there is.
    pub histogram: [usize; 11],
    /// Of the share that was earned, from 0 to 1.
    pub mean: f64,
    pub median: f64,
    /// One a step, by lab and in the rubric's order.
    pub steps: Vec<StepCount>,
    /// The most frequent first.
    pub clusters: Vec<Cluster>,
}

#[derive(Debug, Default, Clone)]
pub struct StepCount {
    /// Places of the lab in the class and of the step in the lab.
    pub lab: usize,
    pub step: usize,
    pub passed: usize,
    pub failed: usize,
    pub blocked: usize,
    /// Nobody could tell: this machine, or a fault of the grader.
    pub untold: usize,
}

/// Those who failed for the same cause.
#[derive(Debug)]
pub struct Cluster {
    pub cause: Arc<str>,
    /// Where it was seen first: the steps by place of lab and step; none when the program does not build.
    pub steps: Vec<(usize, usize)>,
    /// The submissions, by their places.
    pub who: Vec<usize>,
}

impl Statistics {
    pub fn of(class: &Class, rows: &[Row]) -> Statistics {
        let graded: Vec<(usize, &Row)> = rows.iter().enumerate().filter(|(_, row)| row.finished).collect();
        let mut shares: Vec<f64> = graded.iter().map(|(_, row)| row.totals().share()).collect();
        shares.sort_by(f64::total_cmp);
        let mut histogram = [0; 11];
        shares.iter().for_each(|share| histogram[(share * 10.0 + 1e-9) as usize] += 1);
        let middle = |at: usize| shares.get(at).copied().unwrap_or_default();
        let count = shares.len();
        Statistics {
            graded: count,
            open: rows.len() - count,
            histogram,
            mean: if count == 0 { 0.0 } else { shares.iter().sum::<f64>() / count as f64 },
            median: if count == 0 { 0.0 } else { (middle((count - 1) / 2) + middle(count / 2)) / 2.0 },
            steps: steps(class, &graded),
            clusters: clusters(&graded),
        }
    }
}

fn steps(class: &Class, graded: &[(usize, &Row)]) -> Vec<StepCount> {
    let mut counts = Vec::new();
    for (lab, (rubric, _)) in class.labs.iter().enumerate() {
        for step in 0..rubric.steps.len() {
            let mut count = StepCount { lab, step, ..StepCount::default() };
            for (_, row) in graded {
                let place = match row.labs[lab].steps[step].verdict {
                    "passed" => &mut count.passed,
                    "failed" => &mut count.failed,
                    "blocked" => &mut count.blocked,
                    _ => &mut count.untold,
                };
                *place += 1;
            }
            counts.push(count);
        }
    }
    counts
}

/// Each submission is told once in a cluster, whatever the number of steps that its mistake costs.
fn clusters(graded: &[(usize, &Row)]) -> Vec<Cluster> {
    let mut clusters: HashMap<Arc<str>, Cluster> = HashMap::new();
    for (at, row) in graded.iter().filter(|(_, row)| row.standing != Standing::FullMarks) {
        for (number, lab) in row.labs.iter().enumerate() {
            let of_steps = lab.steps.iter().enumerate().filter(|(_, step)| step.verdict == "failed");
            let of_steps = of_steps.filter_map(|(step, cell)| Some((cell.cause.clone()?, Some((number, step)))));
            let of_build = lab.problem.iter().map(|problem| (problem.clone(), None));
            for (cause, step) in of_build.chain(of_steps) {
                let empty = || Cluster { cause: cause.clone(), steps: Vec::new(), who: Vec::new() };
                let cluster = clusters.entry(cause.clone()).or_insert_with(empty);
                if cluster.who.last() != Some(at) {
                    cluster.who.push(*at);
                }
                if let Some(step) = step.filter(|step| !cluster.steps.contains(step)) {
                    cluster.steps.push(step);
                }
            }
        }
    }
    let mut clusters: Vec<Cluster> = clusters.into_values().collect();
    clusters.sort_by(|one, other| other.who.len().cmp(&one.who.len()).then_with(|| one.cause.cmp(&other.cause)));
    clusters.iter_mut().for_each(|cluster| cluster.steps.sort_unstable());
    clusters
}
