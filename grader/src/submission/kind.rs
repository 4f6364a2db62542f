//! How a submission is built: found out from what is in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::shown::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is a `Cargo.toml`.
    Cargo,
    /// There is a `Makefile`.
    Make,
    /// Executables of the right names, taken as they are.
    Ready,
}

impl Kind {
    pub fn of(folder: &Path) -> Kind {
        if folder.join("Cargo.toml").is_file() {
            Kind::Cargo
        } else if ["Makefile", "makefile", "GNUmakefile"].iter().any(|name| folder.join(name).is_file()) {
            Kind::Make
        } else {
            Kind::Ready
        }
    }

    /// Names of the programs that can be had from the folder, as far as can be told without building.
    pub fn programs(self, folder: &Path) -> Vec<String> {
        let mut programs = match self {
            Kind::Cargo => cargo_programs(folder),
            Kind::Make => make_targets(folder),
            Kind::Ready => executables(folder),
        };
        programs.sort();
        programs.dedup();
        programs
    }
}

/// `src/bin/NAME.rs`, `src/bin/NAME/main.rs` and the names that the manifest gives.
fn cargo_programs(folder: &Path) -> Vec<String> {
    let mut programs = Vec::new();
    for entry in fs::read_dir(folder.join("src/bin")).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_program = path.extension().is_some_and(|extension| extension == "rs") || path.join("main.rs").is_file();
        programs.extend(path.file_stem().filter(|_| is_program).map(text));
    }
    let has_main = folder.join("src/main.rs").is_file();
    let names = named(folder).into_iter();
    programs.extend(
        names.filter(|(section, _)| section == "[[bin]]" || (section == "[package]" && has_main)).map(|(_, name)| name),
    );
    programs
}

/// Every `name = "…"` of the manifest, with the section it stands in.
fn named(folder: &Path) -> Vec<(String, String)> {
    let manifest = fs::read(folder.join("Cargo.toml")).unwrap_or_default();
    let mut section = String::new();
    let mut names = Vec::new();
    for line in String::from_utf8_lossy(&manifest).lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.to_owned();
        }
        if let Some((key, value)) = line.split_once('=')
            && key.trim() == "name"
        {
            names.push((section.clone(), value.trim().trim_matches('"').to_owned()));
        }
    }
    names
}

/// Words before a colon at the beginning of a line: `client: client.o rio.o`.
fn make_targets(folder: &Path) -> Vec<String> {
    let file = ["GNUmakefile", "makefile", "Makefile"].iter().map(|name| folder.join(name)).find(|path| path.is_file());
    let text = file.and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let rules = text.lines().filter(|line| !line.starts_with(['\t', '#', ' ', '.']));
    let targets = rules.filter_map(|line| line.split_once(':')).filter(|(_, rest)| !rest.starts_with('='));
    targets.flat_map(|(names, _)| names.split_whitespace()).map(str::to_owned).collect()
}

fn executables(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.metadata().is_ok_and(|meta| meta.is_file() && is_executable(&meta)));
    files.map(|entry| text(&entry.file_name())).collect()
}

pub fn is_executable(metadata: &fs::Metadata) -> bool {
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str, u32)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, mode) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        folder
    }

    fn seen(files: &[(&str, &str, u32)]) -> (Kind, Vec<String>) {
        let folder = folder(files);
        let kind = Kind::of(folder.path());
        (kind, kind.programs(folder.path()))
    }

    #[test]
    fn a_manifest_means_cargo_even_beside_a_makefile() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"x\"", 0o644),
            ("Makefile", "server:", 0o644),
            ("src/bin/server.rs", "", 0o644),
        ];
        assert_eq!(seen(&files), (Kind::Cargo, vec!["server".to_owned()]));
    }

    #[test]
    fn a_crate_with_a_main_file_gives_a_program_of_its_own_name() {
        let files = [
            ("Cargo.toml", "[package]\nname = \"client\"\n[dependencies]\nnix = \"1\"", 0o644),
            ("src/main.rs", "", 0o644),
        ];
        assert_eq!(seen(&files), (Kind::Cargo, vec!["client".to_owned()]));
    }

    #[test]
    fn a_makefile_means_make() {
        let files =
            [("Makefile", "CC := gcc\nall: server client\nserver: server.c\n\tcc -o a:b\n.PHONY: all\n", 0o644)];
        assert_eq!(seen(&files), (Kind::Make, vec!["all".to_owned(), "server".to_owned()]));
    }

    #[test]
    fn otherwise_executables_count_and_plain_files_do_not() {
        let files = [("server", "#!/bin/sh", 0o755), ("notes", "", 0o644)];
        assert_eq!(seen(&files), (Kind::Ready, vec!["server".to_owned()]));
    }
}
