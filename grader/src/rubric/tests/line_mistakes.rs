//! Mistakes in an exchange's lines.

use super::specimen::{mistakes, of_lines, same, step};

#[test]
fn an_unknown_verb_is_shown_with_the_one_that_was_meant() {
    same(
        &of_lines("- slow: { sned: \"hi\\n\" }"),
        r#"
error: unknown word `sned`
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { sned: "hi\n" }
   |                 ^^^^
hint: did you mean `send`?
"#,
    );
    same(
        &of_lines("- slow: { fly: \"hi\\n\" }"),
        r#"
error: unknown word `fly`
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { fly: "hi\n" }
   |                 ^^^
hint: the words here are `connect`, `send`, `expect`, `expect_silence`, `expect_close`, `close`, `read` and `wait`
"#,
    );
}

#[test]
fn a_line_is_one_actor_doing_one_thing() {
    same(
        &of_lines("- slow: connect"),
        r#"
error: `connect` alone says too little
  --> labs/02-server/rubric.yaml:12:15
   |
12 |       - slow: connect
   |               ^^^^^^^
hint: write `slow: { connect: student }`
"#,
    );
    same(
        &of_lines("- slow"),
        r#"
error: `slow` is not a line of an exchange
  --> labs/02-server/rubric.yaml:12:9
   |
12 |       - slow
   |         ^^^^
hint: a line is `- actor: { verb: value }`, or `- { times: 10, exchange: [...] }`
"#,
    );
    same(
        &of_lines("- {}"),
        r#"
error: the line names no actor
  --> labs/02-server/rubric.yaml:12:9
   |
12 |       - {}
   |         ^
hint: a line is `- actor: { verb: value }`, or `- { times: 10, exchange: [...] }`
"#,
    );
    same(
        &of_lines("- slow: { within: 1s }"),
        r#"
error: the line says nothing to do
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { within: 1s }
   |                 ^^^^^^
hint: it can `connect`, `send`, `expect`, `expect_silence`, `expect_close`, `close`, `read` or `wait`
"#,
    );
    same(
        &of_lines("- slow: { connect: student, send: \"hi\" }"),
        r#"
error: `connect` and `send` in one line
  --> labs/02-server/rubric.yaml:12:35
   |
12 |       - slow: { connect: student, send: "hi" }
   |                                   ^^^^
hint: each gets a line of its own
"#,
    );
    same(
        &of_lines("- slow: { connect: student }\n  origin: { accept: student }"),
        r#"
error: `slow` and `origin` in one line
  --> labs/02-server/rubric.yaml:13:9
   |
13 |         origin: { accept: student }
   |         ^^^^^^
hint: each gets a line of its own, with a `-` in front
"#,
    );
    same(
        &of_lines("- slow: { connect: student }\n- slow: [send, hi]"),
        r#"
error: `slow` takes something to do, not a list
  --> labs/02-server/rubric.yaml:13:15
   |
13 |       - slow: [send, hi]
   |               ^
hint: write `slow: { connect: student }`
"#,
    );
}

#[test]
fn actors_are_declared() {
    same(
        &of_lines("- solw: { connect: student }\n- slow: { send: \"hi\" }"),
        r#"
error: no actor is called `solw`
  --> labs/02-server/rubric.yaml:12:9
   |
12 |       - solw: { connect: student }
   |         ^^^^
hint: did you mean `slow`?
"#,
    );
    same(
        &of_lines("- nobody: { connect: student }"),
        r#"
error: no actor is called `nobody`
  --> labs/02-server/rubric.yaml:12:9
   |
12 |       - nobody: { connect: student }
   |         ^^^^^^
hint: the actors of this step are `student`, `crowd`, `origin` and `slow`
"#,
    );
}

