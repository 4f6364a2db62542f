//! Mistakes in payloads.

use super::specimen::{of_lines, same};

#[test]
fn payloads_are_of_a_known_form() {
    same(
        &of_lines("- student: { type: }"),
        r#"
error: `type` has no value
  --> labs/02-server/rubric.yaml:12:20
   |
12 |       - student: { type: }
   |                    ^^^^
hint: write `"text"`, or one of `{ hex: "ff d8" }`, `{ file: cat.bin }`, `{ repeat: x, times: 100 }`, `{ random: 4KiB, as: body }`, `{ same: body }`, or a list of them
"#,
    );
    same(
        &of_lines("- student: { type: {} }"),
        r#"
error: `type` takes a payload, not a map
  --> labs/02-server/rubric.yaml:12:26
   |
12 |       - student: { type: {} }
   |                          ^
hint: write `"text"`, or one of `{ hex: "ff d8" }`, `{ file: cat.bin }`, `{ repeat: x, times: 100 }`, `{ random: 4KiB, as: body }`, `{ same: body }`, or a list of them
"#,
    );
    same(
        &of_lines("- student: { type: [] }"),
        r#"
error: there is nothing in `type`
  --> labs/02-server/rubric.yaml:12:26
   |
12 |       - student: { type: [] }
   |                          ^
hint: leave it out, or fill it
"#,
    );
    same(
        &of_lines("- student: { type: { hxe: \"00\" } }"),
        r#"
error: unknown word `hxe`
  --> labs/02-server/rubric.yaml:12:28
   |
12 |       - student: { type: { hxe: "00" } }
   |                            ^^^
hint: did you mean `hex`?
"#,
    );
    same(
        &of_lines("- student: { type: { hex: \"0\" } }"),
        r#"
error: `0` is not bytes in hex
  --> labs/02-server/rubric.yaml:12:33
   |
12 |       - student: { type: { hex: "0" } }
   |                                 ^^^
hint: bytes are two hex digits each: `{ hex: "ff d8 00" }`
"#,
    );
    same(
        &of_lines("- student: { type: { hex: \"zz\" } }"),
        r#"
error: `zz` is not bytes in hex
  --> labs/02-server/rubric.yaml:12:33
   |
12 |       - student: { type: { hex: "zz" } }
   |                                 ^^^^
hint: bytes are two hex digits each: `{ hex: "ff d8 00" }`
"#,
    );
    same(
        &of_lines("- student: { type: { repeat: x } }"),
        r#"
error: `repeat` has no `times`
  --> labs/02-server/rubric.yaml:12:28
   |
12 |       - student: { type: { repeat: x } }
   |                            ^^^^^^
hint: write `{ repeat: x, times: 100 }`
"#,
    );
    same(
        &of_lines("- student: { type: { repeat: x, times: many } }"),
        r#"
error: `many` is not a whole number from 1 to 67108864
  --> labs/02-server/rubric.yaml:12:46
   |
12 |       - student: { type: { repeat: x, times: many } }
   |                                              ^^^^
"#,
    );
    same(
        &of_lines("- student: { type: { random: 1KiB, same: x } }"),
        r#"
error: unknown word `same`
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { type: { random: 1KiB, same: x } }
   |                                          ^^^^
hint: the words here are `random` and `as`
"#,
    );
}

#[test]
fn fixtures_are_files_of_the_lab() {
    same(
        &of_lines("- student: { type: [{ file: dog.bin }, { file: ../rubric.yaml }, { file: /etc/passwd }] }"),
        r#"
error: there is no file `dog.bin` in `fixtures/`
  --> labs/02-server/rubric.yaml:12:35
   |
12 |       - student: { type: [{ file: dog.bin }, { file: ../rubric.yaml }, { file: /etc/passwd }] }
   |                                   ^^^^^^^
hint: fixtures are files beside the rubric, in its folder `fixtures/`

error: `../rubric.yaml` leads out of `fixtures/`
  --> labs/02-server/rubric.yaml:12:54
   |
12 |       - student: { type: [{ file: dog.bin }, { file: ../rubric.yaml }, { file: /etc/passwd }] }
   |                                                      ^^^^^^^^^^^^^^
hint: a path is relative and has no `..` in it

error: `/etc/passwd` leads out of `fixtures/`
  --> labs/02-server/rubric.yaml:12:80
   |
12 |       - student: { type: [{ file: dog.bin }, { file: ../rubric.yaml }, { file: /etc/passwd }] }
   |                                                                                ^^^^^^^^^^^
hint: a path is relative and has no `..` in it
"#,
    );
}

#[test]
fn the_same_bytes_were_sent_before() {
    same(
        &of_lines("- student: { type: { same: body } }"),
        r#"
error: no bytes before this are called `body`
  --> labs/02-server/rubric.yaml:12:34
   |
12 |       - student: { type: { same: body } }
   |                                  ^^^^
hint: `{ random: 4KiB, as: body }` gives bytes a name
"#,
    );
    same(
        &of_lines("- student: { type: [{ random: 4KiB, as: body }, { same: boyd }, { same: head }] }"),
        r#"
error: no bytes before this are called `boyd`
  --> labs/02-server/rubric.yaml:12:63
   |
12 |       - student: { type: [{ random: 4KiB, as: body }, { same: boyd }, { same: head }] }
   |                                                               ^^^^
hint: did you mean `body`?

error: no bytes before this are called `head`
  --> labs/02-server/rubric.yaml:12:79
   |
12 |       - student: { type: [{ random: 4KiB, as: body }, { same: boyd }, { same: head }] }
   |                                                                               ^^^^
hint: there is `body`
"#,
    );
    same(
        &of_lines("- student: { expect: { random: 4KiB } }"),
        r#"
error: random bytes can be sent, not expected
  --> labs/02-server/rubric.yaml:12:30
   |
12 |       - student: { expect: { random: 4KiB } }
   |                              ^^^^^^
hint: `{ same: body }` are the bytes that were sent as `body`
"#,
    );
}
