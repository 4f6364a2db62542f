//! Mistakes of a step's words.

use super::specimen::{mistakes, of_step, of_steps, same};

#[test]
fn a_step_lacks_nothing() {
    let text = "title: T\nprogram: server\nstart: []\nsteps:\n  - id: one\n  - {}\n  - two\n";
    same(
        &mistakes(text),
        r#"
error: the step has no `title`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `title:` says in a few words what is asked for

error: the step has no `hint`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `hint:` is a question or a pointer that leads a student on

error: the step has no `why`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `why:` is the lecture's sentence that the step is about

error: the step has no `points`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `points: 5`; those of all steps add up to 100

error: the step has no `exchange`
 --> labs/02-server/rubric.yaml:5:9
  |
5 |   - id: one
  |         ^^^
hint: `exchange:` lists who does what, line by line

error: the step has no `id`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `id: slow-client`, unique in the lab

error: the step has no `title`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `title:` says in a few words what is asked for

error: the step has no `hint`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `hint:` is a question or a pointer that leads a student on

error: the step has no `why`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `why:` is the lecture's sentence that the step is about

error: the step has no `points`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `points: 5`; those of all steps add up to 100

error: the step has no `exchange`
 --> labs/02-server/rubric.yaml:6:5
  |
6 |   - {}
  |     ^
hint: `exchange:` lists who does what, line by line

error: `two` is not a map
 --> labs/02-server/rubric.yaml:7:5
  |
7 |   - two
  |     ^^^
hint: write `- id: slow-client`
"#,
    );
}

#[test]
fn values_of_a_step_are_of_their_kind() {
    same(
        &of_step("bonus: yes"),
        r#"
error: `yes` is not `true` or `false`
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     bonus: yes
   |            ^^^
"#,
    );
    same(
        &of_step("visibility: invisible"),
        r#"
error: `visibility` cannot be `invisible`
  --> labs/02-server/rubric.yaml:11:17
   |
11 |     visibility: invisible
   |                 ^^^^^^^^^
hint: did you mean `visible`?
"#,
    );
    same(
        &of_step("limit: 5"),
        r#"
error: `5` is not a duration
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     limit: 5
   |            ^
hint: durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`
"#,
    );
    same(
        &of_step("times: 0"),
        r#"
error: `0` is not a whole number from 1 to 1000
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     times: 0
   |            ^
"#,
    );
    same(
        &of_step("receive_buffer: 8kB"),
        r#"
error: `8kB` is not a size
  --> labs/02-server/rubric.yaml:11:21
   |
11 |     receive_buffer: 8kB
   |                     ^^^
hint: sizes are written `512`, `64KiB` or `4MiB`, up to `64MiB`
"#,
    );
    same(
        &of_step("hosts: { one: 10.0.0.256, two: [] }"),
        r#"
error: `10.0.0.256` is not an IPv4 address
  --> labs/02-server/rubric.yaml:11:19
   |
11 |     hosts: { one: 10.0.0.256, two: [] }
   |                   ^^^^^^^^^^
hint: an address is written `127.0.0.1`
"#,
    );
    same(
        &of_step("hosts: [one]"),
        r#"
error: `hosts` takes a map, not a list
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     hosts: [one]
   |            ^
hint: write `hosts: { lab.example: 127.0.0.2 }`
"#,
    );
    same(
        &of_step("requires: cel"),
        r#"
error: unknown word `cel`
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     requires: cel
   |               ^^^
hint: did you mean `cell`?
"#,
    );
    same(
        &of_step("try: \"\""),
        r#"
error: `try` is empty
  --> labs/02-server/rubric.yaml:11:10
   |
11 |     try: ""
   |          ^^
hint: text of at least one character, in quotes where YAML needs them
"#,
    );
    same(
        &of_step("strat: []"),
        r#"
error: unknown word `strat`
  --> labs/02-server/rubric.yaml:11:5
   |
11 |     strat: []
   |     ^^^^^
hint: did you mean `start`?
"#,
    );
    same(
        &of_step("colour: red"),
        r#"
error: unknown word `colour`
  --> labs/02-server/rubric.yaml:11:5
   |
11 |     colour: red
   |     ^^^^^^
hint: the words here are `id`, `title`, `points`, `bonus`, `needs`, `actors`, `start`, `exchange`, `hint`, `why`, `try`, `files`, `hosts`, `receive_buffer`, `send_buffer`, `times`, `visibility`, `limit` and `requires`
"#,
    );
}

#[test]
fn ids_are_made_of_few_signs() {
    same(
        &of_steps(&["id: Backlog_1, points: 100"]),
        r#"
error: `Backlog_1` is not an id
 --> labs/02-server/rubric.yaml:5:11
  |
5 |   - { id: Backlog_1, points: 100, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |           ^^^^^^^^^
hint: an id is made of `a` to `z`, `0` to `9` and `-`
"#,
    );
}

#[test]
fn nothing_starts_a_step_that_starts_by_hand() {
    same(
        &of_step("start: by_hand"),
        r#"
error: nothing starts the program
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     start: by_hand
   |            ^^^^^^^
hint: with `start: by_hand` the exchange has a line `- student: { start: ["{port}"] }`
"#,
    );
    same(
        &of_step("start: byhand"),
        r#"
error: `start` cannot be `byhand`
  --> labs/02-server/rubric.yaml:11:12
   |
11 |     start: byhand
   |            ^^^^^^
hint: did you mean `by_hand`?
"#,
    );
    same(
        &of_step("start: [\"{slow.port}\"]"),
        r#"
error: unknown placeholder `{slow.port}`
  --> labs/02-server/rubric.yaml:11:14
   |
11 |     start: ["{slow.port}"]
   |              ^^^^^^^^^^^
hint: write `{{` for a brace; the only placeholder is `{port}`
"#,
    );
}
