//! A good rubric becomes what it says.

use std::time::Duration;

use super::specimen::{FULL, loaded, same, step};
use crate::rubric::{
    Action, Amount, Bound, Content, ExitStatus, HeaderValue, Laid, Level, Line, ListenAddress, Manner, Pace, Part,
    Pattern, Payload, Piece, Place, Points, Probe, Relation, Requirement, Role, SignalName, SocketState, Start, Step,
    Target, Template, Visibility,
};

/// The step's actions in order, those of blocks too.
fn actions(step: &Step) -> Vec<&Action> {
    fn of<'a>(lines: &'a [Line], actions: &mut Vec<&'a Action>) {
        for line in lines {
            match line {
                Line::Act(act) => actions.push(&act.action),
                Line::Block { lines, .. } => of(lines, actions),
            }
        }
    }
    let mut found = Vec::new();
    of(&step.exchange, &mut found);
    found
}

fn text(text: &str) -> Template {
    Template::literal(text)
}

#[test]
fn the_rubric_has_its_words() {
    let lab = loaded(FULL);
    assert_eq!(
        (lab.id.as_str(), lab.title.as_str(), lab.program.as_str()),
        ("02-server", "The server's view", "server")
    );
    assert_eq!(lab.start, Start::With(vec![Template(vec![Part::Port])]));
    let ids: Vec<&str> = lab.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["slow-client", "crowd", "last", "extra"]);
    let exchanges: Vec<&str> = lab.interop.iter().map(|exchange| exchange.id.as_str()).collect();
    assert_eq!(exchanges, ["others"]);
    assert_eq!(lab.points(), Points::whole(100));
    assert_eq!(lab.steps[2].points, Points(125));
}

#[test]
fn a_step_has_its_words() {
    let lab = loaded(FULL);
    let [first, crowd, last, extra] = lab.steps.as_slice() else { panic!("four steps") };
    assert_eq!(first.title, "One slow client does not hold up the rest");
    assert_eq!(first.hint, "Who is calling `accept` while you wait?");
    assert_eq!(first.try_it.as_deref(), Some("nc 127.0.0.1 4711"));
    assert_eq!((first.times, first.limit, first.visibility), (1, Duration::from_secs(30), Visibility::Visible));
    assert_eq!(first.place, Place { line: 7, column: 9, length: 11 });
    assert_eq!(first.start, lab.start);
    assert_eq!(first.requires, [Requirement::Ipv6]);
    assert_eq!(
        (crowd.times, crowd.limit, crowd.visibility),
        (3, Duration::from_millis(12_500), Visibility::AfterDueDate)
    );
    assert_eq!((crowd.receive_buffer, crowd.send_buffer), (Some(8192), Some(4096)));
    let tool = Requirement::Tool("curl".into());
    let needed = [Requirement::Ipv6, Requirement::Cell, Requirement::Fork, tool, Requirement::TwoProcessors];
    assert_eq!(crowd.requires, needed);
    assert_eq!(crowd.hosts["two.example"].len(), 2);
    assert_eq!((&crowd.start, crowd.needs.as_slice()), (&Start::ByHand, ["slow-client".to_owned()].as_slice()));
    assert_eq!((last.bonus, extra.bonus, extra.visibility), (false, true, Visibility::Hidden));
    assert_eq!((&extra.start, extra.needs.as_slice()), (&Start::With(vec![]), ["last".to_owned()].as_slice()));
}

#[test]
fn actors_have_their_roles() {
    let lab = loaded(FULL);
    let roles: Vec<(&str, String)> =
        lab.steps[1].actors.iter().map(|actor| (actor.name.as_str(), format!("{:?}", actor.role))).collect();
    let server = |manner, at: &str| format!("{:?}", Role::Server { manner, at: at.parse().unwrap(), port: None });
    let expected = [
        ("crowd", format!("{:?}", Role::Clients(50))),
        ("origin", server(Manner::Willing, "127.0.0.2")),
        ("silent", server(Manner::Silent, "127.0.0.1")),
        ("closed", server(Manner::Refusing, "127.0.0.1")),
        ("away", server(Manner::Unreachable, "192.0.2.1")),
        ("taken", server(Manner::Squatting, "127.0.0.1")),
    ];
    assert_eq!(roles, expected);
}

