//! Mistakes in a step's actors.

use super::specimen::{of_step, same};

#[test]
fn actors_have_a_name_and_a_role() {
    same(
        &of_step("actors: { a: cleint }"),
        r#"
error: `a` cannot be `cleint`
  --> labs/02-server/rubric.yaml:11:18
   |
11 |     actors: { a: cleint }
   |                  ^^^^^^
hint: did you mean `client`?
"#,
    );
    same(
        &of_step("actors: [a]"),
        r#"
error: `actors` takes a map, not a list
  --> labs/02-server/rubric.yaml:11:13
   |
11 |     actors: [a]
   |             ^
hint: write `actors: { slow: client, origin: server }`
"#,
    );
    same(
        &of_step("actors: { student: client, times: client, a b: client }"),
        r#"
error: `student` is an actor of every exchange already
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     actors: { student: client, times: client, a b: client }
   |               ^^^^^^^
hint: leave it out

error: an actor cannot be called `times`
  --> labs/02-server/rubric.yaml:11:32
   |
11 |     actors: { student: client, times: client, a b: client }
   |                                ^^^^^
hint: a line with this word is a block; choose another name

error: `a b` is not a name for an actor
  --> labs/02-server/rubric.yaml:11:47
   |
11 |     actors: { student: client, times: client, a b: client }
   |                                               ^^^
hint: an actor's name is made of letters, digits, `-` and `_`
"#,
    );
    same(
        &of_step("actors: { a: { clients: 0 } }"),
        r#"
error: `0` is not a whole number from 1 to 1000
  --> labs/02-server/rubric.yaml:11:29
   |
11 |     actors: { a: { clients: 0 } }
   |                             ^
"#,
    );
    same(
        &of_step("actors: { a: { server: slient, at: 127.0.0.2 } }"),
        r#"
error: `server` cannot be `slient`
  --> labs/02-server/rubric.yaml:11:28
   |
11 |     actors: { a: { server: slient, at: 127.0.0.2 } }
   |                            ^^^^^^
hint: did you mean `silent`?
"#,
    );
    same(
        &of_step("actors: { a: { server: silent, at: 10.0.0.1 } }"),
        r#"
error: `a` does nothing in this step
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     actors: { a: { server: silent, at: 10.0.0.1 } }
   |               ^
hint: leave it out, or give it a line

error: `at` cannot be 10.0.0.1
  --> labs/02-server/rubric.yaml:11:40
   |
11 |     actors: { a: { server: silent, at: 10.0.0.1 } }
   |                                        ^^^^^^^^
hint: addresses here are 127.x.y.z, or 10.99.0.1 to 10.99.0.9, which a cell has
"#,
    );
    same(
        &of_step("actors: { a: { server: unreachable, at: 127.0.0.2 } }"),
        r#"
error: `a` does nothing in this step
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     actors: { a: { server: unreachable, at: 127.0.0.2 } }
   |               ^
hint: leave it out, or give it a line

error: 127.0.0.2 can always be reached
  --> labs/02-server/rubric.yaml:11:45
   |
11 |     actors: { a: { server: unreachable, at: 127.0.0.2 } }
   |                                             ^^^^^^^^^
hint: leave `at` out, or give an address like `192.0.2.1`
"#,
    );
    same(
        &of_step("actors: { a: { clients: 2, at: 127.0.0.2 } }"),
        r#"
error: `a` does nothing in this step
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     actors: { a: { clients: 2, at: 127.0.0.2 } }
   |               ^
hint: leave it out, or give it a line

error: `at` does not go with `clients`
  --> labs/02-server/rubric.yaml:11:32
   |
11 |     actors: { a: { clients: 2, at: 127.0.0.2 } }
   |                                ^^
hint: `clients` goes alone
"#,
    );
    same(
        &of_step("actors: { a: { clients: 2, server: silent } }"),
        r#"
error: an actor cannot be both `clients` and `server`
  --> labs/02-server/rubric.yaml:11:32
   |
11 |     actors: { a: { clients: 2, server: silent } }
   |                                ^^^^^^
hint: make two actors of it
"#,
    );
    same(
        &of_step("actors: { a: {} }"),
        r#"
error: `a` takes a role, not a map
  --> labs/02-server/rubric.yaml:11:18
   |
11 |     actors: { a: {} }
   |                  ^
hint: write `client`, `server`, `tool`, `{ clients: 50 }`, `{ server: silent }` or `{ program: httpd }`
"#,
    );
    same(
        &of_step("actors: { a: { at: 127.0.0.2 } }"),
        r#"
error: `a` takes a role, not a map
  --> labs/02-server/rubric.yaml:11:18
   |
11 |     actors: { a: { at: 127.0.0.2 } }
   |                  ^
hint: write `client`, `server`, `tool`, `{ clients: 50 }`, `{ server: silent }` or `{ program: httpd }`
"#,
    );
    same(
        &of_step("actors: { a: }"),
        r#"
error: `a` has no value
  --> labs/02-server/rubric.yaml:11:15
   |
11 |     actors: { a: }
   |               ^
hint: write `client`, `server`, `tool`, `{ clients: 50 }`, `{ server: silent }` or `{ program: httpd }`
"#,
    );
}

#[test]
fn ports_are_given_to_one_server_each() {
    same(
        &of_step("actors: { a: { server: willing, port: 80 }, b: { server: silent, port: 80 } }"),
        r#"
error: `a` has this address and port already
  --> labs/02-server/rubric.yaml:11:49
   |
11 |     actors: { a: { server: willing, port: 80 }, b: { server: silent, port: 80 } }
   |                                                 ^
hint: give one of them another `at` or `port`
"#,
    );
    same(
        &of_step("actors: { a: { server: willing, port: 80 }, b: { server: silent, at: 127.0.0.2, port: 80 } }"),
        "no mistake",
    );
    same(
        &of_step("actors: { a: { server: squatting, port: 80 } }"),
        r#"
error: `port` does not go with `squatting`
  --> labs/02-server/rubric.yaml:11:39
   |
11 |     actors: { a: { server: squatting, port: 80 } }
   |                                       ^^^^
hint: `squatting` goes alone
"#,
    );
    same(
        &of_step("actors: { a: { server: willing, port: 65536 } }"),
        r#"
error: `65536` is not a whole number from 1 to 65535
  --> labs/02-server/rubric.yaml:11:43
   |
11 |     actors: { a: { server: willing, port: 65536 } }
   |                                           ^^^^^
"#,
    );
}
