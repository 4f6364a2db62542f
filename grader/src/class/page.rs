//! `index.html`: the class at a glance, and a way to each student's page.

use askama::Template;

use super::gradebook::{Line, lines};
use super::key::GRADER;
use super::run::Class;
use super::statistics::{Statistics, StepCount};
use super::store::Store;
use super::summary::Row;
use crate::engine::{count, plain};
use crate::report::PAGE_STYLE;
use crate::score::Standing;

const STYLE: &str = include_str!("../../templates/class.css");
/// A list is to be read; the gradebook has them all.
const MOST_NAMES: usize = 200;
const MOST_CLUSTERS: usize = 100;

#[derive(Template)]
#[template(path = "class.html")]
struct Page {
    style: String,
    heading: String,
    counts: String,
    graded: usize,
    mean: String,
    median: String,
    outliers: Vec<Outlier>,
    clusters: Vec<ClusterPart>,
    /// Those after them are of one submission each.
    shown: usize,
    more_clusters: usize,
    steps: Vec<StepPart>,
    histogram: Vec<Bar>,
    labs: Vec<String>,
    rows: Vec<RowPart>,
    seed: u64,
    grader: &'static str,
}

struct Person {
    name: String,
    link: String,
}

struct Outlier {
    what: &'static str,
    who: Vec<Person>,
    more: usize,
}

struct ClusterPart {
    cause: String,
    steps: String,
    who: Vec<Person>,
    more: usize,
}

struct StepPart {
    id: String,
    title: String,
    rate: String,
    failed: usize,
    blocked: usize,
    untold: usize,
    passed_share: usize,
    failed_share: usize,
}

struct Bar {
    label: String,
    count: usize,
    share: usize,
}

struct RowPart {
    name: String,
    link: Option<String>,
    section: String,
    points: String,
    labs: Vec<String>,
    cause: String,
    class: String,
}

pub fn page(class: &Class, rows: &[Row]) -> Vec<u8> {
    let statistics = Statistics::of(class, rows);
    let labs: Vec<String> = class.labs.iter().map(|(lab, _)| lab.id.clone()).collect();
    let lines = lines(class, rows);
    let absent = lines.iter().filter(|line| line.handed_in.is_none()).count();
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let clusters = statistics.clusters.iter().take(MOST_CLUSTERS);
    let page = Page {
        style: format!("{PAGE_STYLE}{STYLE}"),
        heading: labs.join(", "),
        counts: counts(rows.len(), statistics.open, absent),
        graded: statistics.graded,
        mean: percent(statistics.mean),
        median: percent(statistics.median),
        outliers: outliers(class, rows),
        clusters: clusters
            .map(|cluster| {
                let (who, more) = people(class, cluster.who.iter().copied());
                ClusterPart { cause: cluster.cause.to_string(), steps: names(class, &cluster.steps), who, more }
            })
            .collect(),
        shown: statistics.clusters.iter().take(MOST_CLUSTERS).filter(|cluster| cluster.who.len() > 1).count(),
        more_clusters: statistics.clusters.len().saturating_sub(MOST_CLUSTERS),
        steps: statistics.steps.iter().map(|count| step_part(class, count)).collect(),
        histogram: histogram(&statistics),
        labs,
        rows: lines.iter().map(|line| row_part(class, line)).collect(),
        seed: class.seed,
        grader: GRADER,
    };
    page.render().expect("a page is written to memory").into_bytes()
}

fn counts(submissions: usize, open: usize, absent: usize) -> String {
    let mut counts = count(submissions as u64, "submission");
    if open > 0 {
        counts.push_str(&format!(", {open} of them not graded yet"));
    }
    if absent > 0 {
        counts.push_str(&format!("; {} of the roster handed in nothing", count(absent as u64, "student")));
    }
    counts
}

