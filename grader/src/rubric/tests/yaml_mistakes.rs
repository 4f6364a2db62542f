//! Files that are not YAML.

use super::specimen::{mistakes, same, step};

#[test]
fn broken_yaml_is_one_mistake_under_its_place() {
    same(
        &mistakes("title: a: b\n"),
        r#"
error: a `:` where none can be
 --> labs/02-server/rubric.yaml:1:9
  |
1 | title: a: b
  |         ^
hint: text with `: ` in it goes into quotes; words of one map stand in line
"#,
    );
    same(
        &mistakes("title: T\n\tprogram: x\n"),
        r#"
error: a tab in the indentation
 --> labs/02-server/rubric.yaml:2:1
  |
2 |     program: x
  | ^^^^
hint: YAML is indented with spaces
"#,
    );
    same(
        &mistakes("title: \"T\n"),
        r#"
error: the quotes that open here are never closed
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: "T
  |        ^
"#,
    );
    same(
        &mistakes("title: T\nsteps: [1, 2\n"),
        r#"
error: the bracket that opens here is never closed
 --> labs/02-server/rubric.yaml:2:8
  |
2 | steps: [1, 2
  |        ^
"#,
    );
    same(
        &mistakes("title: \"\\d\"\n"),
        r#"
error: an escape that YAML does not know in double quotes
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: "\d"
  |        ^
hint: write `\\` for a backslash, or single quotes, in which it stands for itself
"#,
    );
    same(
        &mistakes("title: @home\n"),
        r#"
error: text cannot begin with `@`
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: @home
  |        ^
hint: put it in quotes
"#,
    );
    same(
        &mistakes("title: *home\n"),
        r#"
error: `*` repeats what `&` has marked, and nothing is marked so
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: *home
  |        ^
hint: text that begins with `*` goes into quotes
"#,
    );
    same(
        &mistakes("title: T\n---\ntitle: T\n"),
        r#"
error: a second document begins here
 --> labs/02-server/rubric.yaml:3:1
  |
3 | title: T
  | ^
hint: a file holds one document: leave out the `---`
"#,
    );
    same(
        &mistakes("title: x\u{1}y\n"),
        r#"
error: the control character `\u{1}`
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: x␁y
  |        ^
hint: in double quotes it is written like this: `\x01`
"#,
    );
    same(
        &mistakes("title: &a [*a]\n"),
        r#"
error: an alias stands inside what it repeats
 --> labs/02-server/rubric.yaml:1:12
  |
1 | title: &a [*a]
  |            ^
"#,
    );
    same(
        &mistakes("title: >= 3\n"),
        r#"
error: a `>` or `|` that no text follows
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: >= 3
  |        ^
hint: text that begins with `>` or `|` goes into quotes
"#,
    );
    same(
        &mistakes("title: `backlog`\n"),
        r#"
error: text cannot begin with a backtick
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: `backlog`
  |        ^
hint: put it in quotes
"#,
    );
    same(
        &mistakes("title: {a: 1]\n"),
        r#"
error: broken YAML: mismatched bracket `{` closed by `]`
 --> labs/02-server/rubric.yaml:1:8
  |
1 | title: {a: 1]
  |        ^
"#,
    );
    same(
        &mistakes(&format!("title: {}\n", "[".repeat(300))),
        r#"
error: lists and maps stand too deep in each other
 --> labs/02-server/rubric.yaml:1:263
  |
1 | ...[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
  |                                                                    ^
"#,
    );
}

#[test]
fn words_out_of_line_and_missing_signs_are_shown() {
    same(
        &mistakes("title: T\n   program: s\n"),
        r#"
error: a `:` where none can be
 --> labs/02-server/rubric.yaml:2:11
  |
2 |    program: s
  |           ^
hint: text with `: ` in it goes into quotes; words of one map stand in line
"#,
    );
    same(
        &mistakes("title: T\nsteps:\n  - id: a\n   title: T\n"),
        r#"
error: this stands neither in line with the list above nor under one of its entries
 --> labs/02-server/rubric.yaml:4:4
  |
4 |    title: T
  |    ^
"#,
    );
    same(
        &mistakes("steps:\n  - id: a\n - id: b\n"),
        r#"
error: this stands neither in line with the words above nor under one of them
 --> labs/02-server/rubric.yaml:3:2
  |
3 |  - id: b
  |  ^
"#,
    );
    same(
        &mistakes("title: { a: 1 b: 2 }\n"),
        r#"
error: a `,` or a `}` is missing before this
 --> labs/02-server/rubric.yaml:1:16
  |
1 | title: { a: 1 b: 2 }
  |                ^
"#,
    );
    same(
        &mistakes("title: { a: 1, b }: 2 }\n"),
        r#"
error: a `:` where none can be
 --> labs/02-server/rubric.yaml:1:19
  |
1 | title: { a: 1, b }: 2 }
  |                   ^
hint: text with `: ` in it goes into quotes; words of one map stand in line
"#,
    );
    same(
        &mistakes("title: [a: b: c]\n"),
        r#"
error: a `,` or a `}` is missing before this
 --> labs/02-server/rubric.yaml:1:13
  |
1 | title: [a: b: c]
  |             ^
"#,
    );
    same(
        &mistakes("title: [a\nb: 2\n"),
        r#"
error: a `:` where none can be
 --> labs/02-server/rubric.yaml:2:2
  |
2 | b: 2
  |  ^
hint: text with `: ` in it goes into quotes
"#,
    );
    same(
        &mistakes("title: T\n- a\n"),
        r#"
error: this stands neither in line with the words above nor under one of them
 --> labs/02-server/rubric.yaml:2:3
  |
2 | - a
  |   ^
"#,
    );
    same(
        &mistakes("title: [\"a\" \"b\"]\n"),
        r#"
error: broken YAML: invalid trailing content after double-quoted scalar
 --> labs/02-server/rubric.yaml:1:13
  |
1 | title: ["a" "b"]
  |             ^
"#,
    );
}

#[test]
fn aliases_that_unfold_without_end_are_one_mistake() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for at in 1..12 {
        let ten = vec![format!("*a{}", at - 1); 10].join(", ");
        bomb.push_str(&format!("a{at}: &a{at} [{ten}]\n"));
    }
    same(
        &mistakes(&bomb),
        r#"
error: the file unfolds to more than a rubric can hold
 --> labs/02-server/rubric.yaml:5:25
  |
5 | a4: &a4 [*a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3, *a3]
  |                         ^
hint: aliases repeat all that they stand for
"#,
    );
}

#[test]
fn tabs_are_found_where_they_are() {
    same(
        &mistakes(&step("exchange:\n\t- student: { wait: 1ms }")),
        r#"
error: a tab in the indentation
  --> labs/02-server/rubric.yaml:11:5
   |
11 |         - student: { wait: 1ms }
   |     ^^^^
hint: YAML is indented with spaces
"#,
    );
    same(
        &mistakes("title: T\nsteps:\n  - id: one\n\t  title: T\n"),
        r#"
error: a tab in the indentation
 --> labs/02-server/rubric.yaml:4:1
  |
4 |       title: T
  | ^^^^
hint: YAML is indented with spaces
"#,
    );
    same(&mistakes(&step("exchange: [ student: { type: x\ty } ]")), "no mistake");
}
