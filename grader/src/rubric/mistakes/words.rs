//! The sentences for mistakes: lower case, backticks around the author's words, no final period.

use super::kind::{File, Kind, Thing};
use super::wanted::{Got, Wanted};
use crate::rubric::points::Points;

impl Kind {
    /// What is wrong.
    pub fn title(&self) -> String {
        match self {
            Kind::Unreadable { path, why } => format!("cannot read `{path}`: {why}"),
            Kind::NotUtf8 => "the file is not UTF-8 text from here on".to_owned(),
            Kind::TooLarge { most } => format!("the file is larger than {} KiB", most >> 10),
            Kind::Empty { .. } => "the file is empty".to_owned(),
            Kind::NoWords { .. } => "words and their values are looked for here".to_owned(),
            Kind::Yaml(trouble) => trouble.what.clone(),

            Kind::UnknownWord { word, .. } => format!("unknown word `{word}`"),
            Kind::KeyIsNoWord => "a word has to stand before the `:`".to_owned(),
            Kind::GivenTwice { word, .. } => format!("`{word}` is given twice"),
            Kind::Missing { thing, word } => format!("{} has no `{word}`", thing.name()),
            Kind::Unfit { word, wanted, got } => unfit(word, wanted, got),
            Kind::NothingIn { word } => format!("there is nothing in `{word}`"),
            Kind::BadRegex { why } => format!("this is not a regular expression: {why}"),
            Kind::LongerThanLimit { word, limit } => {
                format!("`{word}` is longer than the step may take, {} s", limit.as_secs_f64())
            }
            Kind::TooLate { within } => format!("`after` is no shorter than `within`, {} s", within.as_secs_f64()),
            Kind::ShorterThanPause { pause } => {
                format!("`at_most` is no longer than the pause itself, {} s", pause.as_secs_f64())
            }
            Kind::LiteralBackslash { escape } => format!("`{escape}` stands for itself here"),
            Kind::CharacterNotByte { escape } => format!("`{escape}` is a character of two bytes"),

            Kind::UnknownPlaceholder { name, .. } => format!("unknown placeholder `{{{name}}}`"),
            Kind::LoneBrace { brace } => format!("a single `{brace}`"),
            Kind::UnquotedPlaceholder { name } => format!("`{{{name}}}` is a map to YAML"),
            Kind::NoSuchFact { actor, role, fact, .. } => format!("`{actor}` is {role} and has no `{fact}`"),
            Kind::NumberOutsideCrowd => "`{i}` means nothing here".to_owned(),
            Kind::FactOfCrowd { actor, fact } => format!("each client of `{actor}` has another `{fact}`"),
            Kind::FactTooEarly { actor, fact } => format!("`{{{actor}.{fact}}}` is not known yet"),

            Kind::NoFixture { name } => format!("there is no file `{name}` in `fixtures/`"),
            Kind::NoFixtureFolder { name } => format!("there is no folder `{name}` in `fixtures/`"),
            Kind::SamePath { path, other } if path == other => format!("`{path}` is there already"),
            Kind::SamePath { path, other } => format!("`{path}` and `{other}` cannot both be there"),
            Kind::OutsideFolder { name, folder } => format!("`{name}` leads out of {folder}"),
            Kind::UnknownPayload { name, .. } => format!("no bytes before this are called `{name}`"),
            Kind::RandomExpected => "random bytes can be sent, not expected".to_owned(),
            Kind::BothRequestAndResponse { word } => format!("a message with a `status` has no `{word}`"),

            Kind::StudentDeclared => "`student` is an actor of every exchange already".to_owned(),
            Kind::TwoRoles { one, other } => format!("an actor cannot be both `{one}` and `{other}`"),
            Kind::ProgramNotStarted { name } => format!("nothing starts `{name}`"),
            Kind::ProgramStarted { name } => format!("`{name}` is running already"),
            Kind::ProgramInGradedStep { program } => {
                format!("a step without `bonus` needs `{program}`, which it does not grade")
            }
            Kind::NobodyElse => "nobody of the other submission takes part".to_owned(),
            Kind::ReservedName { name } => format!("an actor cannot be called `{name}`"),
            Kind::SamePort { first } => format!("`{first}` has this address and port already"),
            Kind::UnknownActor { name, .. } => format!("no actor is called `{name}`"),
            Kind::UnusedActor { name } => format!("`{name}` does nothing in this step"),
            Kind::TwoActors { first, second } => format!("`{first}` and `{second}` in one line"),
            Kind::NoActor => "the line names no actor".to_owned(),
            Kind::NoVerb { .. } => "the line says nothing to do".to_owned(),
            Kind::TwoVerbs { first, second } => format!("`{first}` and `{second}` in one line"),
            Kind::VerbNotFor { actor, role, verb, .. } if actor == crate::rubric::STUDENT => {
                format!("{role} cannot `{verb}`")
            }
            Kind::VerbNotFor { actor, role, verb, .. } => format!("`{actor}` is {role} and cannot `{verb}`"),
            Kind::ModifierNotFor { verb, modifier, .. } => format!("`{modifier}` does not go with `{verb}`"),
            Kind::Needs { word, needs } => format!("`{word}` needs `{needs}`"),
            Kind::BeforeOpen { actor, verb, .. } => format!("`{actor}` cannot `{verb}` before it has a connection"),
            Kind::OpenAlready { actor, verb } => {
                format!("`{actor}` cannot `{verb}`: its connection is still open")
            }
            Kind::AfterClose { actor, verb, closing, .. } => {
                format!("`{actor}` cannot `{verb}` after `close: {closing}`")
            }
            Kind::BeforeStart { verb } => format!("`{verb}` before the program was started"),
            Kind::StartMissing => "nothing starts the program".to_owned(),
            Kind::StartedAlready => "the program is running already".to_owned(),
            Kind::NothingRemembered { what, now } => format!("`{what}: {now}` without `{what}: remember` before it"),
            Kind::NotOurs { word, address } => format!("`{word}` cannot be {address}"),
            Kind::Reachable { address } => format!("{address} can always be reached"),

            Kind::IdTwice { id, .. } => format!("a second `{id}`"),
            Kind::UnknownStep { id, .. } => format!("no step is called `{id}`"),
            Kind::Circle { steps } => match steps.as_slice() {
                [step] => format!("`{step}` needs itself"),
                steps => {
                    let circle = steps.iter().chain(steps.first()).map(|step| format!("`{step}`"));
                    format!("steps need each other in a circle: {}", circle.collect::<Vec<_>>().join(" → "))
                }
            },
            Kind::NeedsBonus { needs } => format!("a step without `bonus` needs `{needs}`, which is extra credit"),
            Kind::Sum { points } => format!("the steps' points add up to {} instead of 100", exact(points.0)),
            Kind::NotARequirement { word, .. } => format!("unknown word `{word}`"),

            Kind::SameText => "`with` is the same text as `replace`".to_owned(),

            Kind::NoLab { folder } => format!("there is no lab in `{folder}`"),
            Kind::UnknownLab { asked, .. } => format!("there is no lab `{asked}`"),
            Kind::AmbiguousLab { asked, .. } => format!("`{asked}` may be one of several labs"),
            Kind::NoSuchStep { lab, asked, .. } => format!("`{lab}` has no step `{asked}`"),
        }
    }

