//! Tools: what they run, and mistakes in it.

use super::specimen::{loaded, mistakes, same, step};
use crate::rubric::{Action, ExitStatus, Line, Part, Pattern, Requirement, Role, Template};

/// A step with a tool that does this, on line 12.
fn line_of(line: &str) -> String {
    step(&format!("actors: {{ curl: tool }}\nexchange:\n  - curl: {line}"))
}

#[test]
fn a_tool_runs_a_program_that_the_machine_then_has_to_have() {
    let lab = loaded(&line_of(
        r#"{ run: [curl, -s, "http://127.0.0.1:{port}/"], stdout: { line: m.+ }, status: [0, 22], within: 2s }"#,
    ));
    let step = &lab.steps[0];
    assert_eq!((&step.actors[0].role, &step.requires), (&Role::Tool, &vec![Requirement::Tool("curl".into())]));
    let Line::Act(act) = &step.exchange[0] else { panic!("an act") };
    let Action::Run { tool, arguments, stdout, status } = &act.action else { panic!("{:?}", act.action) };
    let url = Template(vec![Part::Text("http://127.0.0.1:".into()), Part::Port, Part::Text("/".into())]);
    assert_eq!((tool.as_str(), arguments), ("curl", &vec![Template::literal("-s"), url]));
    assert_eq!((status, act.within), (&ExitStatus(vec![0, 22]), Some(std::time::Duration::from_secs(2))));
    assert!(matches!(stdout, Some(Pattern::Line(_))));
    let plain = loaded(&line_of("{ run: [true] }"));
    let Line::Act(act) = &plain.steps[0].exchange[0] else { panic!("an act") };
    assert!(matches!(&act.action, Action::Run { status, stdout: None, .. } if *status == ExitStatus(vec![0])));
}

#[test]
fn it_is_written_as_a_list() {
    same(
        &mistakes(&line_of("{ run: curl }")),
        r#"
error: `curl` is not a program and its arguments
  --> labs/02-server/rubric.yaml:12:22
   |
12 |       - curl: { run: curl }
   |                      ^^^^
hint: write `[curl, -s, "http://127.0.0.1:{port}/"]`
"#,
    );
    same(
        &mistakes(&line_of("{ run: [] }")),
        r#"
error: there is nothing in `run`
  --> labs/02-server/rubric.yaml:12:22
   |
12 |       - curl: { run: [] }
   |                      ^
hint: leave it out, or fill it
"#,
    );
    same(
        &mistakes(&line_of("{ run: [/usr/bin/curl, -s] }")),
        r#"
error: `/usr/bin/curl` is not the name of a program
  --> labs/02-server/rubric.yaml:12:23
   |
12 |       - curl: { run: [/usr/bin/curl, -s] }
   |                       ^^^^^^^^^^^^^
hint: a program's name without a path: letters, digits, `-`, `_`, `.` and `+`
"#,
    );
}

#[test]
fn a_tool_has_no_connection_of_the_graders() {
    same(
        &mistakes(&line_of(r#"{ run: [nc, "{curl.port}"] }"#)),
        r#"
error: `curl` is a tool and has no `port`
  --> labs/02-server/rubric.yaml:12:28
   |
12 |       - curl: { run: [nc, "{curl.port}"] }
   |                            ^^^^^^^^^^^
hint: a tool has only its arguments
"#,
    );
    same(
        &mistakes(&line_of(r#"{ send: "x" }"#)),
        r#"
error: `curl` is a tool and cannot `send`
  --> labs/02-server/rubric.yaml:12:17
   |
12 |       - curl: { send: "x" }
   |                 ^^^^
hint: it can `run` or `wait`
"#,
    );
    same(
        &mistakes(&line_of("{ run: [true], chunk: 3 }")),
        r#"
error: `chunk` does not go with `run`
  --> labs/02-server/rubric.yaml:12:30
   |
12 |       - curl: { run: [true], chunk: 3 }
   |                              ^^^^^
hint: `run` goes with `stdout`, `status` or `within`
"#,
    );
}
