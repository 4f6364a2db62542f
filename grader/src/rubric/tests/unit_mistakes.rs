//! Mistakes in durations, sizes, addresses and words of choice.

use super::specimen::{of_lines, same};

#[test]
fn durations_have_a_unit() {
    same(
        &of_lines("- slow: { wait: 100 }"),
        r#"
error: `100` is not a duration
  --> labs/02-server/rubric.yaml:12:23
   |
12 |       - slow: { wait: 100 }
   |                       ^^^
hint: durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`
"#,
    );
    same(
        &of_lines("- slow: { wait: 0s }"),
        r#"
error: `0s` is not a duration
  --> labs/02-server/rubric.yaml:12:23
   |
12 |       - slow: { wait: 0s }
   |                       ^^
hint: durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`
"#,
    );
    same(
        &of_lines("- slow: { wait: [1s] }"),
        r#"
error: `wait` takes a duration, not a list
  --> labs/02-server/rubric.yaml:12:23
   |
12 |       - slow: { wait: [1s] }
   |                       ^
hint: durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`
"#,
    );
    same(
        &of_lines("- slow: { wait: }"),
        r#"
error: `wait` has no value
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - slow: { wait: }
   |                 ^^^^
hint: durations are written `100ms`, `2s` or `1.5s`, from `1ms` to `600s`
"#,
    );
    same(
        &of_lines("- slow: { wait: 31s }"),
        r#"
error: `wait` is longer than the step may take, 30 s
  --> labs/02-server/rubric.yaml:12:23
   |
12 |       - slow: { wait: 31s }
   |                       ^^^
hint: make it shorter, or raise the step's `limit`
"#,
    );
}

#[test]
fn sizes_have_a_unit_or_are_bytes() {
    same(
        &of_lines("- student: { type: { random: 4MB } }"),
        r#"
error: `4MB` is not a size
  --> labs/02-server/rubric.yaml:12:36
   |
12 |       - student: { type: { random: 4MB } }
   |                                    ^^^
hint: sizes are written `512`, `64KiB` or `4MiB`, up to `64MiB`
"#,
    );
    same(
        &of_lines("- student: { type: { random: 65MiB } }"),
        r#"
error: `65MiB` is not a size
  --> labs/02-server/rubric.yaml:12:36
   |
12 |       - student: { type: { random: 65MiB } }
   |                                    ^^^^^
hint: sizes are written `512`, `64KiB` or `4MiB`, up to `64MiB`
"#,
    );
}

#[test]
fn choices_are_suggested_or_listed() {
    same(
        &of_lines("- slow: { connect: studnet }"),
        r#"
error: `connect` cannot be `studnet`
  --> labs/02-server/rubric.yaml:12:26
   |
12 |       - slow: { connect: studnet }
   |                          ^^^^^^^
hint: did you mean `student`?
"#,
    );
    same(
        &of_lines("- slow: { connect: student }\n- slow: { close: down }"),
        r#"
error: `close` cannot be `down`
  --> labs/02-server/rubric.yaml:13:24
   |
13 |       - slow: { close: down }
   |                        ^^^^
hint: write `write`, `both` or `reset`
"#,
    );
    same(
        &of_lines("- student: { signal: SIGTERM }"),
        r#"
error: `signal` cannot be `SIGTERM`
  --> labs/02-server/rubric.yaml:12:28
   |
12 |       - student: { signal: SIGTERM }
   |                            ^^^^^^^
hint: write `TERM`, `KILL`, `INT`, `HUP`, `PIPE`, `STOP`, `CONT` or `USR1`
"#,
    );
}

#[test]
fn addresses_are_the_machines_own() {
    same(
        &of_lines("- slow: { connect: student, from: 10.0.0.1, to: localhost }"),
        r#"
error: `from` cannot be 10.0.0.1
  --> labs/02-server/rubric.yaml:12:41
   |
12 |       - slow: { connect: student, from: 10.0.0.1, to: localhost }
   |                                         ^^^^^^^^
hint: addresses here are 127.x.y.z, or 10.99.0.1 to 10.99.0.9, which a cell has

error: `localhost` is not an IPv4 address
  --> labs/02-server/rubric.yaml:12:55
   |
12 |       - slow: { connect: student, from: 10.0.0.1, to: localhost }
   |                                                       ^^^^^^^^^
hint: an address is written `127.0.0.1`
"#,
    );
}

#[test]
fn a_status_is_a_byte() {
    same(
        &of_lines("- student: { expect_exit: [0, 256, -1] }"),
        r#"
error: `256` is not an exit status
  --> labs/02-server/rubric.yaml:12:37
   |
12 |       - student: { expect_exit: [0, 256, -1] }
   |                                     ^^^
hint: a status is a whole number from 0 to 255; `[1, 2]` allows either

error: `-1` is not an exit status
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { expect_exit: [0, 256, -1] }
   |                                          ^^
hint: a status is a whole number from 0 to 255; `[1, 2]` allows either
"#,
    );
    same(
        &of_lines("- student: { expect_exit: [] }"),
        r#"
error: there is nothing in `expect_exit`
  --> labs/02-server/rubric.yaml:12:33
   |
12 |       - student: { expect_exit: [] }
   |                                 ^
hint: leave it out, or fill it
"#,
    );
}