#[test]
fn what_only_a_cell_has_requires_one() {
    let requires = |words: &str| loaded(&step(words)).steps[0].requires.clone();
    let wait = "exchange: [ student: { wait: 1ms } ]\n";
    assert_eq!(requires(wait), []);
    let cell = [
        "hosts: { mute.example: [] }",
        "send_buffer: 4KiB",
        "receive_buffer: 4KiB",
        "actors: { web: { server: willing, port: 80 } }",
        "actors: { web: { server: squatting, at: 10.99.0.2 } }",
        "start: [\"{away.port}\"]\nactors: { away: { server: unreachable } }",
    ];
    for words in cell {
        assert_eq!(requires(&format!("{wait}{words}")), [Requirement::Cell], "{words}");
    }
    let far = "actors: { far: client }\nexchange: [ far: { connect: student, from: 10.99.0.9 } ]";
    assert_eq!(requires(far), [Requirement::Cell]);
}

#[test]
fn lines_have_their_modifiers_and_places() {
    let lab = loaded(FULL);
    let Line::Act(connect) = &lab.steps[0].exchange[0] else { panic!("an act") };
    assert_eq!((connect.actor.as_str(), connect.within), ("slow", Some(Duration::from_millis(1500))));
    assert_eq!(connect.place, Place { line: 12, column: 9, length: 4 });
    let actions = actions(&lab.steps[0]);
    let Action::Connect { from: Some(from), to: Some(to) } = actions[0] else { panic!("{:?}", actions[0]) };
    assert_eq!((from.to_string(), to.to_string()), ("127.0.0.3".into(), "127.0.0.2".into()));
    let Action::Send { payload, chunk, every, background } = actions[4] else { panic!("{:?}", actions[4]) };
    assert_eq!(payload, &Payload(vec![Piece::Text(text("ping\n"))]));
    let pace = Some(Pace::Every(Duration::from_millis(2)));
    assert_eq!((*chunk, *every, *background), (Some(1), pace, true));
    let Action::Send { payload, chunk, every, background } = actions[6] else { panic!("{:?}", actions[6]) };
    assert_eq!(payload, &Payload(vec![Piece::Text(text("lo")), Piece::Hex(vec![10, 13, 10])]));
    assert_eq!((*chunk, *every, *background), (Some(1024), Some(Pace::Taken), false));
}

#[test]
fn payloads_are_what_they_say() {
    let lab = loaded(FULL);
    let Line::Block { times: 20, lines, place } = &lab.steps[1].exchange[4] else { panic!("a block") };
    assert_eq!((lines.len(), place.line, place.column), (4, 55, 9));
    let Line::Act(send) = &lines[1] else { panic!("an act") };
    let Action::Send { payload, .. } = &send.action else { panic!("{:?}", send.action) };
    let template = Template(vec![
        Part::Text("{".into()),
        Part::Number,
        Part::Text("} ".into()),
        Part::Port,
        Part::Text(" ".into()),
    ]);
    let pieces = [
        Piece::Text(template),
        Piece::Random { size: 4096, name: Some("body".into()) },
        Piece::Repeat { text: text("x"), times: 9 },
        Piece::File { name: "cat.bin".into(), bytes: b"\x00meow\xff".as_slice().into() },
    ];
    assert_eq!(payload.0, pieces);
}

#[test]
fn patterns_are_what_they_say() {
    let lab = loaded(FULL);
    let patterns: Vec<&Pattern> = actions(&lab.steps[1])
        .into_iter()
        .filter_map(|action| if let Action::Expect(pattern) = action { Some(pattern) } else { None })
        .collect();
    assert!(matches!(patterns[0], Pattern::Exactly(Payload(pieces)) if *pieces == [Piece::Same("body".into())]));
    let Pattern::Http(request) = patterns[1] else { panic!("{:?}", patterns[1]) };
    assert_eq!(
        (request.method.as_deref(), request.version.as_deref(), request.status.as_slice()),
        (Some("GET"), Some("1.0"), [].as_slice())
    );
    assert_eq!(request.target, Some(Template(vec![Part::Text("/".into()), Part::Port])));
    let host = vec![Part::AddressOf("origin".into()), Part::Text(":".into()), Part::PortOf("origin".into())];
    assert_eq!(request.headers, [("Host".to_owned(), HeaderValue::Exactly(Template(host)))]);
    assert!(matches!(patterns[2], Pattern::Line(regex) if *regex == text(r"\d+ files")));
    assert!(matches!(patterns[3], Pattern::SomeLine(regex) if *regex == text("^Via: ")));
    assert!(matches!(patterns[4], Pattern::LinesInAnyOrder(lines) if *lines == [text("a"), text("b")]));
    let Pattern::LinesInterleaved { senders, besides } = patterns[5] else { panic!("{:?}", patterns[5]) };
    let counted = Template(vec![Part::Text("b ".into()), Part::Turn, Part::Text("\n".into())]);
    let each = Template(vec![Part::Number, Part::Text("\n".into())]);
    let lines = [Piece::Text(text("a\n")), Piece::Repeat { text: counted, times: 2 }, Piece::Text(each)];
    assert_eq!(senders.iter().flat_map(|sender| sender.lines.0.clone()).collect::<Vec<_>>(), lines);
    assert_eq!(
        senders.iter().map(|sender| sender.each.map(|each| (each.clients, each.others))).collect::<Vec<_>>(),
        [None, None, Some((50, false))]
    );
    assert_eq!(*besides, Some(text(r"\* .*")));
    let Pattern::Http(response) = patterns[6] else { panic!("{:?}", patterns[6]) };
    assert_eq!(
        (response.status.clone(), &response.body),
        (vec![200], &Some(Payload(vec![Piece::Same("body".into())])))
    );
}

