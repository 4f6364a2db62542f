//! Mistakes of `mutants.yaml`.

use super::specimen::{FULL, loaded, same};
use crate::rubric::{load_mutants, untested_steps};

const GOOD: &str = "mutants:
  - id: no-echo
    mistake: What comes is thrown away.
    file: src/bin/server.rs
    replace: |
      write_all(buffer)?;
    with:
    fails: [slow-client, crowd]
  - { id: two, mistake: M, file: a.rs, replace: a, with: b, fails: extra }
";

fn mistakes(text: &str) -> String {
    match load_mutants("labs/02-server/mutants.yaml", text, &loaded(FULL)) {
        Ok(_) => "no mistake".to_owned(),
        Err(mistakes) => mistakes.to_string(),
    }
}

#[test]
fn good_mutants_become_what_they_say() {
    let lab = loaded(FULL);
    let mutants = load_mutants("mutants.yaml", GOOD, &lab).unwrap();
    assert_eq!(mutants[0].id, "no-echo");
    assert_eq!(mutants[0].mistake, "What comes is thrown away.");
    assert_eq!(mutants[0].file, "src/bin/server.rs");
    assert_eq!(mutants[0].replace, "write_all(buffer)?;\n");
    assert_eq!(mutants[0].with, "");
    assert_eq!(mutants[0].fails, ["slow-client", "crowd"]);
    assert_eq!((mutants[0].place.line, mutants[0].place.column), (2, 9));
    assert_eq!(mutants[1].fails, ["extra"]);
    let untested: Vec<&str> = untested_steps(&lab, &mutants).iter().map(|step| step.id.as_str()).collect();
    assert_eq!(untested, ["last"]);
}

#[test]
fn the_file_is_a_list_under_mutants() {
    same(
        &mistakes(""),
        r#"
error: the file is empty
--> labs/02-server/mutants.yaml
hint: its mutants stand in a list under `mutants:`
"#,
    );
    same(
        &mistakes("- id: a\n"),
        r#"
error: words and their values are looked for here
 --> labs/02-server/mutants.yaml:1:1
  |
1 | - id: a
  | ^
hint: its mutants stand in a list under `mutants:`
"#,
    );
    same(
        &mistakes("mutatns: []\n"),
        r#"
error: unknown word `mutatns`
 --> labs/02-server/mutants.yaml:1:1
  |
1 | mutatns: []
  | ^^^^^^^
hint: did you mean `mutants`?

error: the file has no `mutants`
 --> labs/02-server/mutants.yaml:1:1
  |
1 | mutatns: []
  | ^^^^^^^
hint: its mutants stand in a list under `mutants:`
"#,
    );
    same(
        &mistakes("mutants: none\n"),
        r#"
error: `none` is not a list
 --> labs/02-server/mutants.yaml:1:10
  |
1 | mutants: none
  |          ^^^^
hint: lists are written `[a, b]`, or with a `-` before each entry
"#,
    );
}

#[test]
fn a_mutant_lacks_nothing() {
    same(
        &mistakes("mutants:\n  - id: a\n"),
        r#"
error: the mutant has no `mistake`
 --> labs/02-server/mutants.yaml:2:9
  |
2 |   - id: a
  |         ^
hint: `mistake:` says in a sentence what the student did

error: the mutant has no `file`
 --> labs/02-server/mutants.yaml:2:9
  |
2 |   - id: a
  |         ^
hint: `file: src/bin/server.rs`, the file of the reference that is edited

error: the mutant has no `replace`
 --> labs/02-server/mutants.yaml:2:9
  |
2 |   - id: a
  |         ^
hint: the text `replace` gives way to the text `with`

error: the mutant has no `with`
 --> labs/02-server/mutants.yaml:2:9
  |
2 |   - id: a
  |         ^
hint: the text `replace` gives way to the text `with`

error: the mutant has no `fails`
 --> labs/02-server/mutants.yaml:2:9
  |
2 |   - id: a
  |         ^
hint: `fails: [backlog]`, the steps that must notice it
"#,
    );
}

#[test]
fn mutants_are_unique_and_break_something() {
    same(
        &mistakes(&GOOD.replace("id: two", "id: no-echo")),
        r#"
error: a second `no-echo`
 --> labs/02-server/mutants.yaml:9:11
  |
9 |   - { id: no-echo, mistake: M, file: a.rs, replace: a, with: b, fails: extra }
  |           ^^^^^^^
hint: the first one is on line 2; ids are unique
"#,
    );
    same(
        &mistakes(&GOOD.replace("with: b", "with: a")),
        r#"
error: `with` is the same text as `replace`
 --> labs/02-server/mutants.yaml:9:52
  |
9 |   - { id: two, mistake: M, file: a.rs, replace: a, with: a, fails: extra }
  |                                                    ^^^^
hint: a mutant is an edit that breaks the program
"#,
    );
    same(
        &mistakes(&GOOD.replace("file: a.rs", "file: ../a.rs")),
        r#"
error: `../a.rs` leads out of the reference
 --> labs/02-server/mutants.yaml:9:34
  |
9 |   - { id: two, mistake: M, file: ../a.rs, replace: a, with: b, fails: extra }
  |                                  ^^^^^^^
hint: a path is relative and has no `..` in it
"#,
    );
    same(
        &mistakes(&GOOD.replace("replace: a", "replace: ' '")),
        r#"
error: ` ` is not text
 --> labs/02-server/mutants.yaml:9:49
  |
9 |   - { id: two, mistake: M, file: a.rs, replace: ' ', with: b, fails: extra }
  |                                                 ^^^
hint: text of at least one character, in quotes where YAML needs them
"#,
    );
    same(
        &mistakes(&GOOD.replace("id: two", "id: T w o")),
        r#"
error: `T w o` is not an id
 --> labs/02-server/mutants.yaml:9:11
  |
9 |   - { id: T w o, mistake: M, file: a.rs, replace: a, with: b, fails: extra }
  |           ^^^^^
hint: an id is made of `a` to `z`, `0` to `9` and `-`
"#,
    );
}

#[test]
fn failing_steps_are_steps_of_the_lab() {
    same(
        &mistakes(&GOOD.replace("fails: extra", "fails: [extra, slow-cleint, extra]")),
        r#"
error: no step is called `slow-cleint`
 --> labs/02-server/mutants.yaml:9:76
  |
9 |   - { id: two, mistake: M, file: a.rs, replace: a, with: b, fails: [extra, slow-cleint, extra] }
  |                                                                            ^^^^^^^^^^^
hint: did you mean `slow-client`?

error: `extra` is given twice
 --> labs/02-server/mutants.yaml:9:89
  |
9 |   - { id: two, mistake: M, file: a.rs, replace: a, with: b, fails: [extra, slow-cleint, extra] }
  |                                                                                         ^^^^^
hint: the first one is on line 9; leave one out
"#,
    );
    same(
        &mistakes(&GOOD.replace("fails: extra", "fails: []")),
        r#"
error: there is nothing in `fails`
 --> labs/02-server/mutants.yaml:9:68
  |
9 |   - { id: two, mistake: M, file: a.rs, replace: a, with: b, fails: [] }
  |                                                                    ^
hint: leave it out, or fill it
"#,
    );
}