    /// How to put it right.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Kind::Unreadable { .. } => return None,
            Kind::NotUtf8 => "bytes that are not text are written `{ hex: \"ff d8\" }`".to_owned(),
            Kind::TooLarge { .. } => {
                "large payloads go into `fixtures/`, or are `{ repeat: x, times: 65536 }`".to_owned()
            }
            Kind::Empty { file: File::Rubric } | Kind::NoWords { file: File::Rubric } => {
                "a rubric begins with `title`, `program` and `start`, then come its `steps`".to_owned()
            }
            Kind::Empty { file: File::Mutants } | Kind::NoWords { file: File::Mutants } => {
                "its mutants stand in a list under `mutants:`".to_owned()
            }
            Kind::Yaml(trouble) => return trouble.hint.map(str::to_owned),

            Kind::UnknownWord { near: Some(near), .. } => meant(near),
            Kind::UnknownWord { known, .. } if known.len() == 1 => format!("the only word here is {}", all(known)),
            Kind::UnknownWord { known, .. } => format!("the words here are {}", all(known)),
            Kind::KeyIsNoWord => "text with `{`, `[` or `?` in front goes into quotes".to_owned(),
            Kind::GivenTwice { first_line, .. } => format!("the first one is on line {first_line}; leave one out"),
            Kind::Missing { thing, word } => missing(*thing, word),
            Kind::Unfit { wanted, .. } => return wanted.hint(),
            Kind::NothingIn { .. } => "leave it out, or fill it".to_owned(),
            Kind::BadRegex { .. } => "a sign that stands for itself has a backslash before it: `\\(`, `\\?`".to_owned(),
            Kind::LongerThanLimit { .. } => "make it shorter, or raise the step's `limit`".to_owned(),
            Kind::TooLate { .. } => "the program would have to end before it may".to_owned(),
            Kind::ShorterThanPause { .. } => "leave a busy machine some room: twice the pause".to_owned(),
            Kind::LiteralBackslash { escape } => {
                format!("put the text in double quotes, in which `{escape}` is one character")
            }
            Kind::CharacterNotByte { escape } => format!("the byte is `{{ hex: \"{}\" }}`", &escape[2..]),

