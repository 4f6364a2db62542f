//! Labs in a folder, and what is meant by their names.

use std::fs;
use std::path::Path;

use super::specimen::{FULL, same, step};
use crate::rubric::{Library, load_file, load_mutants_beside};

/// A folder with these labs; each file's path and text.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn three_labs() -> tempfile::TempDir {
    let rubric = step("exchange: [ student: { wait: 1ms } ]");
    folder(&[
        ("02-server/rubric.yaml", FULL.as_bytes()),
        ("02-server/README.md", b"# The server's view\n"),
        ("02-server/fixtures/cat.bin", b"meow"),
        ("02-server/fixtures/site/cat.html", b"<h1>meow</h1>\n"),
        (
            "02-server/mutants.yaml",
            b"mutants:\n  - { id: a, mistake: M, file: a, replace: a, with: b, fails: [one] }\n",
        ),
        ("01-client/rubric.yaml", rubric.as_bytes()),
        ("09-echo-client/rubric.yaml", rubric.as_bytes()),
        ("notes/README.md", b"not a lab"),
    ])
}

/// The message with the folder's own name taken out.
fn redacted(message: impl ToString, folder: &Path) -> String {
    message.to_string().replace(&folder.display().to_string(), "DIR")
}

#[test]
fn labs_come_sorted_with_their_handouts() {
    let folder = three_labs();
    let library = Library::open(folder.path()).unwrap();
    let ids: Vec<&str> = library.labs().unwrap().into_iter().map(|lab| lab.id.as_str()).collect();
    assert_eq!(ids, ["01-client", "02-server", "09-echo-client"]);
    assert_eq!(library.lab("02-server").unwrap().unwrap().handout, "# The server's view\n");
    assert_eq!(library.lab("01-client").unwrap().unwrap().handout, "");
}

#[test]
fn the_embedded_labs_have_no_mistakes() {
    let library = Library::embedded();
    for lab in library.labs().unwrap_or_else(|mistakes| panic!("{mistakes}")) {
        library.mutants(lab).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert_eq!(lab.source.name, format!("labs/{}/rubric.yaml", lab.id));
    }
}

#[test]
fn a_name_means_a_lab_or_a_step() {
    let folder = three_labs();
    let library = Library::open(folder.path()).unwrap();
    let resolved = |asked: &str| {
        let selection = library.resolve(asked).unwrap_or_else(|mistake| panic!("{mistake}"));
        (selection.lab.id.clone(), selection.step.map(|step| step.id.clone()))
    };
    assert_eq!(resolved("02-server"), ("02-server".into(), None));
    assert_eq!(resolved("server/"), ("02-server".into(), None));
    assert_eq!(resolved("server/crowd"), ("02-server".into(), Some("crowd".into())));
    assert_eq!(resolved("labs/02-server"), ("02-server".into(), None));
    assert_eq!(resolved("01-client"), ("01-client".into(), None));
}

#[test]
fn an_unknown_name_is_shown_with_the_one_that_was_meant() {
    let folder = three_labs();
    let library = Library::open(folder.path()).unwrap();
    let mistake = |asked: &str| library.resolve(asked).unwrap_err().to_string();
    same(
        &mistake("sevrer"),
        r#"
error: there is no lab `sevrer`
hint: did you mean `02-server`?
"#,
    );
    same(
        &mistake("02-srever/crowd"),
        r#"
error: there is no lab `02-srever`
hint: did you mean `02-server`?
"#,
    );
    same(
        &mistake("chat"),
        r#"
error: there is no lab `chat`
hint: the labs are `01-client`, `02-server` and `09-echo-client`
"#,
    );
    same(
        &mistake("client"),
        r#"
error: `client` may be one of several labs
hint: write `01-client` or `09-echo-client`
"#,
    );
    same(
        &mistake("server/crowed"),
        r#"
error: `02-server` has no step `crowed`
hint: did you mean `crowd`?
"#,
    );
    same(
        &mistake("server/backlog"),
        r#"
error: `02-server` has no step `backlog`
hint: its steps are `slow-client`, `crowd`, `last` and `extra`
"#,
    );
}

