//! Mistakes in patterns and probes.

use super::specimen::{of_lines, same};

#[test]
fn patterns_are_of_a_known_form() {
    same(
        &of_lines("- student: { expect: { unitl: x } }"),
        r#"
error: unknown word `unitl`
  --> labs/02-server/rubric.yaml:12:30
   |
12 |       - student: { expect: { unitl: x } }
   |                              ^^^^^
hint: did you mean `until`?
"#,
    );
    same(
        &of_lines("- student: { expect: }"),
        r#"
error: `expect` has no value
  --> labs/02-server/rubric.yaml:12:20
   |
12 |       - student: { expect: }
   |                    ^^^^^^
hint: write a payload, or one of `{ until: "\r\n" }`, `{ line: regex }`, `{ some_line: regex }`, `{ phrase: words }`, `{ lines_in_any_order: [a, b] }`, `{ lines_interleaved: [payload, payload] }`, `{ http: { status: 200 } }`
"#,
    );
    same(
        &of_lines("- student: { expect: { until: x, line: y } }"),
        r#"
error: unknown word `line`
  --> labs/02-server/rubric.yaml:12:40
   |
12 |       - student: { expect: { until: x, line: y } }
   |                                        ^^^^
hint: the only word here is `until`
"#,
    );
    same(
        &of_lines("- student: { expect: { lines_in_any_order: a } }"),
        r#"
error: `a` is not a list
  --> labs/02-server/rubric.yaml:12:50
   |
12 |       - student: { expect: { lines_in_any_order: a } }
   |                                                  ^
hint: lists are written `[a, b]`, or with a `-` before each entry
"#,
    );
    same(
        &of_lines("- student: { expect: { lines_in_any_order: [] } }"),
        r#"
error: there is nothing in `lines_in_any_order`
  --> labs/02-server/rubric.yaml:12:50
   |
12 |       - student: { expect: { lines_in_any_order: [] } }
   |                                                  ^
hint: leave it out, or fill it
"#,
    );
    same(
        &of_lines("- student: { expect: { phrase: [a] } }"),
        r#"
error: `phrase` takes text, not a list
  --> labs/02-server/rubric.yaml:12:38
   |
12 |       - student: { expect: { phrase: [a] } }
   |                                      ^
hint: text of at least one character, in quotes where YAML needs them
"#,
    );
}

#[test]
fn senders_are_payloads_or_clients_of_a_crowd() {
    let mixed = |entry: &str| {
        of_lines(&format!("- crowd: {{ connect: student }}\n- crowd: {{ expect: {{ lines_interleaved: [{entry}] }} }}"))
    };
    same(&mixed("{ each: crowd, lines: \"{i}\\n\" }, { repeat: \"{n}\\n\", times: 3 }, \"x\\n\""), "no mistake");
    same(
        &mixed("{ each: slow, lines: x }"),
        r#"
error: `{i}` means nothing here
  --> labs/02-server/rubric.yaml:13:56
   |
13 |       - crowd: { expect: { lines_interleaved: [{ each: slow, lines: x }] } }
   |                                                        ^^^^
hint: it is the number of a client of a crowd, `{ clients: 50 }`
"#,
    );
    same(
        &mixed("{ each: crowd }"),
        r#"
error: `each` has no `lines`
  --> labs/02-server/rubric.yaml:13:50
   |
13 |       - crowd: { expect: { lines_interleaved: [{ each: crowd }] } }
   |                                                  ^^^^
hint: write `{ each: crowd, lines: "{i} says hi\n" }`
"#,
    );
    same(
        &of_lines("- student: { type: \"{n}\" }"),
        r#"
error: unknown placeholder `{n}`
  --> labs/02-server/rubric.yaml:12:27
   |
12 |       - student: { type: "{n}" }
   |                           ^^^
hint: write `{{` for a brace; the placeholders are `{port}`, `{crowd.peer}`, `{crowd.local}`, `{origin.port}`, `{origin.address}`, `{origin.peer}`, `{origin.local}`, `{slow.peer}` and `{slow.local}`
"#,
    );
}

#[test]
fn regular_expressions_are_compiled() {
    same(
        &of_lines("- student: { expect: { line: 'a(b' } }"),
        r#"
error: this is not a regular expression: unclosed group
  --> labs/02-server/rubric.yaml:12:36
   |
12 |       - student: { expect: { line: 'a(b' } }
   |                                    ^^^^^
hint: a sign that stands for itself has a backslash before it: `\(`, `\?`
"#,
    );
    same(
        &of_lines("- student: { expect: { line: 'from {slow.locl}' } }"),
        r#"
error: unknown placeholder `{slow.locl}`
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { expect: { line: 'from {slow.locl}' } }
   |                                          ^^^^^^^^^^^
hint: did you mean `{slow.local}`?
"#,
    );
}