            Kind::UnknownPlaceholder { near: Some(near), .. } => format!("did you mean `{{{near}}}`?"),
            Kind::UnknownPlaceholder { known, .. } => {
                let known = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
                let are = if known.len() == 1 { "only placeholder is" } else { "placeholders are" };
                format!("write `{{{{` for a brace; the {are} {}", all(&known))
            }
            Kind::LoneBrace { brace } => format!("write `{brace}{brace}` for a brace, `{{port}}` for a placeholder"),
            Kind::UnquotedPlaceholder { name } => format!("text with placeholders goes into quotes: `\"{{{name}}}\"`"),
            Kind::NoSuchFact { has, .. } if has.is_empty() => "a tool has only its arguments".to_owned(),
            Kind::NoSuchFact { actor, has, .. } => {
                let has = has.iter().map(|fact| format!("{{{actor}.{fact}}}")).collect::<Vec<_>>();
                format!("there is {}", all(&has))
            }
            Kind::NumberOutsideCrowd => "it is the number of a client of a crowd, `{ clients: 50 }`".to_owned(),
            Kind::FactOfCrowd { actor, .. } => format!("only a line of `{actor}` itself knows which one is meant"),
            Kind::FactTooEarly { actor, .. } => format!("`{actor}` has no connection before this"),

            Kind::NoFixture { .. } => "fixtures are files beside the rubric, in its folder `fixtures/`".to_owned(),
            Kind::NoFixtureFolder { .. } => "a folder there has at least one file in it".to_owned(),
            Kind::SamePath { .. } => "a file is no folder, and a path has one file".to_owned(),
            Kind::OutsideFolder { .. } => "a path is relative and has no `..` in it".to_owned(),
            Kind::UnknownPayload { near: Some(near), .. } => meant(near),
            Kind::UnknownPayload { known, .. } if known.is_empty() => {
                "`{ random: 4KiB, as: body }` gives bytes a name".to_owned()
            }
            Kind::UnknownPayload { known, .. } => format!("there is {}", all(known)),
            Kind::RandomExpected => "`{ same: body }` are the bytes that were sent as `body`".to_owned(),
            Kind::BothRequestAndResponse { .. } => {
                "`status` is for a response, `method` and `target` are for a request".to_owned()
            }

