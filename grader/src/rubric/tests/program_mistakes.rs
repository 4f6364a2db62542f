//! Mistakes with programs that play beside the student's, and with exchanges between submissions.

use super::specimen::{mistakes, same, step};

/// The messages for these words of a step that is good otherwise, and extra credit.
fn of_bonus(words: &str) -> String {
    let mut text = step("exchange: [ student: { wait: 1ms } ]");
    text.push_str("  - id: two\n    title: T\n    points: 1\n    bonus: true\n    hint: H\n    why: W\n");
    words.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    mistakes(&text)
}

/// The messages for a bonus step's lines, with the program `a`.
fn of_lines(lines: &str) -> String {
    of_bonus(&format!("actors: {{ a: {{ program: httpd }} }}\nexchange:\n{lines}"))
}

/// The messages for `interop:` with these entries.
fn of_interop(entries: &str) -> String {
    mistakes(&format!("{}interop:{entries}", step("exchange: [ student: { wait: 1ms } ]")))
}

#[test]
fn a_program_has_a_name_and_files() {
    same(
        &of_bonus("exchange: [ a: { start: [] } ]\nactors: { a: { program: } }"),
        r#"
error: `program` has no value
  --> labs/02-server/rubric.yaml:18:20
   |
18 |     actors: { a: { program: } }
   |                    ^^^^^^^
hint: the program's file name: letters, digits, `-` and `_`
"#,
    );
    same(
        &of_bonus("exchange: [ a: { start: [] } ]\nactors: { a: { program: ../httpd } }"),
        r#"
error: `../httpd` is not the name of a program
  --> labs/02-server/rubric.yaml:18:29
   |
18 |     actors: { a: { program: ../httpd } }
   |                             ^^^^^^^^
hint: the program's file name: letters, digits, `-` and `_`
"#,
    );
    same(
        &of_bonus("exchange: [ a: { start: [] } ]\nactors: { a: { program: httpd, server: silent } }"),
        r#"
error: an actor cannot be both `server` and `program`
  --> labs/02-server/rubric.yaml:18:20
   |
18 |     actors: { a: { program: httpd, server: silent } }
   |                    ^^^^^^^
hint: make two actors of it
"#,
    );
    same(
        &of_bonus("exchange: [ a: { start: [] } ]\nactors: { a: { program: httpd, port: 80 } }"),
        r#"
error: `port` does not go with `program`
  --> labs/02-server/rubric.yaml:18:36
   |
18 |     actors: { a: { program: httpd, port: 80 } }
   |                                    ^^^^
hint: `program` goes with `files`
"#,
    );
    same(
        &of_bonus("exchange: [ a: { wait: 1ms } ]\nactors: { a: { clients: 3, files: { a.txt: x } } }"),
        r#"
error: `files` does not go with `clients`
  --> labs/02-server/rubric.yaml:18:32
   |
18 |     actors: { a: { clients: 3, files: { a.txt: x } } }
   |                                ^^^^^
hint: `clients` goes alone
"#,
    );
    same(
        &of_bonus("exchange: [ a: { wait: 1ms } ]\nactors: { a: { server: willing, files: { a.txt: x } } }"),
        r#"
error: `files` does not go with `server`
  --> labs/02-server/rubric.yaml:18:37
   |
18 |     actors: { a: { server: willing, files: { a.txt: x } } }
   |                                     ^^^^^
hint: `server` goes with `at` or `port`
"#,
    );
    same(
        &of_bonus("exchange: [ a: { start: [] } ]\nactors: { a: { program: httpd, files: { ../a.txt: x } } }"),
        r#"
error: `../a.txt` leads out of `{files}`
  --> labs/02-server/rubric.yaml:18:45
   |
18 |     actors: { a: { program: httpd, files: { ../a.txt: x } } }
   |                                             ^^^^^^^^
hint: a path is relative and has no `..` in it
"#,
    );
}

