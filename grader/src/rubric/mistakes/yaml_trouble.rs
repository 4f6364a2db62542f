//! The YAML parser's messages in words for people who write rubrics.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlTrouble {
    pub what: String,
    pub hint: Option<&'static str>,
}

/// A part of the parser's message, what is said instead of it (or nothing, to keep it), and the hint.
const KNOWN: &[(&str, &str, &str)] = &[
    ("tab", "a tab in the indentation", "YAML is indented with spaces"),
    (
        "unknown escape",
        "an escape that YAML does not know in double quotes",
        "write `\\\\` for a backslash, or single quotes, in which it stands for itself",
    ),
    ("unclosed quote", "the quotes that open here are never closed", ""),
    ("unclosed bracket", "the bracket that opens here is never closed", ""),
    ("expected ',' or '}'", "a `,` or a `}` is missing before this", ""),
    ("expected ',' or ']'", "a `,` or a `]` is missing before this", ""),
    ("expected key", "this stands neither in line with the words above nor under one of them", ""),
    ("expected '-'", "this stands neither in line with the list above nor under one of its entries", ""),
    ("unexpected EOF", "the file ends too early", ""),
    ("illegal placement of ':'", "a `:` where none can be", "text with `: ` in it goes into quotes"),
    (
        "mapping values are not allowed",
        "a `:` where none can be",
        "text with `: ` in it goes into quotes; words of one map stand in line",
    ),
    ("multiple YAML documents", "a second document begins here", "a file holds one document: leave out the `---`"),
    (
        "unknown anchor",
        "`*` repeats what `&` has marked, and nothing is marked so",
        "text that begins with `*` goes into quotes",
    ),
    ("budget breached", "the file unfolds to more than a rubric can hold", "aliases repeat all that they stand for"),
    ("replay", "the file unfolds to more than a rubric can hold", "aliases repeat all that they stand for"),
    ("recursion limit", "lists and maps stand too deep in each other", ""),
    ("recursive references", "an alias stands inside what it repeats", ""),
    ("block scalar", "a `>` or `|` that no text follows", "text that begins with `>` or `|` goes into quotes"),
];

impl YamlTrouble {
    pub fn from_message(message: &str) -> YamlTrouble {
        if let Some(sign) = message.strip_prefix("unexpected character: `") {
            return YamlTrouble::unexpected(sign.trim_end_matches('\''));
        }
        match KNOWN.iter().find(|(part, _, _)| message.contains(part)) {
            Some((_, what, hint)) => {
                YamlTrouble { what: (*what).to_owned(), hint: Some(*hint).filter(|hint| !hint.is_empty()) }
            }
            // Its quotes are `…'.
            None => YamlTrouble { what: format!("broken YAML: {}", message.replace('\'', "`")), hint: None },
        }
    }

    fn unexpected(sign: &str) -> YamlTrouble {
        let (what, hint) = match sign {
            "`" => ("text cannot begin with a backtick".to_owned(), "put it in quotes"),
            _ if sign.starts_with('\\') => {
                (format!("the control character `{sign}`"), "in double quotes it is written like this: `\\x01`")
            }
            _ => (format!("text cannot begin with `{sign}`"), "put it in quotes"),
        };
        YamlTrouble { what, hint: Some(hint) }
    }
}