            Kind::StudentDeclared => "leave it out".to_owned(),
            Kind::TwoRoles { .. } => "make two actors of it".to_owned(),
            Kind::ProgramNotStarted { name } => {
                format!("`- {name}: {{ start: [\"{{port}}\"] }}` comes before whoever connects to it")
            }
            Kind::ProgramStarted { .. } => "it runs until the step is over; start it once".to_owned(),
            Kind::ProgramInGradedStep { .. } => {
                "make it `bonus: true`: nobody loses points for a program of another lab".to_owned()
            }
            Kind::NobodyElse => "an actor `{ program: server }` is the other submission's".to_owned(),
            Kind::ReservedName { .. } => "a line with this word is a block; choose another name".to_owned(),
            Kind::SamePort { .. } => "give one of them another `at` or `port`".to_owned(),
            Kind::UnknownActor { near: Some(near), .. } => meant(near),
            Kind::UnknownActor { known, .. } => format!("the actors of this step are {}", all(known)),
            Kind::UnusedActor { .. } => "leave it out, or give it a line".to_owned(),
            Kind::TwoActors { .. } => "each gets a line of its own, with a `-` in front".to_owned(),
            Kind::NoActor => Wanted::Line.hint()?,
            Kind::NoVerb { can } => format!("it can {}", any(can)),
            Kind::TwoVerbs { .. } => "each gets a line of its own".to_owned(),
            Kind::VerbNotFor { can, .. } => format!("it can {}", any(can)),
            Kind::ModifierNotFor { verb, takes, .. } if takes.is_empty() => format!("`{verb}` goes alone"),
            Kind::ModifierNotFor { verb, takes, .. } => format!("`{verb}` goes with {}", any(takes)),
            Kind::Needs { .. } => "for example `{ send: \"abc\", chunk: 1, every: 10ms }`".to_owned(),
            Kind::BeforeOpen { actor, opener, .. } => format!("`- {actor}: {{ {opener}: student }}` comes first"),
            Kind::OpenAlready { .. } => "`close: both` it first, or use a second actor".to_owned(),
            Kind::AfterClose { closing: "write", line, .. } => {
                format!("it closed its half on line {line}; it can still `expect`")
            }
            Kind::AfterClose { line, .. } => format!("its connection was closed on line {line}"),
            Kind::BeforeStart { .. } => "`- student: { start: [\"{port}\"] }` comes first".to_owned(),
            Kind::StartMissing => {
                "with `start: by_hand` the exchange has a line `- student: { start: [\"{port}\"] }`".to_owned()
            }
            Kind::StartedAlready => "give the step `start: by_hand`, or end the program first".to_owned(),
            Kind::NothingRemembered { what, .. } => {
                format!("`- student: {{ observe: {{ {what}: remember }} }}` comes first")
            }
            Kind::NotOurs { .. } => {
                "addresses here are 127.x.y.z, or 10.99.0.1 to 10.99.0.9, which a cell has".to_owned()
            }
            Kind::Reachable { .. } => "leave `at` out, or give an address like `192.0.2.1`".to_owned(),

            Kind::IdTwice { first_line, .. } => format!("the first one is on line {first_line}; ids are unique"),
            Kind::UnknownStep { near: Some(near), .. } => meant(near),
            Kind::UnknownStep { known, .. } => format!("the steps are {}", all(known)),
            Kind::Circle { .. } => "take one `needs` away".to_owned(),
            Kind::NeedsBonus { .. } => "nobody has to do the extra credit; take the `needs` away".to_owned(),
            Kind::Sum { points } if points.0 < WORTH => {
                format!("{} points are missing; steps with `bonus: true` do not count", exact(WORTH - points.0))
            }
            Kind::Sum { points } => format!("{} points are too many", exact(points.0 - WORTH)),
            Kind::NotARequirement { near, .. } => meant(near),

            Kind::SameText => "a mutant is an edit that breaks the program".to_owned(),

