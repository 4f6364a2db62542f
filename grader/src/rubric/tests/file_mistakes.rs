//! Mistakes of a file as a whole.

use super::specimen::{Cats, NAME, mistakes, same, step};
use crate::rubric::load;

#[test]
fn an_empty_file_is_one_mistake() {
    same(
        &mistakes(""),
        r#"
error: the file is empty
--> labs/02-server/rubric.yaml
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
    same(
        &mistakes("# nothing yet\n"),
        r#"
error: the file is empty
--> labs/02-server/rubric.yaml
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
}

#[test]
fn a_file_that_is_no_map_is_one_mistake() {
    same(
        &mistakes("- a\n"),
        r#"
error: words and their values are looked for here
 --> labs/02-server/rubric.yaml:1:1
  |
1 | - a
  | ^
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
    same(
        &mistakes("just text\n"),
        r#"
error: words and their values are looked for here
 --> labs/02-server/rubric.yaml:1:1
  |
1 | just text
  | ^^^^^^^^^
hint: a rubric begins with `title`, `program` and `start`, then come its `steps`
"#,
    );
}

#[test]
fn a_very_large_file_is_one_mistake() {
    same(
        &mistakes(&"#\n".repeat(600 << 10)),
        r#"
error: the file is larger than 512 KiB
--> labs/02-server/rubric.yaml
hint: large payloads go into `fixtures/`, or are `{ repeat: x, times: 65536 }`
"#,
    );
}

#[test]
fn all_that_the_rubric_lacks_is_said_at_once() {
    same(
        &mistakes("titel: T\n"),
        r#"
error: unknown word `titel`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: did you mean `title`?

error: the rubric has no `title`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: `title:` says in a few words what is asked for

error: the rubric has no `program`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: `program: server`, the program that is graded

error: the rubric has no `start`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: `start: ["{port}"]`, the program's arguments, or `start: by_hand`

error: the rubric has no `steps`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: `steps:` lists what is asked for, each with its `id`
"#,
    );
    same(
        &mistakes("title: T\nprogram: s\nstart: by_hand\nsteps: []\n"),
        r#"
error: there is nothing in `steps`
 --> labs/02-server/rubric.yaml:4:8
  |
4 | steps: []
  |        ^
hint: leave it out, or fill it
"#,
    );
    same(
        &mistakes("title: T\nprogram: a/b\nstart: now\nsteps: {}\n"),
        r#"
error: `a/b` is not the name of a program
 --> labs/02-server/rubric.yaml:2:10
  |
2 | program: a/b
  |          ^^^
hint: the program's file name: letters, digits, `-` and `_`

error: `start` cannot be `now`
 --> labs/02-server/rubric.yaml:3:8
  |
3 | start: now
  |        ^^^
hint: write `["{port}"]`, or `by_hand` when the exchange has its own `start` line

error: `steps` takes a list, not a map
 --> labs/02-server/rubric.yaml:4:8
  |
4 | steps: {}
  |        ^
hint: lists are written `[a, b]`, or with a `-` before each entry
"#,
    );
}

#[test]
fn a_word_given_twice_is_shown_where_it_comes_again() {
    same(
        &mistakes(&step("exchange: [ student: { wait: 1ms } ]\nhint: again")),
        r#"
error: `hint` is given twice
  --> labs/02-server/rubric.yaml:11:5
   |
11 |     hint: again
   |     ^^^^
hint: the first one is on line 8; leave one out
"#,
    );
}

#[test]
fn a_list_is_no_word() {
    same(
        &mistakes(&step("exchange: [ student: { wait: 1ms } ]\n? [a]\n: b")),
        r#"
error: a word has to stand before the `:`
  --> labs/02-server/rubric.yaml:11:7
   |
11 |     ? [a]
   |       ^
hint: text with `{`, `[` or `?` in front goes into quotes
"#,
    );
}

#[test]
fn what_an_alias_repeats_is_wrong_once() {
    let lines = "exchange:\n  - student: &a { wiat: 1ms }\n  - student: *a\n  - student: *a";
    same(
        &mistakes(&step(lines)),
        r#"
error: unknown word `wiat`
  --> labs/02-server/rubric.yaml:11:23
   |
11 |       - student: &a { wiat: 1ms }
   |                       ^^^^
hint: did you mean `wait`?
"#,
    );
}

#[test]
fn columns_count_characters_not_bytes() {
    same(
        &mistakes(&step("exchange: [ student: { type: \"ünï→日本\", wihtin: 1s } ]")),
        r#"
error: unknown word `wihtin`
  --> labs/02-server/rubric.yaml:10:44
   |
10 |     exchange: [ student: { type: "ünï→日本", wihtin: 1s } ]
   |                                              ^^^^^^
hint: did you mean `within`?
"#,
    );
}

#[test]
fn a_byte_order_mark_and_carriage_returns_do_no_harm() {
    let text = format!("\u{feff}{}", step("exchange: [ student: { wait: 1ms } ]").replace('\n', "\r\n"));
    same(&mistakes(&text), "no mistake");
    same(
        &mistakes(&text.replace("title", "titel")),
        r#"
error: unknown word `titel`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: did you mean `title`?

error: the rubric has no `title`
 --> labs/02-server/rubric.yaml:1:1
  |
1 | titel: T
  | ^^^^^
hint: `title:` says in a few words what is asked for

error: the step has no `title`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `title:` says in a few words what is asked for

error: unknown word `titel`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |     titel: T
  |     ^^^^^
hint: did you mean `title`?
"#,
    );
}

#[test]
fn in_colour_the_words_are_the_same() {
    let mistakes = load(NAME, "title: T\nprogram: s\nstart: by_hand\nstpes: []\n", &Cats).unwrap_err();
    let coloured = mistakes.render(true);
    let mut plain = String::new();
    for (at, part) in coloured.split("\u{1b}[").enumerate() {
        plain.push_str(if at == 0 { part } else { part.split_once('m').map_or("", |(_, text)| text) });
    }
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(plain, mistakes.to_string());
}
