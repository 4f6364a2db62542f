//! The examples of `labs/README.md`, and how each becomes a whole rubric. The conformance tests, which play them, have this
//! file too.

/// What stands between two fences.
pub struct Example {
    /// Of the page.
    pub line: usize,
    pub text: String,
}

/// Who plays it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Server,
    Client,
    Small,
}

/// What an example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Rubric,
    Mutants,
    /// Exchanges between submissions.
    Interop,
    /// The words of a step, or the lines of an exchange.
    Step,
}

/// The actors that lines may have without declaring them.
const ACTORS: [(&str, &str); 7] = [
    ("client", "client"),
    ("slow", "client"),
    ("quick", "client"),
    ("crowd", "{ clients: 5 }"),
    ("origin", "server"),
    ("shell", "tool"),
    ("curl", "tool"),
];

/// Words that every step has to have, for those that an example leaves out.
const WORDS: [(&str, &str); 6] = [
    ("title", "T"),
    ("points", "1"),
    ("bonus", "true"),
    ("hint", "H"),
    ("why", "W"),
    ("exchange", "[ student: { wait: 1ms } ]"),
];

pub fn examples(page: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if line == "```yaml" {
            let text = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
            examples.push(Example { line: number + 2, text: text.map(|line| format!("{line}\n")).collect() });
        }
    }
    examples
}

impl Example {
    pub fn program(&self) -> Program {
        match self.text.lines().next() {
            Some("# client") => Program::Client,
            Some("# small") => Program::Small,
            _ => Program::Server,
        }
    }

    pub fn shape(&self) -> Shape {
        match () {
            () if self.has("steps") => Shape::Rubric,
            () if self.has("mutants") => Shape::Mutants,
            () if self.has("interop") => Shape::Interop,
            () => Shape::Step,
        }
    }

    fn has(&self, word: &str) -> bool {
        self.text.lines().any(|line| line.strip_prefix(word).is_some_and(|rest| rest.starts_with(':')))
    }

    /// As an entry of `steps`, called after its line.
    pub fn step(&self) -> String {
        let mut step = format!("  - id: line-{}\n", self.line);
        let mut push = |line: &str| step.push_str(&format!("    {line}\n"));
        let is_lines = self.text.lines().find(|line| !line.starts_with('#')).is_some_and(|line| line.starts_with("- "));
        for (word, value) in WORDS {
            let given = self.has(word) || is_lines && word == "exchange";
            if !given {
                push(&format!("{word}: {value}"));
            }
        }
        if is_lines {
            let plays = |actor: &&(&str, &str)| {
                self.text.contains(&format!("- {}: ", actor.0)) || self.text.contains(&format!("{{{}.", actor.0))
            };
            let actors: Vec<String> =
                ACTORS.iter().filter(plays).map(|(name, role)| format!("{name}: {role}")).collect();
            push(&format!("actors: {{ {} }}", actors.join(", ")));
            push("exchange:");
        }
        let indent = if is_lines { "  " } else { "" };
        self.text.lines().for_each(|line| push(&format!("{indent}{line}")));
        step
    }
}

/// The rubric of these steps.
pub fn rubric(program: Program, steps: &[String]) -> String {
    let (name, start) = match program {
        Program::Client => ("client", "by_hand"),
        Program::Server | Program::Small => ("server", "[\"{port}\"]"),
    };
    let all =
        "{ id: all, title: T, points: 100, hint: H, why: W, exchange: [ student: { wait: 1ms } ], start: [\"1\"] }";
    format!("title: Examples\nprogram: {name}\nstart: {start}\nsteps:\n  - {all}\n{}", steps.concat())
}