#[test]
fn http_messages_are_requests_or_responses() {
    same(
        &of_lines("- student: { expect: { http: { status: 99, method: get, target: / } } }"),
        r#"
error: `99` is not a whole number from 100 to 599
  --> labs/02-server/rubric.yaml:12:46
   |
12 |       - student: { expect: { http: { status: 99, method: get, target: / } } }
   |                                              ^^

error: a message with a `status` has no `method`
  --> labs/02-server/rubric.yaml:12:50
   |
12 |       - student: { expect: { http: { status: 99, method: get, target: / } } }
   |                                                  ^^^^^^
hint: `status` is for a response, `method` and `target` are for a request

error: `get` is not a request method
  --> labs/02-server/rubric.yaml:12:58
   |
12 |       - student: { expect: { http: { status: 99, method: get, target: / } } }
   |                                                          ^^^
hint: a method is one word in capital letters: `GET`

error: a message with a `status` has no `target`
  --> labs/02-server/rubric.yaml:12:63
   |
12 |       - student: { expect: { http: { status: 99, method: get, target: / } } }
   |                                                               ^^^^^^
hint: `status` is for a response, `method` and `target` are for a request
"#,
    );
    same(
        &of_lines("- student: { expect: { http: { version: 2.0, header: {} } } }"),
        r#"
error: `version` cannot be `2.0`
  --> labs/02-server/rubric.yaml:12:47
   |
12 |       - student: { expect: { http: { version: 2.0, header: {} } } }
   |                                               ^^^
hint: did you mean `1.0`?

error: unknown word `header`
  --> labs/02-server/rubric.yaml:12:52
   |
12 |       - student: { expect: { http: { version: 2.0, header: {} } } }
   |                                                    ^^^^^^
hint: did you mean `headers`?
"#,
    );
    same(
        &of_lines("- student: { expect: { http: 200 } }"),
        r#"
error: `200` is not a map
  --> labs/02-server/rubric.yaml:12:36
   |
12 |       - student: { expect: { http: 200 } }
   |                                    ^^^
hint: write `{ http: { status: 200, headers: { Content-Length: 5 }, body: "hello" } }`
"#,
    );
}

#[test]
fn probes_are_of_a_known_form() {
    same(
        &of_lines("- student: { observe: listening }"),
        r#"
error: `listening` is not a probe
  --> labs/02-server/rubric.yaml:12:29
   |
12 |       - student: { observe: listening }
   |                             ^^^^^^^^^
hint: write one of `{ listening: true }`, `{ descriptors: steady }`, `{ memory: steady }`, `{ children: 3 }`, `{ zombies: 0 }`, `{ threads: ">= 3" }`, `{ sockets: { close_wait: 0 } }`, `{ forked: true }`, `{ running: true }`, `{ asleep: true }`, `{ idle: 100ms }`
"#,
    );
    same(
        &of_lines("- student: { observe: {} }"),
        r#"
error: `observe` takes a probe, not a map
  --> labs/02-server/rubric.yaml:12:29
   |
12 |       - student: { observe: {} }
   |                             ^
hint: write one of `{ listening: true }`, `{ descriptors: steady }`, `{ memory: steady }`, `{ children: 3 }`, `{ zombies: 0 }`, `{ threads: ">= 3" }`, `{ sockets: { close_wait: 0 } }`, `{ forked: true }`, `{ running: true }`, `{ asleep: true }`, `{ idle: 100ms }`
"#,
    );
    same(
        &of_lines("- student: { observe: { listenning: true } }"),
        r#"
error: unknown word `listenning`
  --> labs/02-server/rubric.yaml:12:31
   |
12 |       - student: { observe: { listenning: true } }
   |                               ^^^^^^^^^^
hint: did you mean `listening`?
"#,
    );
    same(
        &of_lines("- student: { observe: { listening: false } }"),
        r#"
error: `listening` cannot be `false`
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { observe: { listening: false } }
   |                                          ^^^^^
hint: write `true`, or leave it out
"#,
    );
    same(
        &of_lines("- student: { observe: { listening: { address: all, backlog: \"=> 10\" } } }"),
        r#"
error: `address` cannot be `all`
  --> labs/02-server/rubric.yaml:12:53
   |
12 |       - student: { observe: { listening: { address: all, backlog: "=> 10" } } }
   |                                                     ^^^
hint: write `any` or `loopback`

error: `=> 10` is not a bound
  --> labs/02-server/rubric.yaml:12:67
   |
12 |       - student: { observe: { listening: { address: all, backlog: "=> 10" } } }
   |                                                                   ^^^^^^^
hint: bounds are written `3`, `">= 3"`, `"<= 3"`, `"> 3"` or `"< 3"`
"#,
    );
    same(
        &of_lines("- student: { observe: { sockets: { closed_wait: 0 } } }"),
        r#"
error: unknown word `closed_wait`
  --> labs/02-server/rubric.yaml:12:42
   |
12 |       - student: { observe: { sockets: { closed_wait: 0 } } }
   |                                          ^^^^^^^^^^^
hint: did you mean `close_wait`?
"#,
    );
    same(
        &of_lines("- student: { observe: { sockets: {} } }"),
        r#"
error: there is nothing in `sockets`
  --> labs/02-server/rubric.yaml:12:40
   |
12 |       - student: { observe: { sockets: {} } }
   |                                        ^
hint: leave it out, or fill it
"#,
    );
    same(
        &of_lines("- student: { observe: { children: 1, zombies: 0 } }"),
        r#"
error: `children` and `zombies` in one line
  --> labs/02-server/rubric.yaml:12:44
   |
12 |       - student: { observe: { children: 1, zombies: 0 } }
   |                                            ^^^^^^^
hint: each gets a line of its own
"#,
    );
    same(
        &of_lines("- student: { observe: { running: maybe } }"),
        r#"
error: `maybe` is not `true` or `false`
  --> labs/02-server/rubric.yaml:12:40
   |
12 |       - student: { observe: { running: maybe } }
   |                                        ^^^^^
"#,
    );
}