#[test]
fn a_program_is_started_once_and_listens() {
    same(
        &of_lines("  - student: { type: \"{a.port}\" }"),
        r#"
error: nothing starts `a`
  --> labs/02-server/rubric.yaml:17:15
   |
17 |     actors: { a: { program: httpd } }
   |               ^
hint: `- a: { start: ["{port}"] }` comes before whoever connects to it
"#,
    );
    same(
        &of_lines("  - a: { start: [] }\n  - a: { start: [] }"),
        r#"
error: `a` is running already
  --> labs/02-server/rubric.yaml:20:14
   |
20 |       - a: { start: [] }
   |              ^^^^^
hint: it runs until the step is over; start it once
"#,
    );
    same(
        &of_lines("  - a: { expect: \"x\" }\n  - a: { start: [] }"),
        r#"
error: nothing starts `a`
  --> labs/02-server/rubric.yaml:19:14
   |
19 |       - a: { expect: "x" }
   |              ^^^^^^
hint: `- a: { start: ["{port}"] }` comes before whoever connects to it
"#,
    );
    same(
        &of_lines("  - a: { start: [\"{files}\"] }"),
        r#"
error: unknown placeholder `{files}`
  --> labs/02-server/rubric.yaml:19:23
   |
19 |       - a: { start: ["{files}"] }
   |                       ^^^^^^^
hint: write `{{` for a brace; the placeholders are `{port}`, `{a.port}` and `{a.address}`
"#,
    );
    same(
        &of_lines("  - a: { start: [] }\n  - a: { send: \"x\" }"),
        r#"
error: `a` is a program and cannot `send`
  --> labs/02-server/rubric.yaml:20:14
   |
20 |       - a: { send: "x" }
   |              ^^^^
hint: it can `expect`, `start` or `wait`
"#,
    );
    same(
        &of_lines("  - a: { start: [] }\n  - student: { type: \"{a.peer}\" }"),
        r#"
error: `a` is a program and has no `peer`
  --> labs/02-server/rubric.yaml:20:27
   |
20 |       - student: { type: "{a.peer}" }
   |                           ^^^^^^^^
hint: there is `{a.port}` and `{a.address}`
"#,
    );
    same(
        &of_lines("  - student: { wait: 1ms }"),
        r#"
error: `a` does nothing in this step
  --> labs/02-server/rubric.yaml:17:15
   |
17 |     actors: { a: { program: httpd } }
   |               ^
hint: leave it out, or give it a line
"#,
    );
}

#[test]
fn nobody_is_graded_by_a_program_of_another_lab() {
    same(
        &mistakes(
            "title: T\nprogram: server\nstart: []\nsteps:\n  - { id: one, title: T, points: 100, hint: H, why: W, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }\n",
        ),
        r#"
error: a step without `bonus` needs `httpd`, which it does not grade
 --> labs/02-server/rubric.yaml:5:66
  |
5 |   - { id: one, title: T, points: 100, hint: H, why: W, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }
  |                                                                  ^
hint: make it `bonus: true`: nobody loses points for a program of another lab
"#,
    );
}

#[test]
fn an_exchange_between_submissions_needs_another_one() {
    same(
        &of_interop("\n  - { id: x, title: T, exchange: [ student: { wait: 1ms } ] }\n"),
        r#"
error: nobody of the other submission takes part
  --> labs/02-server/rubric.yaml:12:11
   |
12 |   - { id: x, title: T, exchange: [ student: { wait: 1ms } ] }
   |           ^
hint: an actor `{ program: server }` is the other submission's
"#,
    );
    same(
        &of_interop(
            "\n  - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }\n  - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }\n",
        ),
        r#"
error: a second `x`
  --> labs/02-server/rubric.yaml:13:11
   |
13 |   - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }
   |           ^
hint: the first one is on line 12; ids are unique
"#,
    );
    same(
        &of_interop(
            "\n  - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ], points: 5 }\n",
        ),
        r#"
error: unknown word `points`
  --> labs/02-server/rubric.yaml:12:91
   |
12 |   - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ], points: 5 }
   |                                                                                           ^^^^^^
hint: the words here are `id`, `title`, `actors`, `start`, `exchange`, `files`, `hosts`, `receive_buffer`, `send_buffer`, `times`, `limit` and `requires`
"#,
    );
    same(
        &of_interop("\n  - { title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }\n"),
        r#"
error: the exchange has no `id`
  --> labs/02-server/rubric.yaml:12:7
   |
12 |   - { title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }
   |       ^^^^^
hint: `id: slow-client`, unique in the lab
"#,
    );
    same(
        &of_interop("\n  - { id: x }\n"),
        r#"
error: the exchange has no `title`
  --> labs/02-server/rubric.yaml:12:11
   |
12 |   - { id: x }
   |           ^
hint: `title:` says in a few words what is asked for

error: the exchange has no `exchange`
  --> labs/02-server/rubric.yaml:12:11
   |
12 |   - { id: x }
   |           ^
hint: `exchange:` lists who does what, line by line
"#,
    );
    same(
        &of_interop(" []\n"),
        r#"
error: there is nothing in `interop`
  --> labs/02-server/rubric.yaml:11:10
   |
11 | interop: []
   |          ^
hint: leave it out, or fill it
"#,
    );
    same(
        &of_interop(" {}\n"),
        r#"
error: `interop` takes a list, not a map
  --> labs/02-server/rubric.yaml:11:10
   |
11 | interop: {}
   |          ^
hint: lists are written `[a, b]`, or with a `-` before each entry
"#,
    );
}

#[test]
fn a_good_one_is_no_mistake() {
    let exchange = "\n  - { id: x, title: T, actors: { a: { program: httpd } }, exchange: [ a: { start: [] } ] }\n";
    same(&of_interop(exchange), "no mistake");
    same(&of_lines("  - a: { start: [\"{port}\"] }\n  - a: { expect: \"x\" }"), "no mistake");
}
