//! Filling in what differs from course to course.

use super::contents::Contents;
use crate::rubric::Points;

/// For the platforms whose image is set up from here.
pub const INSTALL_TOOLS: &str = include_str!("../../package/install-tools");

/// Replaces `@NAME@` by each name's value.
pub fn fill(text: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("@{name}@"), value))
}

impl Contents<'_> {
    /// With what every platform's files speak of.
    pub fn fill(&self, text: &str) -> String {
        let ids = self.labs.iter().map(|lab| lab.id.as_str());
        let mut options: Vec<String> = ids.clone().map(|id| format!("--lab {}", shell(id))).collect();
        let choice = options.join(" ");
        if !self.own_labs.is_empty() {
            options.push("--labs \"$here/labs\"".to_owned());
        }
        let problems = self.labs.iter().map(|lab| {
            let bonus: Points = lab.steps.iter().filter(|step| step.bonus).map(|step| step.points).sum();
            let bonus = if bonus == Points::ZERO { String::new() } else { format!(", and {bonus} of extra credit") };
            format!("- `{}`: {} points{bonus}\n", problem(&lab.id), lab.points())
        });
        let zeros: serde_json::Map<_, _> = ids.clone().map(|id| (problem(id), 0.into())).collect();
        let zeros = serde_json::json!({ "scores": zeros }).to_string();
        let ids: Vec<&str> = ids.collect();
        let titles: Vec<&str> = self.labs.iter().map(|lab| lab.title.as_str()).collect();
        let words = [
            ("CHOICE", choice),
            ("OPTIONS", options.join(" ")),
            ("PROBLEMS", problems.collect::<String>().trim_end().to_owned()),
            ("ZEROS", shell(&zeros)),
            ("IDS", serde_json::json!(ids).to_string()),
            ("NAMES", ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")),
            ("TITLE", serde_json::json!(titles.join(", ")).to_string()),
            ("HEADING", html(&titles.join(", "))),
        ];
        let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(text, &words)
    }
}

/// Autolab's name for a lab: it takes a colon for the end of a key.
fn problem(id: &str) -> String {
    id.replace(':', "\u{2236}")
}

/// One word of a shell's.
fn shell(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