#[test]
fn files_are_what_they_say() {
    let lab = loaded(FULL);
    let step = lab.step("extra").expect("it is there");
    let bytes = |path: &str, piece| Laid { path: path.into(), what: Content::Bytes(Payload(vec![piece])) };
    let html = Piece::File { name: "site/cat.html".into(), bytes: b"<h1>meow</h1>\n".as_slice().into() };
    let files = [
        bytes("www/cat.html", html),
        bytes("www/deep/text.txt", Piece::Text(text("hello\n"))),
        bytes("www/random.bin", Piece::Random { size: 1024, name: Some("noise".into()) }),
        Laid { path: "www/link".into(), what: Content::Link("../secret.txt".into()) },
    ];
    assert_eq!(step.files, files);
    let actions = actions(step);
    assert!(matches!(actions[0], Action::Type { payload, .. }
        if payload.0 == [Piece::Text(Template(vec![Part::Files]))]));
    let Action::Expect(Pattern::Http(response)) = actions[2] else { panic!("{:?}", actions[2]) };
    assert_eq!(response.status, [403, 404]);
    assert_eq!(response.headers, [("Server".to_owned(), HeaderValue::Matches(text("c.*")))]);
}

#[test]
fn a_labs_files_are_those_of_each_step_and_a_step_adds_its_own() {
    let words = "exchange: [ student: { type: { same: noise } } ]\nfiles: { b.txt: b }";
    let rubric = step(words).replacen("steps:", "files: { a.bin: { random: 1KiB, as: noise } }\nsteps:", 1);
    let lab = loaded(&rubric);
    let paths: Vec<&str> = lab.steps[0].files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["a.bin", "b.txt"]);
}

#[test]
fn probes_are_what_they_say() {
    let lab = loaded(FULL);
    let probes: Vec<&Probe> = actions(&lab.steps[1])
        .into_iter()
        .filter_map(|action| if let Action::Observe(probe) = action { Some(probe) } else { None })
        .collect();
    let bound = |relation, value| Bound { relation, value };
    let expected = [
        Probe::Listening { address: None, backlog: None },
        Probe::Listening { address: Some(ListenAddress::Any), backlog: Some(bound(Relation::AtLeast, 10)) },
        Probe::Descriptors(Level::Remember),
        Probe::Descriptors(Level::Steady),
        Probe::Memory(Level::Remember),
        Probe::Memory(Level::Steady),
        Probe::Children(Amount::Absolute(bound(Relation::Equal, 3))),
        Probe::Children(Amount::Remember),
        Probe::Children(Amount::More(bound(Relation::Equal, 3))),
        Probe::Zombies(bound(Relation::AtMost, 2)),
        Probe::Threads(Amount::Absolute(bound(Relation::MoreThan, 1))),
        Probe::Threads(Amount::Remember),
        Probe::Threads(Amount::More(bound(Relation::AtMost, 2))),
        Probe::Sockets(vec![
            (SocketState::CloseWait, bound(Relation::Equal, 0)),
            (SocketState::Listen, bound(Relation::Equal, 1)),
        ]),
        Probe::Forked,
        Probe::Running(true),
        Probe::Asleep,
        Probe::Idle(Duration::from_millis(100)),
    ];
    assert_eq!(probes, expected.iter().collect::<Vec<_>>());
}

