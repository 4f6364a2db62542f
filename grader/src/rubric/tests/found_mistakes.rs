//! Mistakes in the files that the program is to find.

use super::specimen::{of_step, same};

#[test]
fn files_lie_in_the_folder_and_come_from_the_fixtures() {
    same(
        &of_step("files:\n  ../a: x\n  /b: x\n  c: { folder: stie }\n  d: { folder: .. }\n  e: { file: dog.bin }"),
        r#"
error: `../a` leads out of `{files}`
  --> labs/02-server/rubric.yaml:12:7
   |
12 |       ../a: x
   |       ^^^^
hint: a path is relative and has no `..` in it

error: `/b` leads out of `{files}`
  --> labs/02-server/rubric.yaml:13:7
   |
13 |       /b: x
   |       ^^
hint: a path is relative and has no `..` in it

error: there is no folder `stie` in `fixtures/`
  --> labs/02-server/rubric.yaml:14:20
   |
14 |       c: { folder: stie }
   |                    ^^^^
hint: a folder there has at least one file in it

error: `..` leads out of `fixtures/`
  --> labs/02-server/rubric.yaml:15:20
   |
15 |       d: { folder: .. }
   |                    ^^
hint: a path is relative and has no `..` in it

error: there is no file `dog.bin` in `fixtures/`
  --> labs/02-server/rubric.yaml:16:18
   |
16 |       e: { file: dog.bin }
   |                  ^^^^^^^
hint: fixtures are files beside the rubric, in its folder `fixtures/`
"#,
    );
}

#[test]
fn a_path_has_one_file_and_a_file_is_no_folder() {
    same(
        &of_step("files:\n  www: { folder: site }\n  www/cat.html: x\n  a/b: x\n  a: { link: b }\n  ab: x"),
        r#"
error: `www/cat.html` is there already
  --> labs/02-server/rubric.yaml:13:7
   |
13 |       www/cat.html: x
   |       ^^^^^^^^^^^^
hint: a file is no folder, and a path has one file

error: `a` and `a/b` cannot both be there
  --> labs/02-server/rubric.yaml:15:7
   |
15 |       a: { link: b }
   |       ^
hint: a file is no folder, and a path has one file
"#,
    );
}

#[test]
fn without_files_there_is_no_folder_to_name() {
    same(
        &of_step("try: x\nstart: [\"{files}\"]"),
        r#"
error: unknown placeholder `{files}`
  --> labs/02-server/rubric.yaml:12:14
   |
12 |     start: ["{files}"]
   |              ^^^^^^^
hint: write `{{` for a brace; the only placeholder is `{port}`
"#,
    );
}

#[test]
fn headers_match_a_regular_expression_or_are_text() {
    same(
        &super::specimen::of_lines(
            "- slow: { connect: student }\n- slow: { expect: { http: { status: 200, headers: { A: { mathces: b } } } } }",
        ),
        r#"
error: unknown word `mathces`
  --> labs/02-server/rubric.yaml:13:64
   |
13 |       - slow: { expect: { http: { status: 200, headers: { A: { mathces: b } } } } }
   |                                                                ^^^^^^^
hint: did you mean `matches`?
"#,
    );
}