#[test]
fn verbs_suit_their_actors() {
    same(
        &of_lines("- slow: { accept: student }"),
        r#"
error: `slow` is a client and cannot `accept`
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { accept: student }
   |                 ^^^^^^
hint: it can `connect`, `send`, `expect`, `expect_silence`, `expect_close`, `close`, `read` or `wait`
"#,
    );
    same(
        &of_lines("- origin: { connect: student }"),
        r#"
error: `origin` is a server and cannot `connect`
  --> labs/02-server/rubric.yaml:12:19
   |
12 |       - origin: { connect: student }
   |                   ^^^^^^^
hint: it can `accept`, `send`, `expect`, `expect_silence`, `expect_close`, `close`, `read` or `wait`
"#,
    );
    same(
        &of_lines("- student: { send: \"hi\" }"),
        r#"
error: the student cannot `send`
  --> labs/02-server/rubric.yaml:12:20
   |
12 |       - student: { send: "hi" }
   |                    ^^^^
hint: it can `expect`, `start`, `restart`, `type`, `close_stdin`, `signal`, `pin`, `expect_exit`, `expect_stderr`, `expect_end`, `observe` or `wait`
"#,
    );
    let actors = "actors: { deaf: { server: silent } }\nexchange:\n  - deaf: { accept: student }";
    same(
        &mistakes(&step(actors)),
        r#"
error: `deaf` is a silent server and cannot `accept`
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - deaf: { accept: student }
   |                 ^^^^^^
hint: it can `wait`
"#,
    );
}

#[test]
fn modifiers_suit_their_verbs() {
    same(
        &of_lines("- slow: { connect: student, chunk: 1 }"),
        r#"
error: `chunk` does not go with `connect`
  --> labs/02-server/rubric.yaml:12:35
   |
12 |       - slow: { connect: student, chunk: 1 }
   |                                   ^^^^^
hint: `connect` goes with `within`, `from` or `to`
"#,
    );
    same(
        &of_lines("- slow: { read: paused, within: 1s }"),
        r#"
error: `within` does not go with `read`
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - slow: { read: paused, within: 1s }
   |                               ^^^^^^
hint: `read` goes alone
"#,
    );
    same(
        &of_lines("- slow: { connect: student, wihtin: 1s }"),
        r#"
error: unknown word `wihtin`
  --> labs/02-server/rubric.yaml:12:35
   |
12 |       - slow: { connect: student, wihtin: 1s }
   |                                   ^^^^^^
hint: did you mean `within`?
"#,
    );
    same(
        &of_lines("- student: { type: x, background: perhaps }"),
        r#"
error: `perhaps` is not `true` or `false`
  --> labs/02-server/rubric.yaml:12:41
   |
12 |       - student: { type: x, background: perhaps }
   |                                         ^^^^^^^
"#,
    );
    same(
        &of_lines("- slow: { connect: student }\n- slow: { send: x, every: 1ms }"),
        r#"
error: `every` needs `chunk`
  --> labs/02-server/rubric.yaml:13:26
   |
13 |       - slow: { send: x, every: 1ms }
   |                          ^^^^^
hint: for example `{ send: "abc", chunk: 1, every: 10ms }`
"#,
    );
    same(
        &of_lines("- slow: { connect: student }\n- slow: { send: x, chunk: 1, every: now }"),
        r#"
error: `now` is not a duration
  --> labs/02-server/rubric.yaml:13:43
   |
13 |       - slow: { send: x, chunk: 1, every: now }
   |                                           ^^^
hint: write `10ms`, or `taken` to go on when the student has read and sleeps again
"#,
    );
}

#[test]
fn a_pause_that_may_not_even_be_as_long_as_it_is() {
    same(
        &of_lines("- student: { wait: 300ms, at_most: 300ms }"),
        r#"
error: `at_most` is no longer than the pause itself, 0.3 s
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { wait: 300ms, at_most: 300ms }
   |                                          ^^^^^
hint: leave a busy machine some room: twice the pause
"#,
    );
}

#[test]
fn a_program_may_end_before_it_is_too_late() {
    same(
        &of_lines("- student: { expect_exit: 0, after: 2s, within: 1.5s }"),
        r#"
error: `after` is no shorter than `within`, 1.5 s
  --> labs/02-server/rubric.yaml:12:43
   |
12 |       - student: { expect_exit: 0, after: 2s, within: 1.5s }
   |                                           ^^
hint: the program would have to end before it may
"#,
    );
}