fn outliers(class: &Class, rows: &[Row]) -> Vec<Outlier> {
    let best = rows.iter().map(|row| row.level).min();
    type IsOne<'r> = &'r dyn Fn(&Row) -> bool;
    let kinds: [(&'static str, IsOne); 4] = [
        ("could not be graded in full through the grader's own fault", &|row| {
            row.finished && row.standing == Standing::Faulted
        }),
        ("failed a step that they passed when it was played again", &Row::is_flaky),
        ("were isolated less well than others", &|row| row.finished && Some(row.level) != best),
        ("have no program that builds", &|row| row.standing == Standing::NothingGraded),
    ];
    let outliers = kinds.into_iter().map(|(what, is_one)| {
        let places = rows.iter().enumerate().filter(|(_, row)| is_one(row)).map(|(at, _)| at);
        let (who, more) = people(class, places);
        Outlier { what, who, more }
    });
    outliers.filter(|outlier| !outlier.who.is_empty()).collect()
}

/// As many as can be read, and how many there are besides.
fn people(class: &Class, mut places: impl Iterator<Item = usize>) -> (Vec<Person>, usize) {
    let who = places.by_ref().take(MOST_NAMES).map(|at| Person { name: name(class, at), link: link(class, at) });
    (who.collect(), places.count())
}

fn name(class: &Class, at: usize) -> String {
    let students: Vec<String> = class.students(at).iter().map(|student| plain(&student.shown())).collect();
    if students.is_empty() { class.entries[at].id.clone() } else { students.join(", ") }
}

fn link(class: &Class, at: usize) -> String {
    page_of(&class.entries[at].id)
}

fn page_of(id: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'/' | b'-' | b'_' | b'.' | b'~' => (byte as char).to_string(),
        byte if byte.is_ascii_alphanumeric() => (byte as char).to_string(),
        byte => format!("%{byte:02X}"),
    };
    format!("{}/report.html", Store::place(id).bytes().map(escaped).collect::<String>())
}

fn names(class: &Class, steps: &[(usize, usize)]) -> String {
    let names = steps.iter().map(|(lab, step)| {
        let (lab, _) = &class.labs[*lab];
        format!("{}/{}", lab.id, lab.steps[*step].id)
    });
    names.collect::<Vec<_>>().join(", ")
}

fn step_part(class: &Class, count: &StepCount) -> StepPart {
    let (lab, _) = &class.labs[count.lab];
    let step = &lab.steps[count.step];
    let told = count.passed + count.failed + count.blocked;
    let share = |part: usize| (part * 100).checked_div(told).unwrap_or(0);
    StepPart {
        id: format!("{}/{}", lab.id, step.id),
        title: plain(&step.title),
        rate: format!("{} ({} %)", count.passed, share(count.passed)),
        failed: count.failed,
        blocked: count.blocked,
        untold: count.untold,
        passed_share: share(count.passed),
        failed_share: share(count.failed),
    }
}

fn histogram(statistics: &Statistics) -> Vec<Bar> {
    let most = statistics.histogram.iter().copied().max().unwrap_or(0).max(1);
    let label = |at: usize| if at == 10 { "100 %".to_owned() } else { format!("{} %", at * 10) };
    let bars = statistics.histogram.iter().enumerate();
    bars.map(|(at, count)| Bar { label: label(at), count: *count, share: count * 100 / most }).collect()
}

fn row_part(class: &Class, line: &Line) -> RowPart {
    let (name, section) = (plain(&line.name()), plain(line.section()));
    let Some((entry, row)) = line.handed_in else {
        let labs = vec![String::new(); class.labs.len()];
        let cause = "handed in nothing".to_owned();
        return RowPart { name, link: None, section, points: String::new(), labs, cause, class: "open".to_owned() };
    };
    let mut classes = vec![match row.standing {
        Standing::FullMarks => "full",
        Standing::Faulted => "odd-one",
        Standing::PointsLost | Standing::NothingGraded => "lost",
    }];
    classes.extend((!row.finished).then_some("open"));
    classes.extend(row.is_flaky().then_some("flaky"));
    RowPart {
        name,
        link: Some(page_of(&entry.id)),
        section,
        points: if row.finished { row.totals().with_bonus().to_string() } else { "–".to_owned() },
        labs: row.labs.iter().map(|lab| lab.totals.with_bonus().to_string()).collect(),
        cause: first_cause(row),
        class: classes.join(" "),
    }
}

fn first_cause(row: &Row) -> String {
    if !row.finished {
        return "not graded yet".to_owned();
    }
    let causes = row.labs.iter().flat_map(|lab| {
        let failed = lab.steps.iter().filter(|step| step.verdict == "failed" || step.verdict == "faulted");
        lab.problem.as_deref().into_iter().chain(failed.filter_map(|step| step.cause.as_deref()))
    });
    causes.into_iter().next().unwrap_or_default().to_owned()
}
