//! The steps of a lab among each other: ids, `needs`, points.

use std::collections::HashMap;

use crate::rubric::lab::Step;
use crate::rubric::mistakes::Kind;
use crate::rubric::place::Place;
use crate::rubric::points::Points;
use crate::rubric::read::ReadStep;
use crate::rubric::role::Role;
use crate::rubric::suggest::nearest;

/// What a lab is worth without extra credit.
const WORTH: Points = Points::whole(100);

/// `complete` says that every step of the file is among them; `place` is where `steps` stands.
pub fn steps(steps: &[ReadStep], complete: bool, place: Place) -> Vec<(Place, Kind)> {
    let mut found = twice(steps);
    if complete {
        found.extend(unknown(steps));
        found.extend(sum(steps).map(|kind| (place, kind)));
    }
    found.extend(bonus(steps));
    found.extend(programs(steps));
    found.extend(circles(steps));
    found
}

/// Exchanges between submissions: each has an id of its own, and somebody from the other one.
pub fn interop(exchanges: &[Step]) -> Vec<(Place, Kind)> {
    let mut found = Vec::new();
    for (at, exchange) in exchanges.iter().enumerate() {
        let is_same = |first: &&Step| !exchange.id.is_empty() && first.id == exchange.id;
        if let Some(first) = exchanges[..at].iter().find(is_same) {
            let kind = Kind::IdTwice { id: exchange.id.clone(), first_line: first.place.line };
            found.push((exchange.place, kind));
        }
        // Without lines there are other mistakes to be told first.
        if !exchange.exchange.is_empty() && exchange.programs().next().is_none() {
            found.push((exchange.place, Kind::NobodyElse));
        }
    }
    found
}

/// Nobody is to lose points here for a program that another lab grades.
fn programs(steps: &[ReadStep]) -> Vec<(Place, Kind)> {
    let graded = steps.iter().filter(|read| !read.step.bonus);
    let first = graded.filter_map(|read| {
        let actor = read.step.actors.iter().find(|actor| matches!(actor.role, Role::Program(_)))?;
        let Role::Program(program) = &actor.role else { return None };
        Some((actor.place, Kind::ProgramInGradedStep { program: program.clone() }))
    });
    first.collect()
}

fn twice(steps: &[ReadStep]) -> Vec<(Place, Kind)> {
    let mut found = Vec::new();
    for (at, read) in steps.iter().enumerate().filter(|(_, read)| !read.step.id.is_empty()) {
        if let Some(first) = steps[..at].iter().find(|first| first.step.id == read.step.id) {
            let kind = Kind::IdTwice { id: read.step.id.clone(), first_line: first.step.place.line };
            found.push((read.step.place, kind));
        }
    }
    found
}

fn unknown(steps: &[ReadStep]) -> Vec<(Place, Kind)> {
    let ids = || steps.iter().map(|read| read.step.id.as_str()).filter(|id| !id.is_empty());
    // The id that could not be read may be the one that is meant.
    if ids().count() < steps.len() {
        return Vec::new();
    }
    needs(steps)
        .filter(|(_, need, _)| ids().all(|id| id != *need))
        .map(|(_, need, place)| (place, unknown_step(need, ids())))
        .collect()
}

/// The mistake of naming a step that there is not.
pub fn unknown_step<'s>(id: &str, known: impl Iterator<Item = &'s str> + Clone) -> Kind {
    Kind::UnknownStep {
        id: id.to_owned(),
        near: nearest(id, known.clone()).map(str::to_owned),
        known: known.map(str::to_owned).collect(),
    }
}

/// Each `needs` with its step, the id and its place.
fn needs(steps: &[ReadStep]) -> impl Iterator<Item = (&ReadStep, &str, Place)> {
    steps.iter().flat_map(|read| {
        read.step.needs.iter().zip(&read.needs).map(move |(need, place)| (read, need.as_str(), *place))
    })
}

fn bonus(steps: &[ReadStep]) -> Vec<(Place, Kind)> {
    let is_bonus = |id: &str| steps.iter().any(|read| read.step.id == id && read.step.bonus);
    needs(steps)
        .filter(|(read, need, _)| !read.step.bonus && is_bonus(need))
        .map(|(_, need, place)| (place, Kind::NeedsBonus { needs: need.to_owned() }))
        .collect()
}

fn sum(steps: &[ReadStep]) -> Option<Kind> {
    let counted = || steps.iter().filter(|read| !read.step.bonus);
    let points: Points = counted().map(|read| read.step.points).sum();
    let known = !steps.is_empty() && steps.iter().all(|read| read.has_points);
    (known && points != WORTH).then_some(Kind::Sum { points })
}

/// Circles that have no step in common.
fn circles(steps: &[ReadStep]) -> Vec<(Place, Kind)> {
    let index: HashMap<&str, usize> = steps.iter().enumerate().map(|(at, read)| (read.step.id.as_str(), at)).collect();
    let needs: Vec<Vec<(usize, Place)>> = steps
        .iter()
        .map(|read| {
            let places = read.step.needs.iter().zip(&read.needs);
            places.filter_map(|(need, place)| Some((*index.get(need.as_str())?, *place))).collect()
        })
        .collect();
    let left = unordered(&needs);
    let mut visited = vec![false; steps.len()];
    let mut found = Vec::new();
    for start in (0..steps.len()).filter(|start| left[*start]) {
        let mut path: Vec<(usize, Place)> = Vec::new();
        let mut at = start;
        while !visited[at] {
            visited[at] = true;
            // Whoever is left needs somebody who is left, so the way ends in a circle, or where one was before.
            let Some((next, place)) = needs[at].iter().find(|(next, _)| left[*next]) else { break };
            path.push((at, *place));
            at = *next;
        }
        if let Some(begin) = path.iter().position(|(step, _)| *step == at) {
            let circle = path[begin..].iter().map(|(step, _)| steps[*step].step.id.clone()).collect();
            found.push((path[begin].1, Kind::Circle { steps: circle }));
        }
    }
    found
}

/// The steps that are never reached by playing each one after those it needs.
fn unordered(needs: &[Vec<(usize, Place)>]) -> Vec<bool> {
    let mut left = vec![true; needs.len()];
    loop {
        let before = left.iter().filter(|left| **left).count();
        for at in 0..needs.len() {
            left[at] = left[at] && needs[at].iter().any(|(need, _)| left[*need]);
        }
        if left.iter().filter(|left| **left).count() == before {
            return left;
        }
    }
}
