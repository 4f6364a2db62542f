//! The grader's layers point one way, and its files stay small.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::top;

/// Each layer, and the layers it may use. What is not listed may not be used.
const LAYERS: &[(&str, &[&str])] = &[
    ("rubric", &[]),
    ("probe", &[]),
    ("cell", &["probe"]),
    ("engine", &["cell", "probe", "rubric"]),
    ("submission", &["engine", "cell"]),
    ("score", &["engine", "cell", "rubric"]),
    ("report", &["score", "engine", "cell", "rubric"]),
    ("class", &["report", "score", "submission", "engine", "cell", "rubric"]),
    ("interop", &["report", "submission", "engine", "cell", "rubric"]),
    ("verify", &["score", "submission", "engine", "cell", "rubric"]),
    ("package", &["submission", "rubric"]),
    (
        "cli",
        &[
            "class",
            "interop",
            "verify",
            "package",
            "report",
            "score",
            "submission",
            "engine",
            "cell",
            "probe",
            "rubric",
        ],
    ),
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
            false => {}
        }
    }
    files.sort();
    files
}

fn layer_files(layer: &str) -> Vec<PathBuf> {
    let source = top().join("grader/src");
    let file = source.join(format!("{layer}.rs"));
    let mut files = rust_files(&source.join(layer));
    files.extend(file.is_file().then_some(file));
    files
}

#[test]
fn no_layer_looks_left() {
    let mut looks = Vec::new();
    for (layer, may_use) in LAYERS {
        let files = layer_files(layer);
        assert!(!files.is_empty(), "there is no layer {layer}");
        for file in files {
            let text = fs::read_to_string(&file).expect("a source file is readable");
            let used = LAYERS.iter().map(|(other, _)| other).filter(|other| text.contains(&format!("crate::{other}")));
            for other in used.filter(|other| *other != layer && !may_use.contains(other)) {
                looks.push(format!("{} uses {other}", file.display()));
            }
        }
    }
    assert_eq!(looks, Vec::<String>::new());
}

#[test]
fn every_folder_of_the_grader_is_a_layer() {
    let folders = fs::read_dir(top().join("grader/src")).expect("grader/src").flatten();
    let folders = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let known = |name: &std::ffi::OsString| LAYERS.iter().any(|(layer, _)| *layer == name);
    let unknown: Vec<_> = folders.filter(|name| !known(name)).collect();
    assert_eq!(unknown, Vec::<std::ffi::OsString>::new());
}

#[test]
fn unsafe_code_stays_where_the_kernel_needs_it() {
    let allowed = ["grader/src/cell", "grader/src/probe"].map(|folder| top().join(folder));
    let offenders: Vec<_> = rust_files(&top().join("grader/src"))
        .into_iter()
        .filter(|file| !allowed.iter().any(|folder| file.starts_with(folder)))
        .filter(|file| {
            fs::read_to_string(file).is_ok_and(|text| text.contains("unsafe {") || text.contains("unsafe fn"))
        })
        .collect();
    assert_eq!(offenders, Vec::<PathBuf>::new());
}

#[test]
fn mod_rs_only_names_and_re_exports() {
    for (layer, _) in LAYERS {
        let file = top().join("grader/src").join(layer).join("mod.rs");
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let code = text.lines().filter(|line| line.starts_with("fn ") || line.starts_with("impl ")).collect::<Vec<_>>();
        assert_eq!(code, Vec::<&str>::new(), "{} holds code", file.display());
    }
}
