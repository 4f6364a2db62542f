//! Unpacking a tar archive, compressed or not.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use tar::EntryType;

use super::format::{TELLING, is_tar};
use super::metered::{Meter, Metered};
use super::tree::{MOST_BYTES, MOST_ENTRIES, Tree, What};
use super::trouble::Trouble;
use crate::submission::flaw::{Damage, EntryFlaw};
use crate::submission::mistake::Flaw;

/// Of a stream: besides the files themselves, headers and long names. Litter is part of the stream, too: it cannot be
/// passed over without being decompressed.
const MOST_OF_STREAM: u64 = MOST_BYTES + 2048 * MOST_ENTRIES as u64;

pub fn unpack(archive: File, tree: &mut Tree) -> Result<(), Trouble> {
    let meter = Meter::new(MOST_OF_STREAM);
    entries(Metered { inner: BufReader::new(archive), meter: &meter }, &meter, tree)
}

pub fn unpack_gzip(archive: File, tree: &mut Tree) -> Result<(), Trouble> {
    let mut stream = MultiGzDecoder::new(BufReader::new(archive));
    let meter = Meter::new(MOST_OF_STREAM);
    let mut head = Vec::new();
    let mut start = Metered { inner: stream.by_ref(), meter: &meter }.take(TELLING as u64);
    start.read_to_end(&mut head).map_err(|_| trouble(&meter, Damage::Broken))?;
    if !is_tar(&head) {
        return Err(Flaw::NoTar.into());
    }
    let mut whole = Metered { inner: Cursor::new(head).chain(stream), meter: &meter };
    entries(&mut whole, &meter, tree)?;
    // What comes after the archive's end is of no use but for the checksum at the very end.
    io::copy(&mut whole, &mut io::sink()).map_err(|_| trouble(&meter, Damage::Broken))?;
    Ok(())
}

fn entries(stream: impl Read, meter: &Meter, tree: &mut Tree) -> Result<(), Trouble> {
    let mut archive = tar::Archive::new(stream);
    let broken = |_| trouble(meter, Damage::Broken);
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path_bytes().into_owned();
        let Some(what) = what(entry.header().entry_type(), &name) else { continue };
        let executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
        if let Some(place) = tree.place(&name, what)? {
            tree.fill(place, executable, &mut entry, &|_| flaw(meter, Damage::Entry(name.clone())))?;
        }
    }
    // Two blocks of zeros end an archive. Without them it was cut, if only between two files.
    if meter.ended.get() {
        return Err(Flaw::Damaged(Damage::EndsEarly).into());
    }
    Ok(())
}

/// Nothing for what is about the archive and no entry of its own.
fn what(kind: EntryType, name: &[u8]) -> Option<What> {
    Some(match kind {
        // From before there was a kind for them.
        EntryType::Regular if name.ends_with(b"/") => What::Folder,
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => What::File,
        EntryType::Directory => What::Folder,
        EntryType::XGlobalHeader => return None,
        EntryType::Link | EntryType::Symlink => What::Refused(EntryFlaw::Link),
        EntryType::Fifo => What::Refused(EntryFlaw::Special("a FIFO")),
        EntryType::Char | EntryType::Block => What::Refused(EntryFlaw::Special("a device")),
        _ => What::Refused(EntryFlaw::Special("neither a file nor a folder")),
    })
}

/// The first of all that may have gone wrong.
fn flaw(meter: &Meter, otherwise: Damage) -> Flaw {
    match (meter.over.get(), meter.ended.get()) {
        (true, _) => Flaw::TooLarge,
        (false, true) => Flaw::Damaged(Damage::EndsEarly),
        (false, false) => Flaw::Damaged(otherwise),
    }
}

fn trouble(meter: &Meter, otherwise: Damage) -> Trouble {
    flaw(meter, otherwise).into()
}
