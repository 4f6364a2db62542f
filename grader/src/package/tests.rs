//! Packages of a grader that is none: their shape.

use std::path::Path;

use super::tree::Tree;
use super::write::{Upload, refuse_to_overwrite, upload, write};
use super::{Contents, PackageTrouble, Platform};
use crate::rubric::Library;

fn contents(library: &Library) -> Contents<'_> {
    let mut own_labs = Tree::default();
    own_labs.add("02-server/rubric.yaml", "steps: []\n");
    let labs = library.labs().expect("the labs have no mistakes");
    Contents { grader: b"\x7fELF".to_vec(), crates: b"crates".to_vec(), labs, own_labs }
}

/// All that is text in a package.
fn texts(platform: Platform, contents: &Contents) -> Vec<(String, String)> {
    let tree = platform.tree(contents).expect("a package");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0'));
    tree.files().filter_map(|(path, file)| Some((path.to_owned(), text(&file.bytes)?))).collect()
}

#[test]
fn every_blank_of_every_template_is_filled_in_and_lines_end_as_in_unix() {
    let library = Library::embedded();
    for platform in Platform::ALL {
        for (path, text) in texts(platform, &contents(&library)) {
            let blank = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
            let left: Vec<&str> = text.split('@').skip(1).step_by(2).filter(|word| blank(word)).collect();
            assert_eq!(left, Vec::<&str>::new(), "{platform:?}: {path}");
            assert!(!text.contains('\r'), "{platform:?}: {path}");
        }
    }
}

#[test]
fn the_same_contents_make_the_same_bytes() {
    let library = Library::embedded();
    for platform in Platform::ALL {
        let one = upload(platform, &contents(&library)).expect("a package");
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(one == upload(platform, &contents(&library)).expect("a package"), "{platform:?}");
    }
}

#[test]
fn gradescope_finds_its_programs_at_the_root_and_may_run_them() {
    let library = Library::embedded();
    let Upload::Zip(bytes) = upload(Platform::Gradescope, &contents(&library)).expect("a package") else {
        panic!("Gradescope takes a zip")
    };
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
    for name in ["setup.sh", "run_autograder", "grader"] {
        let file = zip.by_name(name).expect("it is at the root");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755), "{name}");
    }
}

#[test]
fn prairielearn_gets_a_question_of_a_lasting_name() {
    let library = Library::embedded();
    let texts = texts(Platform::PrairieLearn, &contents(&library));
    let (_, info) = texts.iter().find(|(path, _)| path == "question/info.json").expect("it has one");
    let info: serde_json::Value = serde_json::from_str(info).expect("it is JSON");
    let uuid =
        regex::Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$").expect("a pattern");
    assert!(uuid.is_match(info["uuid"].as_str().expect("text")), "{info}");
    assert_eq!(info["externalGradingOptions"]["enableNetworking"], false);
}

#[test]
fn what_is_there_is_left_alone() {
    let library = Library::embedded();
    let contents = contents(&library);
    let folder = tempfile::tempdir().expect("a folder");
    let refused = |platform, out: &Path| match refuse_to_overwrite(platform, &contents, out) {
        Err(PackageTrouble::Exists { path }) => Some(path),
        _ => None,
    };
    // A repository that a workflow is added to is no reason to refuse.
    assert_eq!(refused(Platform::Github, folder.path()), None);
    assert_eq!(refused(Platform::Gradescope, folder.path()), Some(folder.path().to_owned()));
    let package = upload(Platform::Github, &contents).expect("a package");
    write(&package, folder.path()).expect("it is written");
    assert_eq!(refused(Platform::Github, folder.path()), Some(folder.path().join(".github/grader/README.md")));
}
