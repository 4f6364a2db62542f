//! One mistake of a file or of its user, and all mistakes of a file.

use std::fmt;
use std::sync::Arc;

use super::kind::Kind;
use super::render;
use crate::rubric::place::{Place, Source};

/// Something that the author of a rubric, or who names a lab on the command line, has to put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file it is in, if it is in a file.
    pub file: Option<Arc<Source>>,
    /// `None` when the whole file is meant.
    pub place: Option<Place>,
    pub kind: Box<Kind>,
}

impl Mistake {
    pub fn new(file: &Arc<Source>, place: Place, kind: Kind) -> Mistake {
        Mistake { file: Some(file.clone()), place: Some(place), kind: Box::new(kind) }
    }

    /// A mistake of a whole file.
    pub fn of_file(file: &Arc<Source>, kind: Kind) -> Mistake {
        Mistake { file: Some(file.clone()), place: None, kind: Box::new(kind) }
    }

    /// A mistake that is in no file: on the command line, a folder.
    pub fn outside(kind: Kind) -> Mistake {
        Mistake { file: None, place: None, kind: Box::new(kind) }
    }

    /// The mistake as shown to a person: what, where, and a hint, without a newline at the end.
    pub fn render(&self, colour: bool) -> String {
        render::mistake(self, colour)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Mistake {}

/// All mistakes found in one go, at least one, in the file's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// `None` when there are none. Each is kept once: what an alias repeats is wrong in one place.
    pub fn from_list(mut mistakes: Vec<Mistake>) -> Option<Mistakes> {
        let place = |mistake: &Mistake| mistake.place.map(|place| (place.line, place.column));
        let name = |mistake: &Mistake| mistake.file.as_ref().map(|file| file.name.clone());
        mistakes.sort_by_cached_key(|mistake| (name(mistake), place(mistake)));
        let mut kept: Vec<Mistake> = Vec::new();
        for mistake in mistakes {
            let mut same_place = kept.iter().rev().take_while(|kept| place(kept) == place(&mistake));
            if !same_place.any(|kept| *kept == mistake) {
                kept.push(mistake);
            }
        }
        if kept.is_empty() { None } else { Some(Mistakes(kept)) }
    }

    pub fn list(&self) -> &[Mistake] {
        &self.0
    }

    pub fn into_list(self) -> Vec<Mistake> {
        self.0
    }

    /// One after the other, with an empty line between.
    pub fn render(&self, colour: bool) -> String {
        self.0.iter().map(|mistake| mistake.render(colour)).collect::<Vec<_>>().join("\n\n")
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Mistakes {
        Mistakes(vec![mistake])
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Mistakes {}
