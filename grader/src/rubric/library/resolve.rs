//! What is meant by `02-server`, `server` or `02-server/backlog`.

use super::shelf::Library;
use crate::rubric::lab::{Lab, Step};
use crate::rubric::mistakes::{Kind, Mistake, Mistakes};
use crate::rubric::suggest::nearest;

/// A lab, or one step of it.
#[derive(Debug, Clone, Copy)]
pub struct Selection<'l> {
    pub lab: &'l Lab,
    pub step: Option<&'l Step>,
}

impl Library {
    pub fn resolve(&self, asked: &str) -> Result<Selection<'_>, Mistakes> {
        // As the shell completes it.
        let asked = asked.strip_prefix("labs/").unwrap_or(asked);
        let (lab, step) = match asked.split_once('/') {
            Some((lab, step)) if !step.is_empty() => (lab, Some(step)),
            _ => (asked.trim_end_matches('/'), None),
        };
        let lab = self.resolve_lab(lab)?;
        let step = step.map(|step| resolve_step(lab, step)).transpose()?;
        Ok(Selection { lab, step })
    }

    /// By its id, or by an end of it after a `-` that no other lab has.
    fn resolve_lab(&self, asked: &str) -> Result<&Lab, Mistakes> {
        let ending = format!("-{asked}");
        let fitting: Vec<&str> = match self.ids().find(|id| *id == asked) {
            Some(id) => vec![id],
            None => self.ids().filter(|id| id.ends_with(&ending)).collect(),
        };
        match fitting.as_slice() {
            [] => {}
            [id] => {
                if let Some(lab) = self.lab(id)? {
                    return Ok(lab);
                }
            }
            several => {
                let labs = several.iter().map(|id| (*id).to_owned()).collect();
                return Err(Mistake::outside(Kind::AmbiguousLab { asked: asked.to_owned(), labs }).into());
            }
        }
        // Without its number a lab's name is as good.
        let short = || self.ids().map(|id| (id.split_once('-').map_or(id, |(_, name)| name), id));
        let near = nearest(asked, self.ids()).or_else(|| {
            let name = nearest(asked, short().map(|(name, _)| name))?;
            short().find(|(short, _)| *short == name).map(|(_, id)| id)
        });
        let (asked, near) = (asked.to_owned(), near.map(str::to_owned));
        let known = self.ids().map(str::to_owned).collect();
        Err(Mistake::outside(Kind::UnknownLab { asked, near, known }).into())
    }
}

fn resolve_step<'l>(lab: &'l Lab, asked: &str) -> Result<&'l Step, Mistake> {
    lab.step(asked).ok_or_else(|| {
        let known: Vec<String> = lab.steps.iter().map(|step| step.id.clone()).collect();
        let near = nearest(asked, known.iter().map(String::as_str)).map(str::to_owned);
        Mistake::outside(Kind::NoSuchStep { lab: lab.id.clone(), asked: asked.to_owned(), near, known })
    })
}
