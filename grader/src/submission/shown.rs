//! Names that may hold anything, fit for a message: on one line, escaped, and not too long.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::engine::quote;

/// Bytes of a name that a message shows.
const SHOWN: usize = 200;

/// In backticks; a name without end is cut.
pub fn shown(name: &[u8]) -> String {
    let quoted = quote(name, SHOWN);
    let inner = quoted.strip_prefix('"').unwrap_or(&quoted);
    // Quotes inside are escaped only for the sake of the outer ones, which are backticks here.
    let (inner, rest) = inner.rsplit_once('"').unwrap_or((inner, ""));
    format!("`{}`{rest}", inner.replace("\\\"", "\""))
}

/// As it is; escaped if it is no text, and then it is the name of nothing that anybody asks for.
pub fn text(name: &OsStr) -> String {
    name.to_str().map_or_else(
        || {
            let quoted = quote(name.as_bytes(), usize::MAX);
            quoted[1..quoted.len() - 1].to_owned()
        },
        str::to_owned,
    )
}

pub fn shown_path(path: &Path) -> String {
    shown(path.as_os_str().as_bytes())
}

/// Without `(os error 13)`, and lower case like all our sentences.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_name_stays_on_its_line_and_does_nothing_to_a_terminal() {
        assert_eq!(shown(b"my answer"), "`my answer`");
        assert_eq!(shown(b"a\nb\x1b[2J\xff\"c\""), r#"`a\nb\x1b[2J\xff"c"`"#);
    }

    #[test]
    fn a_name_without_end_is_cut() {
        assert_eq!(shown(&[b'x'; 300]), format!("`{}` and 100 bytes more", "x".repeat(200)));
    }
}
