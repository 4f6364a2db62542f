//! Mistakes of steps among each other.

use super::specimen::{of_steps, same};

#[test]
fn ids_are_unique() {
    same(
        &of_steps(&["id: one, points: 50", "id: two, points: 0", "id: one, points: 50"]),
        r#"
error: a second `one`
 --> labs/02-server/rubric.yaml:7:11
  |
7 |   - { id: one, points: 50, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |           ^^^
hint: the first one is on line 5; ids are unique
"#,
    );
}

#[test]
fn needs_are_steps() {
    same(
        &of_steps(&["id: backlog, points: 100", "id: two, points: 0, needs: [baclog, nothing]"]),
        r#"
error: no step is called `baclog`
 --> labs/02-server/rubric.yaml:6:35
  |
6 |   - { id: two, points: 0, needs: [baclog, nothing], title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                   ^^^^^^
hint: did you mean `backlog`?

error: no step is called `nothing`
 --> labs/02-server/rubric.yaml:6:43
  |
6 |   - { id: two, points: 0, needs: [baclog, nothing], title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                           ^^^^^^^
hint: the steps are `backlog` and `two`
"#,
    );
    same(
        &of_steps(&["id: backlog, points: 100, needs: []"]),
        r#"
error: there is nothing in `needs`
 --> labs/02-server/rubric.yaml:5:40
  |
5 |   - { id: backlog, points: 100, needs: [], title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                        ^
hint: leave it out, or fill it
"#,
    );
}

#[test]
fn needs_have_no_circle() {
    same(
        &of_steps(&["id: one, points: 100, needs: one"]),
        r#"
error: `one` needs itself
 --> labs/02-server/rubric.yaml:5:36
  |
5 |   - { id: one, points: 100, needs: one, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                    ^^^
hint: take one `needs` away
"#,
    );
    let steps = [
        "id: a, points: 50, needs: b",
        "id: b, points: 50, needs: [d, c]",
        "id: c, points: 0, needs: a",
        "id: d, points: 0",
    ];
    same(
        &of_steps(&steps),
        r#"
error: steps need each other in a circle: `a` → `b` → `c` → `a`
 --> labs/02-server/rubric.yaml:5:33
  |
5 |   - { id: a, points: 50, needs: b, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                 ^
hint: take one `needs` away
"#,
    );
}

#[test]
fn circles_are_shown_once_each() {
    let steps = [
        "id: in, points: 0, needs: c",
        "id: a, points: 50, needs: b",
        "id: b, points: 50, needs: a",
        "id: c, points: 0, needs: d",
        "id: d, points: 0, needs: [in, c]",
        "id: free, points: 0, needs: also-free",
        "id: also-free, points: 0",
    ];
    same(
        &of_steps(&steps),
        r#"
error: steps need each other in a circle: `in` → `c` → `d` → `in`
 --> labs/02-server/rubric.yaml:5:33
  |
5 |   - { id: in, points: 0, needs: c, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                 ^
hint: take one `needs` away

error: steps need each other in a circle: `a` → `b` → `a`
 --> labs/02-server/rubric.yaml:6:33
  |
6 |   - { id: a, points: 50, needs: b, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                 ^
hint: take one `needs` away
"#,
    );
}

#[test]
fn only_extra_credit_needs_extra_credit() {
    let steps =
        ["id: a, points: 5, bonus: true", "id: b, points: 5, bonus: true, needs: a", "id: c, points: 100, needs: a"];
    same(
        &of_steps(&steps),
        r#"
error: a step without `bonus` needs `a`, which is extra credit
 --> labs/02-server/rubric.yaml:7:34
  |
7 |   - { id: c, points: 100, needs: a, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                                  ^
hint: nobody has to do the extra credit; take the `needs` away
"#,
    );
}

#[test]
fn points_add_up_to_100_without_extra_credit() {
    same(
        &of_steps(&["id: a, points: 90", "id: b, points: 5.5", "id: c, points: 4.5, bonus: true"]),
        r#"
error: the steps' points add up to 95.5 instead of 100
 --> labs/02-server/rubric.yaml:4:1
  |
4 | steps:
  | ^^^^^
hint: 4.5 points are missing; steps with `bonus: true` do not count
"#,
    );
    same(
        &of_steps(&["id: a, points: 99", "id: b, points: 1.5"]),
        r#"
error: the steps' points add up to 100.5 instead of 100
 --> labs/02-server/rubric.yaml:4:1
  |
4 | steps:
  | ^^^^^
hint: 0.5 points are too many
"#,
    );
    same(
        &of_steps(&["id: a, points: 99.999"]),
        r#"
error: the steps' points add up to 99.999 instead of 100
 --> labs/02-server/rubric.yaml:4:1
  |
4 | steps:
  | ^^^^^
hint: 0.001 points are missing; steps with `bonus: true` do not count
"#,
    );
    same(
        &of_steps(&["id: a, points: many"]),
        r#"
error: `many` is not a number of points
 --> labs/02-server/rubric.yaml:5:22
  |
5 |   - { id: a, points: many, title: T, hint: H, why: W, exchange: [ student: { wait: 1ms } ] }
  |                      ^^^^
hint: points are written `5` or `7.5`, with up to three decimals
"#,
    );
}
