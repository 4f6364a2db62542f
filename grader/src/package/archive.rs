//! Archives of a tree: the same tree makes the same bytes, whenever and by whomever.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::tree::Tree;

/// Of everything in a package; some tools warn of files from 1970.
const TIME: u64 = 946_684_800;

pub fn zip(tree: &Tree) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, file) in tree.files() {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(file.mode());
        zip.start_file(path, options)?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// With its folders, so that nobody's mask has a say in who may look into them.
pub fn tar(tree: &Tree) -> io::Result<Vec<u8>> {
    let mut tar = Builder::new(Vec::new());
    let mut folders = BTreeSet::new();
    for (path, file) in tree.files() {
        for (end, _) in path.match_indices('/') {
            if folders.insert(&path[..end]) {
                tar.append_data(&mut header(EntryType::Directory, 0o755, 0), &path[..=end], io::empty())?;
            }
        }
        let mut header = header(EntryType::Regular, file.mode(), file.bytes.len() as u64);
        tar.append_data(&mut header, path, file.bytes.as_slice())?;
    }
    tar.into_inner()
}

pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    gzip.write_all(bytes)?;
    gzip.finish()
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(TIME);
    header.set_uid(0);
    header.set_gid(0);
    header
}
