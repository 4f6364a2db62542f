//! `warm`: the starter's crates, made before anybody waits for them.

use super::args::LevelName;
use super::output::Output;
use super::trouble::{OwnFault, Trouble};
use crate::cell::{Level, best_level};
use crate::submission::{Cache, warm as make};

pub fn warm(level: Option<LevelName>, output: &Output) -> Result<(), Trouble> {
    let cache = Cache::open().map_err(|error| OwnFault::new(format!("cannot open the build cache: {error}")))?;
    let level = level.map_or_else(|| best_level().0, Level::from);
    make(level, &cache).map_err(|trouble| OwnFault::new(trouble.to_string()))?;
    output.print(&format!("the starter's crates are built for level {level}, in {}\n", cache.crates().display()))
}
