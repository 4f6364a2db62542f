//! The result file: complete and valid at every moment, whatever happens to the grader.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::NamedTempFile;

const PREFIX: &str = ".grader-";
const SUFFIX: &str = ".tmp";

/// A file that is replaced as a whole, again and again.
#[derive(Debug, Clone)]
pub struct ResultFile {
    /// As it was given, for messages.
    given: PathBuf,
    path: PathBuf,
    /// A pipe or a device has nothing to be replaced: it gets the last version.
    stream: bool,
}

impl ResultFile {
    pub fn at(path: &Path) -> ResultFile {
        // A link stays a link.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let stream = fs::metadata(&real).is_ok_and(|it| !it.is_file() && !it.is_dir());
        ResultFile { given: path.to_owned(), path: real, stream }
    }

    pub fn name(&self) -> String {
        self.given.display().to_string()
    }

    /// A version that a later one replaces.
    pub fn save(&self, bytes: &[u8]) -> io::Result<()> {
        if self.stream {
            return OpenOptions::new().write(true).open(&self.path).map(|_: File| ());
        }
        self.replace(bytes, false)
    }

    /// The last version, which outlives a loss of power too.
    pub fn finish(&self, bytes: &[u8]) -> io::Result<()> {
        if self.stream {
            return OpenOptions::new().write(true).open(&self.path)?.write_all(bytes);
        }
        self.replace(bytes, true)
    }

    /// The folder it is in.
    pub fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// A version that is on disk, and takes its place later, or never.
    pub fn draft(&self, bytes: &[u8]) -> io::Result<Draft> {
        Ok(Draft { file: self.aside(bytes, false)?, path: self.path.clone() })
    }

    /// Under another name first: who looks at the file sees the old one or the new one, and never half of one.
    fn replace(&self, bytes: &[u8], durable: bool) -> io::Result<()> {
        self.aside(bytes, durable)?.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }

    fn aside(&self, bytes: &[u8], durable: bool) -> io::Result<NamedTempFile> {
        let folder = self.folder();
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX).permissions(Permissions::from_mode(0o666));
        let mut file = {
            // Until it has its lock, another thread's sweep would take it for a dead one's.
            static SWEEPING: Mutex<()> = Mutex::new(());
            let _turn = SWEEPING.lock().unwrap_or_else(PoisonError::into_inner);
            sweep(folder);
            let file = builder.tempfile_in(folder)?;
            // Without locks in this file system, nobody takes it for that either.
            let _ = file.as_file().try_lock();
            file
        };
        file.write_all(bytes)?;
        if durable {
            file.as_file().sync_all()?;
        }
        Ok(file)
    }
}

/// A file under a name for the time being. It is gone with this, unless it was published.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    path: PathBuf,
}

impl Draft {
    pub fn publish(self) -> io::Result<()> {
        self.file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Removes what a grader has left that was killed while it wrote.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_one = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if is_one && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            // Somebody else may be faster.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, symlink};
    use std::path::Path;

    use super::ResultFile;

    #[test]
    fn each_version_replaces_the_one_before_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("result.json");
        let file = ResultFile::at(&path);
        file.save(b"a longer first version").expect("it is written");
        file.finish(b"second").expect("it is written");
        assert_eq!(fs::read(&path).expect("it is there"), b"second");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_draft_takes_its_place_when_it_is_published_and_leaves_nothing_otherwise() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("capture");
        let file = ResultFile::at(&path);
        drop(file.draft(b"never").expect("it is written"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        let (draft, other) = (file.draft(b"at last").expect("it is written"), file.draft(b"x").expect("it is written"));
        assert!(!path.exists());
        draft.publish().expect("it is renamed");
        drop(other);
        assert_eq!(fs::read(&path).expect("it is there"), b"at last");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_said_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(ResultFile::at(folder.path()).save(b"x").is_err());
        assert!(ResultFile::at(&folder.path().join("no/such/folder")).save(b"x").is_err());
    }

    #[test]
    fn a_link_and_a_device_stay_what_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").expect("it is written");
        symlink(&file, &link).expect("a link");
        ResultFile::at(&link).finish(b"new").expect("it is written");
        assert_eq!(fs::read(&file).expect("it is there"), b"new");
        assert!(link.is_symlink());

        let null = Path::new("/dev/null");
        let before = fs::metadata(null).expect("it is there").ino();
        ResultFile::at(null).save(b"x").expect("it is written");
        ResultFile::at(null).finish(b"x").expect("it is written");
        assert_eq!(fs::metadata(null).expect("it is still there").ino(), before);
    }
}
