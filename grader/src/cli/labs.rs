//! `labs`: what can be graded.

use super::output::Output;
use super::trouble::Trouble;
use crate::engine::{count, plain};
use crate::rubric::{Lab, Library, Points};

pub fn labs(library: &Library, output: &Output) -> Result<(), Trouble> {
    let labs: Vec<String> = library.labs()?.into_iter().map(|lab| lab_lines(lab, output)).collect();
    output.print(&labs.join("\n"))
}

pub fn lab_lines(lab: &Lab, output: &Output) -> String {
    let heading = format!("{}: {}", lab.id, plain(&lab.title));
    let bonus: Points = lab.steps.iter().filter(|step| step.bonus).map(|step| step.points).sum();
    let bonus = if bonus == Points::ZERO { String::new() } else { format!(" + {bonus} bonus") };
    let mut text = format!(
        "{}\n  program `{}`, {}, {} points{bonus}\n\n",
        output.look.paint(crate::report::HEADING, &heading),
        lab.program,
        count(lab.steps.len() as u64, "step"),
        lab.points(),
    );
    let points = |step: &crate::rubric::Step| format!("{}{}", if step.bonus { "+" } else { "" }, step.points);
    let widest = lab.steps.iter().map(|step| step.id.len()).max().unwrap_or(0);
    for step in &lab.steps {
        text.push_str(&format!("  {:>5}  {:widest$}  {}\n", points(step), step.id, plain(&step.title)));
    }
    text
}
