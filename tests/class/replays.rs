//! A failed step is played again only when somebody asks for it, and that is told.

use serde_json::Value;

use super::support::{Class, stdout};

/// A server that answers every other client on average.
const CHANCE: &str = r#"#!/usr/bin/env python3
import os, socket, sys
listener = socket.create_server(("", int(sys.argv[1])))
print("listening on port", file=sys.stderr, flush=True)
client, _ = listener.accept()
if os.urandom(1)[0] < 128:
    client.sendall(client.recv(100))
client.close()
listener.accept()
"#;

fn replays(class: &Class, name: &str) -> Value {
    let report: Value = serde_json::from_str(&class.result(&format!("submissions/{name}/report.json"))).expect("JSON");
    let steps = report["labs"][0]["steps"].as_array().expect("there are steps");
    steps.iter().find(|step| step["id"] == "tiny/echoes").expect("it is there")["replays"].clone()
}

#[test]
fn what_failed_by_chance_is_told_apart_from_what_always_fails() {
    let class = Class::new();
    class.copy("never", "wrong/server-closes-early");
    class.write("chance/server", CHANCE);
    // Until chance lets it fail.
    for _ in 0..64 {
        class.class(&["--confirm", "16", "--again"]).code(0);
        if !replays(&class, "chance").is_null() {
            break;
        }
    }
    assert_eq!(replays(&class, "never"), serde_json::json!({ "played": 16, "passed": 0 }));
    let by_chance = replays(&class, "chance");
    let passed = by_chance["passed"].as_u64().expect("it was played again");
    assert!((1..16).contains(&passed), "{by_chance}");
    // The first verdict stands.
    assert!(class.result("grades.csv").contains("chance,chance,,chance,graded,60,100,60\n"));
    let page = class.result("index.html");
    assert!(page.contains("failed a step that they passed when it was played again"));
    let own = class.result("submissions/chance/report.html");
    assert!(own.contains(&format!("passed {passed} of 16 when it was played again: chance has a part in it")), "{own}");
}

#[test]
fn without_being_asked_nothing_is_played_again() {
    let class = Class::new();
    class.copy("never", "wrong/server-closes-early");
    class.class(&[]).code(0);
    assert!(replays(&class, "never").is_null());
}

#[test]
fn one_submission_is_confirmed_in_the_same_way() {
    let class = Class::new();
    class.copy("never", "wrong/server-closes-early");
    let mut grade = conformance::grader();
    grade.arg("grade").arg(class.submissions().join("never")).args(["--confirm", "3", "--color", "never"]);
    grade.arg("--labs").arg(conformance::top().join("tests/labs"));
    let run = grade.assert().code(1);
    assert!(stdout(&run).contains("failed 3 of 3 when it was played again"), "{}", stdout(&run));
}
