//! The class's seed: one for all, drawn once.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

const FILE: &str = "seed";

/// Short enough to type.
pub fn draw() -> u64 {
    fastrand::u32(..).into()
}

/// The seed that all parts of a class have: drawn by the first one that asks for it in the folder that they share.
pub fn shared(folder: &Path) -> io::Result<u64> {
    fs::create_dir_all(folder)?;
    let path = folder.join(FILE);
    let mut file = tempfile::Builder::new().prefix(".grader-").suffix(".tmp").tempfile_in(folder)?;
    writeln!(file, "{}", draw())?;
    match file.persist_noclobber(&path) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
        _ => {}
    }
    let text = fs::read_to_string(&path)?;
    text.trim().parse().map_err(|_| io::Error::other(format!("`{}` holds no seed", path.display())))
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn all_parts_get_the_seed_that_the_first_one_drew() {
        let folder = tempfile::tempdir().expect("a folder");
        let seeds: Vec<u64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| shared(folder.path()).expect("a seed"))).collect();
            threads.into_iter().map(|thread| thread.join().expect("it ends")).collect()
        });
        assert!(seeds.iter().all(|seed| *seed == seeds[0]), "{seeds:?}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
