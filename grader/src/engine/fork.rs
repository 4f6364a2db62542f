//! Whether a program can fork at all: some languages' runtimes can't, since they have threads from the start.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What these programs run has no `fork`.
const WITHOUT: [(&str, &str); 8] = [
    ("java", "Java"),
    ("node", "JavaScript"),
    ("nodejs", "JavaScript"),
    ("deno", "JavaScript"),
    ("bun", "JavaScript"),
    ("dotnet", ".NET"),
    ("erl", "Erlang"),
    ("elixir", "Elixir"),
];

/// The note that Go's linker leaves near the beginning of what it makes: type 4, and its owner's name.
const GO_NOTE: &[u8] = b"\x04\x00\x00\x00Go\x00\x00";
/// More than headers and notes ever take, or a script worth looking at.
const BEGINNING: u64 = 64 << 10;

/// The language of a program that has no `fork`, as far as its file tells.
pub fn language_without_fork(program: &Path) -> Option<&'static str> {
    let mut beginning = Vec::new();
    File::open(program).ok()?.take(BEGINNING).read_to_end(&mut beginning).ok()?;
    language(&beginning)
}

fn language(file: &[u8]) -> Option<&'static str> {
    if file.starts_with(b"\x7fELF") {
        return file.windows(GO_NOTE.len()).any(|window| window == GO_NOTE).then_some("Go");
    }
    let script = String::from_utf8_lossy(file.strip_prefix(b"#!")?).into_owned();
    let mut lines = script.lines();
    // `/usr/bin/env node`, `/usr/bin/java --source 21`
    let interpreter = lines.next()?;
    let words = interpreter.split_whitespace().map(base);
    if let Some(language) = words.clone().find_map(without) {
        return Some(language);
    }
    if !words.clone().any(|word| matches!(word, "sh" | "bash" | "dash")) {
        return None;
    }
    // A shell script that hands over to another program: `exec java -cp classes Server "$@"`.
    lines.find_map(|line| {
        let mut words = line.split_whitespace();
        let command = words.next()?;
        without(base(if command == "exec" { words.next()? } else { command }))
    })
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

fn without(command: &str) -> Option<&'static str> {
    WITHOUT.iter().find(|(name, _)| *name == command).map(|(_, language)| *language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_without_fork_are_known_by_their_interpreter() {
        assert_eq!(language(b"#!/usr/bin/env node\n"), Some("JavaScript"));
        assert_eq!(language(b"#!/usr/bin/env -S java --source 21\nclass Main {}"), Some("Java"));
        assert_eq!(
            language(b"#!/bin/sh\ncd \"$(dirname \"$0\")\"\nexec /opt/jdk/bin/java Server \"$@\"\n"),
            Some("Java")
        );
    }

    #[test]
    fn go_is_known_by_its_note() {
        let program =
            |owner: &[u8]| [b"\x7fELF\x02\x01\x01\0\x04\0\0\0\x53\0\0\0\x04\0\0\0", owner, b"\0\0abc"].concat();
        assert_eq!(language(&program(b"Go")), Some("Go"));
        assert_eq!(language(&program(b"No")), None);
    }

    #[test]
    fn whoever_only_speaks_of_them_can_fork() {
        for script in ["#!/usr/bin/python3\njava = 1\n", "#!/bin/sh\n# java\nexec ./server java\n", "java\n", ""] {
            assert_eq!(language(script.as_bytes()), None, "{script}");
        }
    }
}
