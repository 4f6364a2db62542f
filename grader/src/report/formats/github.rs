//! GitHub Actions: annotations on stdout, and a summary for `$GITHUB_STEP_SUMMARY` (docs.github.com, workflow commands).

use super::row::{Row, Told, problem, visible};
use crate::score::Scorecard;

/// A step of a workflow shows ten errors; what comes after them vanishes without a word.
const SHOWN: usize = 10;

/// A line for each step that was lost, and nothing else: no line of a student's stands at the beginning of one.
pub fn annotations(card: &Scorecard) -> String {
    let lost: Vec<Row> =
        visible(card).into_iter().filter(|row| matches!(row.told, Told::Failed | Told::Faulted)).collect();
    let shown = if lost.len() > SHOWN { SHOWN - 1 } else { lost.len() };
    let mut text = String::new();
    for row in &lost[..shown] {
        text.push_str(&format!("::error title={}::{}\n", property(&row.id), data(&row.details)));
    }
    if lost.len() > shown {
        text.push_str(&format!("::error title=and more::{} more steps failed\n", lost.len() - shown));
    }
    text
}

/// In Markdown: a table, and what to read of each failed step.
pub fn summary(card: &Scorecard) -> String {
    let rows = visible(card);
    let mut text = String::from("| step | result | points |\n| --- | --- | --- |\n");
    for row in &rows {
        let result = match row.told {
            Told::Passed => "passed",
            Told::Failed => "**failed**",
            Told::Blocked => "blocked",
            Told::Unavailable => "not checked",
            Told::Faulted => "grader's fault",
        };
        let bonus = if row.bonus { " bonus" } else { "" };
        text.push_str(&format!(
            "| {} `{}` | {result} | {}/{}{bonus} |\n",
            cell(&row.title),
            row.id,
            row.earned,
            row.worth
        ));
    }
    let broken = card.labs.iter().filter_map(|lab| Some((lab.lab.id.clone(), problem(lab.problem.as_ref()?))));
    let failed = rows.iter().filter(|row| row.told == Told::Failed && !row.built_nothing);
    let details = broken.chain(failed.map(|row| (row.id.clone(), row.details.clone())));
    for (name, words) in details {
        let fence = fence(&words);
        text.push_str(&format!(
            "\n<details><summary>{name}</summary>\n\n{fence}text\n{words}\n{fence}\n\n</details>\n"
        ));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

/// Longer than any that stands in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
