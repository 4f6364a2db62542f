//! Mistakes in text with placeholders.

use super::specimen::{mistakes, of_lines, same, step};

#[test]
fn placeholders_are_known() {
    same(
        &of_lines("- student: { type: \"{prot}\" }"),
        r#"
error: unknown placeholder `{prot}`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{prot}" }
   |                           ^^^^^^
hint: did you mean `{port}`?
"#,
    );
    same(
        &of_lines("- student: { type: \"{orgin.port} {anything}\" }"),
        r#"
error: unknown placeholder `{orgin.port}`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{orgin.port} {anything}" }
   |                           ^^^^^^^^^^^^
hint: did you mean `{origin.port}`?

error: unknown placeholder `{anything}`
  --> labs/02-server/rubric.yaml:12:40
   |
12 |       - student: { type: "{orgin.port} {anything}" }
   |                                        ^^^^^^^^^^
hint: write `{{` for a brace; the placeholders are `{port}`, `{crowd.peer}`, `{crowd.local}`, `{origin.port}`, `{origin.address}`, `{origin.peer}`, `{origin.local}`, `{slow.peer}` and `{slow.local}`
"#,
    );
    same(
        &of_lines("- student: { type: '{\"a\": 1}' }"),
        r#"
error: unknown placeholder `{"a": 1}`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: '{"a": 1}' }
   |                           ^^^^^^^^
hint: write `{{` for a brace; the placeholders are `{port}`, `{crowd.peer}`, `{crowd.local}`, `{origin.port}`, `{origin.address}`, `{origin.peer}`, `{origin.local}`, `{slow.peer}` and `{slow.local}`
"#,
    );
    same(
        &of_lines("- student: { type: \"a { b\" }\n- student: { type: \"a } b\" }"),
        r#"
error: a single `{`
  --> labs/02-server/rubric.yaml:12:29
   |
12 |       - student: { type: "a { b" }
   |                             ^
hint: write `{{` for a brace, `{port}` for a placeholder

error: a single `}`
  --> labs/02-server/rubric.yaml:13:29
   |
13 |       - student: { type: "a } b" }
   |                             ^
hint: write `}}` for a brace, `{port}` for a placeholder
"#,
    );
    same(
        &of_lines("- student: { type: {port} }"),
        r#"
error: `{port}` is a map to YAML
  --> labs/02-server/rubric.yaml:12:26
   |
12 |       - student: { type: {port} }
   |                          ^
hint: text with placeholders goes into quotes: `"{port}"`
"#,
    );
}

#[test]
fn facts_belong_to_actors_that_have_them() {
    same(
        &of_lines("- student: { type: \"{slow.port}\" }"),
        r#"
error: `slow` is a client and has no `port`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{slow.port}" }
   |                           ^^^^^^^^^^^
hint: there is `{slow.peer}` and `{slow.local}`
"#,
    );
    same(
        &of_lines("- student: { type: \"{i}\" }"),
        r#"
error: `{i}` means nothing here
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{i}" }
   |                           ^^^
hint: it is the number of a client of a crowd, `{ clients: 50 }`
"#,
    );
    same(
        &of_lines("- student: { type: \"{origin.peer}\" }"),
        r#"
error: `{origin.peer}` is not known yet
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{origin.peer}" }
   |                           ^^^^^^^^^^^^^
hint: `origin` has no connection before this
"#,
    );
    let actors = "actors: { deaf: { server: silent } }\nexchange:\n  - student: { type: \"{deaf.local}\" }";
    same(
        &mistakes(&step(actors)),
        r#"
error: `deaf` is a silent server and has no `local`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{deaf.local}" }
   |                           ^^^^^^^^^^^^
hint: there is `{deaf.port}` and `{deaf.address}`
"#,
    );
}

#[test]
fn a_backslash_outside_double_quotes_stands_for_itself() {
    same(
        &of_lines("- student: { type: ping\\n }"),
        r#"
error: `\n` stands for itself here
  --> labs/02-server/rubric.yaml:12:30
   |
12 |       - student: { type: ping\n }
   |                              ^^
hint: put the text in double quotes, in which `\n` is one character
"#,
    );
    same(
        &of_lines("- student: { type: 'ping\\r' }"),
        r#"
error: `\r` stands for itself here
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - student: { type: 'ping\r' }
   |                               ^^
hint: put the text in double quotes, in which `\r` is one character
"#,
    );
    same(
        &of_lines("- student: { type: \"ping\\xff\" }"),
        r#"
error: `\xff` is a character of two bytes
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - student: { type: "ping\xff" }
   |                               ^^^^
hint: the byte is `{ hex: "ff" }`
"#,
    );
    same(&of_lines("- student: { type: \"ping\\\\xff\\x7f\" }"), "no mistake");
}

#[test]
fn a_crowds_ends_are_known_to_its_own_lines_only() {
    same(&of_lines("- crowd: { connect: student }\n- crowd: { send: \"{crowd.local}\" }"), "no mistake");
    same(
        &of_lines("- crowd: { connect: student }\n- student: { expect: \"{crowd.local}\" }"),
        r#"
error: each client of `crowd` has another `local`
  --> labs/02-server/rubric.yaml:13:29
   |
13 |       - student: { expect: "{crowd.local}" }
   |                             ^^^^^^^^^^^^^
hint: only a line of `crowd` itself knows which one is meant
"#,
    );
}
