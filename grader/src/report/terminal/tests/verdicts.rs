//! Each kind of verdict.

use super::{report, with};
use crate::engine::Verdict;
use crate::rubric::Points;
use crate::score::specimen::{card, failed, lab, outcome};
use crate::score::{LabScore, Problem, Scorecard};

#[test]
fn all_is_quiet_where_all_is_well() {
    let passed = ["listens", "echoes", "closes", "extra"].map(|step| outcome(step, Verdict::Passed));
    assert_eq!(
        report(&card(passed.into())),
        r"
02-server: The server's view                               100/100 + 10/10 bonus

  ✓     40/40  listens  Listens on the port it was told                    12 ms
  ✓ 35.5/35.5  echoes   Sends back what a client says                      12 ms
  ✓ 24.5/24.5  closes   Closes when the client is done                     12 ms
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      100/100 + 10/10 bonus
level cell, seed 815, 410 ms
"
    );
}

#[test]
fn a_blocked_step_names_the_step_it_needs() {
    let blocked = |step, needs: &str| outcome(step, Verdict::Blocked { needs: needs.to_owned() });
    let outcomes = vec![
        outcome("listens", failed()),
        blocked("echoes", "listens"),
        blocked("closes", "echoes"),
        outcome("extra", failed()),
    ];
    assert_eq!(
        report(&card(outcomes)),
        r"
02-server: The server's view                                  0/100 + 0/10 bonus

  ✗   0/40  listens  Listens on the port it was told                       12 ms
      bound port 41873 but never called `listen`

      next      call `listen` after `bind`, and check what it returns
      expected  by labs/02-server/rubric.yaml:7
                - student: { observe: { listening: true } }
      waited    until it could never happen any more: the whole program sleeps
                and nothing is under way to it
      seen      the only thread is in `read` on a terminal
      hint      Four calls in a row make a server. Which of them is the one that
                listens?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/listens

  - 0/35.5  echoes   Sends back what a client says                 needs listens
  - 0/24.5  closes   Closes when the client is done                 needs echoes
  ✗  +0/10  extra    Leaves no zombie behind                               12 ms
      the same as `listens`
      again     cargo lab grade 'my answer' --step 02-server/extra

total      0/100 + 0/10 bonus
level cell, seed 815, 410 ms

begin with  cargo lab grade 'my answer' --step 02-server/listens
"
    );
}

#[test]
fn what_this_machine_cannot_check_costs_nothing_and_is_said_loudly() {
    let why = "it needs a network of its own, and user namespaces are switched off on this machine".to_owned();
    let mut card = with(outcome("closes", Verdict::Unavailable { why }));
    card.level = crate::cell::Level::Uid;
    card.level_why = Some("user namespaces are switched off (kernel.unprivileged_userns_clone is 0)".to_owned());
    assert_eq!(
        report(&card),
        r"
02-server: The server's view                             75.5/75.5 + 10/10 bonus

  ✓     40/40  listens  Listens on the port it was told                    12 ms
  ✓ 35.5/35.5  echoes   Sends back what a client says                      12 ms
  ?    -/24.5  closes   Closes when the client is done                     12 ms
      cannot be checked here and costs nothing: it needs a network of its own,
      and user namespaces are switched off on this machine
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      75.5/75.5 + 10/10 bonus
not checkable here: 24.5 points, which cost nothing (02-server/closes)
level uid, seed 815, 410 ms
no better level: user namespaces are switched off
(kernel.unprivileged_userns_clone is 0)
"
    );
}

#[test]
fn the_graders_own_trouble_is_never_the_students() {
    let what = "cannot make a cell: no space left on device".to_owned();
    assert_eq!(
        report(&with(outcome("echoes", Verdict::Faulted { what }))),
        r"
02-server: The server's view                             64.5/64.5 + 10/10 bonus

  ✓     40/40  listens  Listens on the port it was told                    12 ms
  !    -/35.5  echoes   Sends back what a client says                      12 ms
      the grader's own trouble, which costs nothing: cannot make a cell: no
      space left on device
  ✓ 24.5/24.5  closes   Closes when the client is done                     12 ms
  ✓    +10/10  extra    Leaves no zombie behind                            12 ms

total      64.5/64.5 + 10/10 bonus
not graded through the grader's own fault: 35.5 points (02-server/echoes)
level cell, seed 815, 410 ms
"
    );
}

#[test]
fn a_program_that_does_not_build_shows_the_builders_words_once() {
    let problem = Problem {
        what: "it does not build: `make server` ended with exit status 2".to_owned(),
        output: "cc -o server server.c\nserver.c: In function ‘main’:\nserver.c:12:5: \u{1b}[31merror\u{1b}[0m: expected ‘;’\n".to_owned(),
    };
    let mut client = lab();
    client.id = "01-client".to_owned();
    client.steps[3].points = Points(2500);
    let unbuilt = |lab| LabScore::unbuilt(lab, &[], problem.clone());
    let card = Scorecard { labs: vec![unbuilt(&client), unbuilt(&lab())], ..card(Vec::new()) };
    assert_eq!(
        report(&card),
        r"
01-client: The server's view                                 0/100 + 0/2.5 bonus

  it does not build: `make server` ended with exit status 2

    | cc -o server server.c
    | server.c: In function ‘main’:
    | server.c:12:5: \x1b[31merror\x1b[0m: expected ‘;’

02-server: The server's view                                  0/100 + 0/10 bonus

  the same as above

01-client  0/100 + 0/2.5 bonus
02-server  0/100 + 0/10 bonus
total      0/200 + 0/12.5 bonus
level cell, seed 815, 410 ms
"
    );
}