#[test]
fn a_folder_without_labs_is_a_mistake() {
    let folder = folder(&[("notes/README.md", b"not a lab")]);
    same(
        &redacted(Library::open(folder.path()).unwrap_err(), folder.path()),
        r#"
error: there is no lab in `DIR`
hint: a lab is a folder with a `rubric.yaml`
"#,
    );
    same(
        &redacted(Library::open(&folder.path().join("nowhere")).unwrap_err(), folder.path()),
        r#"
error: cannot read `DIR/nowhere`: no such file or directory
"#,
    );
}

#[test]
fn mistakes_of_all_labs_come_together() {
    let folder = folder(&[("b/rubric.yaml", b""), ("a/rubric.yaml", b"tilte: \"\xff\"\n")]);
    same(
        &redacted(Library::open(folder.path()).unwrap().labs().unwrap_err(), folder.path()),
        r#"
error: the file is not UTF-8 text from here on
 --> DIR/a/rubric.yaml:1:9
  |
1 | tilte: "�"
  |         ^
hint: bytes that are not text are written `{ hex: "ff d8" }`

error: the file is empty
--> DIR/b/rubric.yaml
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
}

#[test]
fn a_lab_with_mistakes_is_in_nobodys_way_but_of_who_asks_for_it() {
    let folder = three_labs();
    fs::write(folder.path().join("01-client/rubric.yaml"), "").unwrap();
    let library = Library::open(folder.path()).unwrap();
    assert_eq!(library.resolve("server/crowd").unwrap().lab.id, "02-server");
    same(
        &redacted(library.resolve("01-client").unwrap_err(), folder.path()),
        r#"
error: the file is empty
--> DIR/01-client/rubric.yaml
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
}

#[test]
fn mutants_are_read_with_their_lab() {
    let folder = three_labs();
    let library = Library::open(folder.path()).unwrap();
    assert!(library.mutants(library.lab("01-client").unwrap().unwrap()).unwrap().is_empty());
    let mistakes = library.mutants(library.lab("02-server").unwrap().unwrap()).unwrap_err();
    same(
        &redacted(&mistakes, folder.path()),
        r#"
error: no step is called `one`
 --> DIR/02-server/mutants.yaml:2:64
  |
2 |   - { id: a, mistake: M, file: a, replace: a, with: b, fails: [one] }
  |                                                                ^^^
hint: the steps are `slow-client`, `crowd`, `last` and `extra`
"#,
    );
    let rubric = folder.path().join("02-server/rubric.yaml");
    let lab = load_file(&rubric).unwrap();
    assert_eq!(load_mutants_beside(&rubric, &lab).unwrap_err(), mistakes);
}

#[test]
fn one_rubric_is_loaded_by_its_file_or_its_folder() {
    let folder = three_labs();
    let lab = load_file(&folder.path().join("02-server")).unwrap();
    assert_eq!(lab.id, "02-server");
    assert_eq!(lab.source.name, folder.path().join("02-server/rubric.yaml").display().to_string());
    same(
        &redacted(load_file(&folder.path().join("rubric.yaml")).unwrap_err(), folder.path()),
        r#"
error: cannot read `DIR/rubric.yaml`: no such file or directory
"#,
    );
}

#[test]
fn a_link_does_not_lead_out_of_the_fixtures() {
    let folder = three_labs();
    let fixtures = folder.path().join("02-server/fixtures");
    fs::remove_file(fixtures.join("cat.bin")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("notes/README.md"), fixtures.join("cat.bin")).unwrap();
    let message = load_file(&folder.path().join("02-server")).unwrap_err().to_string();
    assert!(message.starts_with("error: there is no file `cat.bin` in `fixtures/`"), "{message}");
}
