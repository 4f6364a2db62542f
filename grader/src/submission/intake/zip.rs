//! Unpacking a zip archive.

use std::borrow::Cow;
use std::fs::File;
use std::io::BufReader;

use zip::read::ZipFileEntry;
use zip::{CompressionMethod, System, ZipArchive};

use super::metered::{Meter, Metered};
use super::tree::{MOST_ENTRIES, Tree, What};
use super::trouble::Trouble;
use crate::submission::flaw::{Damage, EntryFlaw};
use crate::submission::mistake::Flaw;

/// Of the list at the end, which is held in memory: twice what the most entries need, with paths of usual lengths.
const MOST_OF_INDEX: u64 = 4 << 20;

pub fn unpack(archive: File, tree: &mut Tree) -> Result<(), Trouble> {
    let meter = Meter::new(MOST_OF_INDEX);
    let stream = Metered { inner: BufReader::new(archive), meter: &meter };
    let mut archive = ZipArchive::new(stream).map_err(|_| match meter.over.get() {
        true => Flaw::TooMany,
        false => Flaw::Damaged(Damage::NoIndex),
    })?;
    // The tree would notice too, after writing most of them.
    if archive.len() > MOST_ENTRIES {
        return Err(Flaw::TooMany.into());
    }
    if archive.has_duplicate_names() {
        return Err(Flaw::Damaged(Damage::NameTwice).into());
    }
    // From here on it is the tree that has enough at some point.
    meter.lift();
    for number in 0..archive.len() {
        let entry = archive.by_index_data(number).map_err(|_| Flaw::Damaged(Damage::NoIndex))?;
        let name = name(&entry).into_owned();
        let executable = entry.unix_mode().is_some_and(|mode| mode & 0o111 != 0);
        // Litter is not even decompressed.
        let Some(place) = tree.place(&name, what(&entry, &name))? else { continue };
        let broken = || Flaw::Damaged(Damage::Entry(name.clone()));
        let mut content = archive.by_index(number).map_err(|_| broken())?;
        tree.fill(place, executable, &mut content, &|_| broken())?;
    }
    Ok(())
}

/// Some packers of Windows part the names of a path with `\`, against the format's rules.
fn name<'e>(entry: &'e ZipFileEntry) -> Cow<'e, [u8]> {
    let name = entry.name_raw();
    if entry.system() != System::Dos || name.contains(&b'/') {
        return Cow::Borrowed(name);
    }
    name.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect()
}

fn what(entry: &ZipFileEntry, name: &[u8]) -> What {
    // The kind of file that Unix keeps in the mode; others keep none.
    let kind = entry.unix_mode().unwrap_or(0) & libc::S_IFMT;
    match kind {
        libc::S_IFLNK => What::Refused(EntryFlaw::Link),
        libc::S_IFIFO => What::Refused(EntryFlaw::Special("a FIFO")),
        libc::S_IFSOCK => What::Refused(EntryFlaw::Special("a socket")),
        libc::S_IFCHR | libc::S_IFBLK => What::Refused(EntryFlaw::Special("a device")),
        libc::S_IFDIR => What::Folder,
        _ if name.ends_with(b"/") => What::Folder,
        _ if entry.encrypted() => What::Refused(EntryFlaw::Encrypted),
        _ if ![CompressionMethod::Stored, CompressionMethod::Deflated].contains(&entry.compression()) => {
            What::Refused(EntryFlaw::Method)
        }
        _ => What::File,
    }
}