            Kind::NoLab { .. } => "a lab is a folder with a `rubric.yaml`".to_owned(),
            Kind::UnknownLab { near: Some(near), .. } => meant(near),
            Kind::UnknownLab { known, .. } if known.is_empty() => "there are no labs at all".to_owned(),
            Kind::UnknownLab { known, .. } => format!("the labs are {}", all(known)),
            Kind::AmbiguousLab { labs, .. } => format!("write {}", any(labs)),
            Kind::NoSuchStep { near: Some(near), .. } => meant(near),
            Kind::NoSuchStep { known, .. } => format!("its steps are {}", all(known)),
        };
        Some(hint)
    }
}

impl Thing {
    fn name(self) -> &'static str {
        match self {
            Thing::Rubric => "the rubric",
            Thing::Step => "the step",
            Thing::Interop => "the exchange",
            Thing::Block => "the block",
            Thing::Repeat => "`repeat`",
            Thing::Sender => "`each`",
            Thing::Mutants => "the file",
            Thing::Mutant => "the mutant",
        }
    }
}

/// What a lab is worth, in thousandths.
const WORTH: u64 = Points::whole(100).0;

/// Points to the thousandth: `99.999`.
fn exact(thousandths: u64) -> String {
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn unfit(word: &str, wanted: &Wanted, got: &Got) -> String {
    match (wanted, got) {
        (_, Got::Nothing) => format!("`{word}` has no value"),
        (Wanted::OneOf { .. } | Wanted::Start { .. } | Wanted::True, Got::Text(text)) => {
            format!("`{word}` cannot be `{text}`")
        }
        (_, Got::Text(text)) if text.is_empty() => format!("`{word}` is empty"),
        (Wanted::Action { .. }, Got::Text(text)) => format!("`{text}` alone says too little"),
        (wanted, Got::Text(text)) => format!("`{text}` is not {}", wanted.name()),
        (wanted, Got::List) => format!("`{word}` takes {}, not a list", wanted.name()),
        (wanted, Got::Map) => format!("`{word}` takes {}, not a map", wanted.name()),
    }
}

fn missing(thing: Thing, word: &str) -> String {
    match (thing, word) {
        (Thing::Mutants, _) => "its mutants stand in a list under `mutants:`",
        (Thing::Mutant, "id") => "`id: no-listen`, unique in the lab",
        (Thing::Mutant, "mistake") => "`mistake:` says in a sentence what the student did",
        (Thing::Mutant, "file") => "`file: src/bin/server.rs`, the file of the reference that is edited",
        (Thing::Mutant, "fails") => "`fails: [backlog]`, the steps that must notice it",
        (Thing::Mutant, _) => "the text `replace` gives way to the text `with`",
        (Thing::Block, _) => "a block is `{ times: 10, exchange: [...] }`",
        (Thing::Sender, _) => "write `{ each: crowd, lines: \"{i} says hi\\n\" }`",
        (Thing::Repeat, _) => "write `{ repeat: x, times: 100 }`",
        (_, "hint") => "`hint:` is a question or a pointer that leads a student on",
        (_, "why") => "`why:` is the lecture's sentence that the step is about",
        (_, "title") => "`title:` says in a few words what is asked for",
        (_, "id") => "`id: slow-client`, unique in the lab",
        (_, "points") => "`points: 5`; those of all steps add up to 100",
        (_, "exchange") => "`exchange:` lists who does what, line by line",
        (_, "program") => "`program: server`, the program that is graded",
        (_, "start") => "`start: [\"{port}\"]`, the program's arguments, or `start: by_hand`",
        (_, "steps") => "`steps:` lists what is asked for, each with its `id`",
        _ => "it cannot be left out",
    }
    .to_owned()
}

fn meant(near: &str) -> String {
    format!("did you mean `{near}`?")
}

/// `a`, `b` and `c`
fn all<W: AsRef<str>>(words: &[W]) -> String {
    joined(words, "and")
}

/// `a`, `b` or `c`
pub fn any<W: AsRef<str>>(words: &[W]) -> String {
    joined(words, "or")
}

fn joined<W: AsRef<str>>(words: &[W], last: &str) -> String {
    let ticked: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match ticked.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
