//! Which labs and steps are meant.

use std::path::Path;

use super::trouble::{TaMistake, Trouble};
use crate::engine::list;
use crate::rubric::{Lab, Library, Step};

/// A lab, and the steps of it that were asked for: all when there are none.
#[derive(Debug, Clone)]
pub struct Asked<'l> {
    pub lab: &'l Lab,
    pub only: Vec<String>,
}

pub fn library(dir: Option<&Path>) -> Result<Library, Trouble> {
    Ok(match dir {
        Some(dir) => Library::open(dir)?,
        None => Library::embedded(),
    })
}

/// What `--lab` and `--step` ask for, in the labs' order; every lab when they ask for nothing.
pub fn select<'l>(library: &'l Library, labs: &[String], steps: &[String]) -> Result<Vec<Asked<'l>>, Trouble> {
    let mut asked: Vec<Asked> = Vec::new();
    let mut chosen: Vec<&Lab> = Vec::new();
    for name in labs {
        let selection = library.resolve(name)?;
        chosen.push(selection.lab);
        add(&mut asked, selection.lab, selection.step);
    }
    for name in steps {
        let (lab, step) = find_step(library, &chosen, name)?;
        add(&mut asked, lab, Some(step));
    }
    if asked.is_empty() {
        asked = library.labs()?.into_iter().map(|lab| Asked { lab, only: Vec::new() }).collect();
    }
    asked.sort_by(|one, other| one.lab.id.cmp(&other.lab.id));
    Ok(asked)
}

fn add<'l>(asked: &mut Vec<Asked<'l>>, lab: &'l Lab, step: Option<&Step>) {
    let index = asked.iter().position(|asked| asked.lab.id == lab.id).unwrap_or_else(|| {
        asked.push(Asked { lab, only: Vec::new() });
        asked.len() - 1
    });
    asked[index].only.extend(step.map(|step| step.id.clone()));
}

/// A step by `02-server/backlog`, or by `backlog` alone where no other lab (of the chosen ones) has one of that name.
pub fn find_step<'l>(library: &'l Library, chosen: &[&'l Lab], name: &str) -> Result<(&'l Lab, &'l Step), Trouble> {
    if name.contains('/') {
        let selection = library.resolve(name)?;
        return selection.step.map(|step| (selection.lab, step)).ok_or_else(|| {
            let lab = &selection.lab.id;
            TaMistake::usage(format!("`{name}` names no step"), format!("`grader show {lab}` lists its steps")).into()
        });
    }
    let labs = if chosen.is_empty() { library.labs()? } else { chosen.to_vec() };
    let found: Vec<_> = labs.iter().filter_map(|lab| lab.step(name).map(|step| (*lab, step))).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(no_step(library, &labs, name)),
        several => {
            let names: Vec<String> = several.iter().map(|(lab, step)| format!("`{}/{}`", lab.id, step.id)).collect();
            Err(TaMistake::usage(format!("`{name}` may be {}", list(&names, "or")), "name the lab too").into())
        }
    }
}

fn no_step(library: &Library, labs: &[&Lab], name: &str) -> Trouble {
    if let Ok(selection) = library.resolve(name) {
        let hint = format!("name one of its steps; `grader show {}` lists them", selection.lab.id);
        return TaMistake::usage(format!("`{name}` is a whole lab"), hint).into();
    }
    // Of a single lab the rubric layer knows best what was meant.
    if let [lab] = labs
        && let Err(mistake) = library.resolve(&format!("{}/{name}", lab.id))
    {
        return mistake.into();
    }
    let known = labs.iter().flat_map(|lab| lab.steps.iter().map(|step| (lab.id.as_str(), step.id.as_str())));
    let near = known
        .map(|(lab, step)| (strsim::osa_distance(name, step), lab, step))
        .filter(|(slips, _, step)| slips * 3 <= name.len().max(step.len()))
        .min();
    let hint = match near {
        Some((_, lab, step)) => format!("did you mean `{lab}/{step}`?"),
        None => "`grader labs` lists the labs and their steps".to_owned(),
    };
    TaMistake::usage(format!("no step is called `{name}`"), hint).into()
}
