//! Mistakes in the order of an exchange's lines.

use super::specimen::{exchange, mistakes, of_lines, same};

#[test]
fn nobody_speaks_before_connecting() {
    same(
        &of_lines("- slow: { send: \"hi\" }\n- slow: { expect: \"hi\" }"),
        r#"
error: `slow` cannot `send` before it has a connection
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { send: "hi" }
   |                 ^^^^
hint: `- slow: { connect: student }` comes first
"#,
    );
    same(
        &of_lines("- origin: { expect: \"hi\" }"),
        r#"
error: `origin` cannot `expect` before it has a connection
  --> labs/02-server/rubric.yaml:12:19
   |
12 |       - origin: { expect: "hi" }
   |                   ^^^^^^
hint: `- origin: { accept: student }` comes first
"#,
    );
    same(
        &of_lines("- student: { type: \"{slow.local}\" }"),
        r#"
error: `{slow.local}` is not known yet
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{slow.local}" }
   |                           ^^^^^^^^^^^^
hint: `slow` has no connection before this
"#,
    );
}

#[test]
fn nobody_speaks_after_closing() {
    let lines =
        "- slow: { connect: student }\n- slow: { close: write }\n- slow: { expect: \"a\" }\n- slow: { send: \"b\" }";
    same(
        &of_lines(lines),
        r#"
error: `slow` cannot `send` after `close: write`
  --> labs/02-server/rubric.yaml:15:17
   |
15 |       - slow: { send: "b" }
   |                 ^^^^
hint: it closed its half on line 13; it can still `expect`
"#,
    );
    let lines = "- slow: { connect: student }\n- slow: { close: reset }\n- slow: { expect_close: any }";
    same(
        &of_lines(lines),
        r#"
error: `slow` cannot `expect_close` after `close: reset`
  --> labs/02-server/rubric.yaml:14:17
   |
14 |       - slow: { expect_close: any }
   |                 ^^^^^^^^^^^^
hint: its connection was closed on line 13
"#,
    );
    let lines =
        "- slow: { connect: student }\n- slow: { close: both }\n- slow: { connect: student }\n- slow: { send: x }";
    same(&of_lines(lines), "no mistake");
}

#[test]
fn a_connection_is_closed_before_the_next() {
    same(
        &of_lines("- slow: { connect: student }\n- slow: { connect: student }"),
        r#"
error: `slow` cannot `connect`: its connection is still open
  --> labs/02-server/rubric.yaml:13:17
   |
13 |       - slow: { connect: student }
   |                 ^^^^^^^
hint: `close: both` it first, or use a second actor
"#,
    );
    let killed = "- slow: { connect: student }\n- student: { restart: group }\n- slow: { connect: student }";
    same(&of_lines(killed), "no mistake");
}

#[test]
fn a_block_is_looked_at_as_if_played_again() {
    let lines = "- times: 2\n  exchange:\n    - slow: { connect: student }\n    - slow: { send: x }";
    same(
        &of_lines(lines),
        r#"
error: `slow` cannot `connect`: its connection is still open
  --> labs/02-server/rubric.yaml:14:21
   |
14 |           - slow: { connect: student }
   |                     ^^^^^^^
hint: `close: both` it first, or use a second actor
"#,
    );
    same(&of_lines(&lines.replace("times: 2", "times: 1")), "no mistake");
    same(
        &of_lines("- { times: 0, exchange: [] }"),
        r#"
error: `0` is not a whole number from 1 to 100000
  --> labs/02-server/rubric.yaml:12:18
   |
12 |       - { times: 0, exchange: [] }
   |                  ^

error: there is nothing in `exchange`
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - { times: 0, exchange: [] }
   |                               ^
hint: leave it out, or fill it
"#,
    );
    same(
        &of_lines("- { exchange: [ slow: { wait: 1ms } ], tims: 2 }"),
        r#"
error: the block has no `times`
  --> labs/02-server/rubric.yaml:12:11
   |
12 |       - { exchange: [ slow: { wait: 1ms } ], tims: 2 }
   |           ^^^^^^^^
hint: a block is `{ times: 10, exchange: [...] }`

error: unknown word `tims`
  --> labs/02-server/rubric.yaml:12:46
   |
12 |       - { exchange: [ slow: { wait: 1ms } ], tims: 2 }
   |                                              ^^^^
hint: did you mean `times`?
"#,
    );
}

#[test]
fn the_program_is_started_once_and_before_all_else() {
    let lines = "- student: { expect_stderr: { phrase: x } }\n- student: { start: [] }";
    let by_hand = |lines: &str| exchange(lines).replace("start: [\"{port}\"]", "start: by_hand");
    same(
        &mistakes(&by_hand(lines)),
        r#"
error: `expect_stderr` before the program was started
  --> labs/02-server/rubric.yaml:12:20
   |
12 |       - student: { expect_stderr: { phrase: x } }
   |                    ^^^^^^^^^^^^^
hint: `- student: { start: ["{port}"] }` comes first
"#,
    );
    same(
        &mistakes(&by_hand("- student: { restart: group }\n- student: { observe: { descriptors: remember } }")),
        r#"
error: nothing starts the program
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: with `start: by_hand` the exchange has a line `- student: { start: ["{port}"] }`
"#,
    );
    same(
        &of_lines("- student: { start: [] }"),
        r#"
error: the program is running already
  --> labs/02-server/rubric.yaml:12:20
   |
12 |       - student: { start: [] }
   |                    ^^^^^
hint: give the step `start: by_hand`, or end the program first
"#,
    );
    same(
        &of_lines("- student: { signal: KILL }\n- student: { expect_exit: 0 }\n- student: { start: [] }"),
        "no mistake",
    );
    same(
        &of_lines("- student: { signal: KILL }\n- student: { start: {port} }"),
        r#"
error: `start` takes a list of arguments, not a map
  --> labs/02-server/rubric.yaml:13:27
   |
13 |       - student: { start: {port} }
   |                           ^
hint: write `["{port}"]`
"#,
    );
}

#[test]
fn steady_needs_something_to_compare_with() {
    same(
        &of_lines("- student: { observe: { descriptors: steady } }"),
        r#"
error: `descriptors: steady` without `descriptors: remember` before it
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - student: { observe: { descriptors: steady } }
   |                               ^^^^^^^^^^^
hint: `- student: { observe: { descriptors: remember } }` comes first
"#,
    );
    same(
        &of_lines("- student: { observe: { threads: remember } }\n- student: { observe: { children: +3 } }"),
        r#"
error: `children: "+…"` without `children: remember` before it
  --> labs/02-server/rubric.yaml:13:31
   |
13 |       - student: { observe: { children: +3 } }
   |                               ^^^^^^^^
hint: `- student: { observe: { children: remember } }` comes first
"#,
    );
}
