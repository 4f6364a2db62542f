//! `show` and `hint`: what a lab or a step asks for.

use super::excerpt::excerpt;
use super::labs::lab_lines;
use super::output::Output;
use super::select::find_step;
use super::trouble::Trouble;
use crate::engine::plain;
use crate::report::{HEADING, Page, QUIET};
use crate::rubric::{Lab, Library, Selection, Step};

pub fn show(what: &str, library: &Library, output: &Output) -> Result<(), Trouble> {
    match library.resolve(what) {
        Ok(Selection { lab, step: None }) => show_lab(lab, output),
        Ok(Selection { lab, step: Some(step) }) => show_step(lab, step, output),
        // A step's name is enough where no other lab has one like it.
        Err(mistake) => match find_step(library, &[], what) {
            Ok((lab, step)) => show_step(lab, step, output),
            Err(_) => Err(mistake.into()),
        },
    }
}

fn show_lab(lab: &Lab, output: &Output) -> Result<(), Trouble> {
    if lab.handout.is_empty() {
        return output.print(&lab_lines(lab, output));
    }
    let handout: Vec<String> = lab.handout.lines().map(plain).collect();
    output.print(&format!("{}\n\n{}", handout.join("\n"), lab_lines(lab, output)))
}

fn show_step(lab: &Lab, step: &Step, output: &Output) -> Result<(), Trouble> {
    let mut page = Page::new(&output.look);
    page.prose(0, HEADING, &format!("{}/{}: {}", lab.id, step.id, plain(&step.title)));
    let worth = if step.bonus { "points of extra credit" } else { "points" };
    let mut facts = format!("{} {worth}", step.points);
    if !step.needs.is_empty() {
        facts.push_str(&format!(", after {}", step.needs.join(", ")));
    }
    page.prose(0, QUIET, &facts);
    page.gap();
    page.prose(0, Default::default(), &plain(step.why.trim()));
    page.gap();
    page.prose(0, QUIET, &format!("{}:", lab.source.at(step.place)));
    for line in excerpt(lab, step) {
        page.line(&format!("  {}", plain(line)));
    }
    page.gap();
    page.line(&format!("hint  {} hint {}/{}", output.look.program, lab.id, step.id));
    output.print(&page.finish())
}

pub fn hint(what: &str, library: &Library, output: &Output) -> Result<(), Trouble> {
    let (lab, step) = find_step(library, &[], what)?;
    let mut page = Page::new(&output.look);
    page.prose(0, HEADING, &format!("{}/{}: {}", lab.id, step.id, plain(&step.title)));
    page.gap();
    page.prose(0, Default::default(), &plain(step.hint.trim()));
    if let Some(command) = &step.try_it {
        page.gap();
        command.trim().lines().for_each(|line| page.line(&format!("try  {}", plain(line))));
    }
    output.print(&page.finish())
}