#[test]
fn the_students_lines_are_what_they_say() {
    let lab = loaded(FULL);
    let actions = actions(&lab.steps[1]);
    let Action::Start(arguments) = actions[0] else { panic!("{:?}", actions[0]) };
    assert_eq!(arguments.len(), 6);
    assert_eq!(arguments[..2], [text("-v"), Template(vec![Part::Port])]);
    let has = |wanted: &dyn Fn(&Action) -> bool| actions.iter().any(|action| wanted(action));
    assert!(has(&|action| matches!(action, Action::Restart(Target::Group))));
    assert!(has(&|action| matches!(action, Action::Restart(Target::Main))));
    assert!(has(&|action| matches!(action, Action::Type { background: true, .. })));
    assert!(has(&|action| matches!(action, Action::CloseStdin)));
    let group = |action: &Action| matches!(action, Action::Signal { name: SignalName::Term, to: Target::Group });
    assert!(has(&group));
    let main = |action: &Action| matches!(action, Action::Signal { name: SignalName::Stop, to: Target::Main });
    assert!(has(&main));
    assert!(has(&|action| matches!(action, Action::Pin)));
    assert!(has(&|action| matches!(action, Action::ExpectEnd)));
    let after = Some(Duration::from_millis(10));
    let statuses = ExitStatus(vec![0, 1]);
    assert!(has(
        &|action| matches!(action, Action::ExpectExit { status, after: a } if *status == statuses && *a == after)
    ));
}

#[test]
fn numbers_and_yes_are_text_where_text_is_wanted() {
    let lab = loaded(&step("start: [007, 1.50, yes, 0x10]\nexchange: [ student: { type: 1_000 } ]"));
    let Start::With(arguments) = &lab.steps[0].start else { panic!("arguments") };
    assert_eq!(arguments[..], ["007", "1.50", "yes", "0x10"].map(text));
}

#[test]
fn text_may_be_folded_over_lines() {
    let lab = loaded(&step("exchange:\n  - student:\n      type: >-\n        one\n        two"));
    let actions = actions(&lab.steps[0]);
    assert!(
        matches!(actions[0], Action::Type { payload, .. } if *payload == Payload(vec![Piece::Text(text("one two"))]))
    );
}

#[test]
fn the_languages_example_is_good() {
    let example = r#"
actors: { slow: client, quick: client }
exchange:
  - slow:  { connect: student }
  - slow:  { send: "hel" }
  - slow:  { wait: 100ms }                     # …and stalls in mid-line
  - quick: { connect: student }
  - quick: { send: "ping\n" }
  - quick: { expect: "ping\n", within: 500ms }
  - slow:  { send: "lo\n" }                    # its own turn is not lost
  - slow:  { expect: "hello\n" }
"#;
    same(&super::specimen::mistakes(&step(example)), "no mistake");
}

#[test]
fn a_header_may_have_to_lack_something() {
    let lines = "- origin: { accept: student }\n\
                 - origin: { expect: { http: { method: GET, headers: { TE: { lacks: '.*' } } } } }";
    let lab = loaded(&super::specimen::exchange(lines));
    let headers = actions(&lab.steps[0]).into_iter().find_map(|action| match action {
        Action::Expect(Pattern::Http(message)) => Some(format!("{:?}", message.headers)),
        _ => None,
    });
    assert_eq!(headers.as_deref(), Some(r#"[("TE", Lacks(Template([Text(".*")])))]"#));
}

#[test]
fn a_program_beside_the_students_has_files_of_its_own() {
    let lab = loaded(FULL);
    let exchange = &lab.interop[0];
    assert_eq!(exchange.actors[0].role, Role::Program("client-2".into()));
    let hello = Payload(vec![Piece::Text(text("hello\n"))]);
    assert_eq!(exchange.actors[0].files, [Laid { path: "a.txt".into(), what: Content::Bytes(hello) }]);
    assert!(exchange.files.is_empty());
    let started = Template(vec![Part::Port]);
    assert!(
        matches!(actions(exchange)[0], Action::Start(arguments) if *arguments == [started, Template(vec![Part::Files])])
    );
    assert_eq!(exchange.programs().collect::<Vec<_>>(), ["client-2"]);
}

#[test]
fn the_programs_that_some_steps_need_are_those_of_the_steps_these_need_too() {
    let beside = |id: &str, needs: &str, program: &str| {
        format!(
            "  - {{ id: {id}, title: T, points: 1, bonus: true, {needs} hint: H, why: W, \
             actors: {{ a: {{ program: {program} }} }}, exchange: [ a: {{ start: [] }} ] }}\n"
        )
    };
    let all = step("exchange: [ student: { wait: 1ms } ]");
    let lab = loaded(&[all, beside("x", "", "httpd"), beside("y", "needs: [x],", "chat")].concat());
    let programs = |only: &[&str]| {
        let only: Vec<String> = only.iter().map(|id| (*id).to_owned()).collect();
        lab.programs_beside(&only).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(programs(&["one"]), Vec::<String>::new());
    assert_eq!(programs(&["x"]), ["httpd"]);
    assert_eq!(programs(&["y"]), ["chat", "httpd"]);
    assert_eq!(programs(&[]), ["chat", "httpd"]);
}
