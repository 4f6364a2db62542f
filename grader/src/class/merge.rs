//! The parts of a class, each in a store of its own, put together into one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::captures::copies;
use super::run::Class;
use super::shard::Shard;
use super::store::{Header, StoreTrouble, header, own, record_of};

/// The parts in a folder.
#[derive(Debug, Default)]
pub struct Parts {
    pub parts: Vec<(PathBuf, Header)>,
    /// Of other labs, of another number of parts, or with other random bytes.
    pub differ: bool,
    pub missing: Vec<Shard>,
}

/// What came of putting them together.
#[derive(Debug, Default)]
pub struct Merged {
    pub taken: usize,
    /// Submissions that no part has graded, by id.
    pub open: Vec<String>,
}

/// What lies in the folder, by the parts' numbers.
pub fn parts(folder: &Path) -> Result<Parts, StoreTrouble> {
    let mut found: Vec<(Shard, PathBuf, Header)> = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Parts::default()),
        entries => entries.map_err(own("read", folder))?,
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(header) = header(&path) else { continue };
        // Only under its own name: a copy beside it is not another part.
        let Some(shard) = header.shard.filter(|shard| path.ends_with(shard.folder())) else { continue };
        found.push((shard, path, header));
    }
    found.sort_by_key(|(shard, ..)| (shard.of, shard.number));
    let Some((first, _, like)) = found.first().cloned() else { return Ok(Parts::default()) };
    let differ = found.iter().any(|(shard, _, header)| shard.of != first.of || header.labs != like.labs);
    let is_there = |number: u32| found.iter().any(|(shard, ..)| shard.number == number);
    let missing = (1..=first.of).filter(|number| !is_there(*number)).filter_map(|number| Shard::new(number, first.of));
    let missing = missing.collect();
    let parts = found.into_iter().map(|(_, path, header)| (path, header)).collect();
    Ok(Parts { parts, differ, missing })
}

/// Takes what the parts have of each submission into the class's own store; reports are written anew.
pub fn collect(class: &Class, parts: &Parts) -> Result<Merged, StoreTrouble> {
    let mut merged = Merged::default();
    for (at, entry) in class.entries.iter().enumerate() {
        let of = |folder: &Path| record_of(folder, &entry.id).map(|record| (record, folder.to_owned()));
        // Its own part alone: a class of 100,000 in 100 parts has ten million places to look otherwise.
        let own = parts.parts.iter().filter(|(_, header)| header.shard.is_some_and(|shard| shard.has(&entry.name)));
        let records = own.filter_map(|(part, _)| of(part));
        // What was graded here since is newer than what the parts have.
        let records = records.chain(of(class.store.path())).filter(|(record, _)| record.finished);
        match records.max_by(|(one, _), (other, _)| one.graded_at.cmp(&other.graded_at)) {
            Some((record, folder)) => {
                let elsewhere = folder != class.store.path();
                let captures = if elsewhere { copies(&class.store, &entry.id, &folder)? } else { Vec::new() };
                class.keep(at, &record, captures)?;
                merged.taken += 1;
            }
            None => merged.open.push(entry.id.clone()),
        }
    }
    Ok(merged)
}
