//! `grader interop`: everybody's clients and proxies with everybody's servers.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::{grader, levels, top};
use predicates::str::contains;
use regex::Regex;

fn submissions(names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| top().join("tests/submissions").join(name)).collect()
}

/// What it says, and its exit status. The numbers of a rubric's lines are `#`, and what a program that fails early has had time
/// to say on stderr is left out.
fn interop(args: &[&str], names: &[&str]) -> (String, Option<i32>) {
    let output = grader().arg("interop").args(args).args(submissions(names)).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr, "");
    let lines = Regex::new("rubric.yaml:[0-9]+").expect("it compiles");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let said = Regex::new("\n     stderr .*").expect("it compiles");
    let text = said.replace_all(&text, "").into_owned();
    (lines.replace_all(&text, "rubric.yaml:#").into_owned(), output.status.code())
}

/// The lines between the two empty ones that are around a matrix.
fn grids(text: &str) -> Vec<Vec<&str>> {
    let parts = text.split("\n\n").filter(|part| part.contains('✓') || part.contains('✗') || part.contains('–'));
    parts.filter(|part| part.starts_with("    ")).map(|part| part.lines().map(str::trim).collect()).collect()
}

#[test]
fn a_bad_client_is_a_red_row_and_a_bad_server_a_red_column() {
    let names =
        ["right/c-client", "wrong/client-no-half-close", "right/c-server", "right/c-httpd", "wrong/httpd-strings"];
    let (text, status) = interop(&["--lab", "01-client", "--seed", "7", "--require-level", "cell"], &names);
    let lacks_client = "`c-server`, `c-httpd` and `httpd-strings`: the submission has no `client`";
    let expected = format!(
        r#"01-client/echo: send before a server that sends all of it back
the `client` of each row with the `server` of each column

                          1  2  3  4  5  6
  1 reference             ✓  –  –  ✓  –  –
  2 c-client              ✓  –  –  ✓  –  –
  3 client-no-half-close  ✗  –  –  ✗  –  –
  4 c-server              –  –  –  –  –  –
  5 c-httpd               –  –  –  –  –  –
  6 httpd-strings         –  –  –  –  –  –

  1  `client`: still runs where it should have ended
     where    all of row `client-no-half-close`
     line     labs/01-client/rubric.yaml:#
  –  {lacks_client}
  –  `c-client`, `client-no-half-close`, `c-httpd` and `httpd-strings`: the
     submission has no `server`
  →  all of row `client-no-half-close` is red: its `client` fails with every
     `server`, the reference's too, which gets along with others
"#
    );
    assert_eq!(text.get(..expected.len()), Some(expected.as_str()), "{text}");
    let http = text.find("01-client/http").expect("it is there");
    let expected = format!(
        r#"01-client/http: get before a web server
the `client` of each row with the `httpd` of each column

                          1  2  3  4  5  6
  1 reference             ✓  –  –  –  ✓  ✗
  2 c-client              ✓  –  –  –  ✓  ✗
  3 client-no-half-close  ✓  –  –  –  ✓  ✗
  4 c-server              –  –  –  –  –  –
  5 c-httpd               –  –  –  –  –  –
  6 httpd-strings         –  –  –  –  –  –

  1  `client`: wrong bytes on stdout: `9` (0x39) instead of 0x00 at offset 360
     where    all of column `httpd-strings`
     line     labs/01-client/rubric.yaml:#
  –  {lacks_client}
  –  `c-client`, `client-no-half-close` and `c-server`: the submission has no
     `httpd`
  →  all of column `httpd-strings` is red: every `client` fails with its
     `httpd`, the reference's too, which gets along with others
"#
    );
    assert_eq!(text[http..].get(..expected.len()), Some(expected.as_str()), "{text}");
    assert!(text.ends_with("\nlevel cell, seed 7\n"), "{text}");
    assert_eq!(status, Some(1));
}

/// Wherever it is played, the matrix is the same.
#[test]
fn through_a_proxy_rows_and_columns_tell_whose_fault_it_is_at_every_level() {
    let names = ["right/c-proxy", "wrong/proxy-strings", "right/c-httpd", "wrong/httpd-strings"];
    for level in levels() {
        let (text, status) = interop(&["--lab", "06-proxy", "--level", level], &names);
        let grid = [
            "1  2  3  4  5",
            "1 reference      ✓  –  –  ✓  ✗",
            "2 c-proxy        ✓  –  –  ✓  ✗",
            "3 proxy-strings  ✗  –  –  ✗  ✗",
            "4 c-httpd        –  –  –  –  –",
            "5 httpd-strings  –  –  –  –  –",
        ];
        assert_eq!(grids(&text), [grid], "{level}: {text}");
        let told = "  →  all of row `proxy-strings` is red: its `proxy` fails with every `httpd`,
     the reference's too, which gets along with others
  →  all of column `httpd-strings` is red: every `proxy` fails with its `httpd`,
     the reference's too, which gets along with others
";
        assert!(text.contains(told), "{level}: {text}");
        assert_eq!(status, Some(1));
    }
}

#[test]
fn the_reference_gets_along_with_itself() {
    let (text, status) = interop(&["--level", "cell", "reference"], &[]);
    let all = ["server", "concurrent", "httpd", "chat"]
        .map(|server| format!("every `client` gets along with every `{server}`"));
    for told in all.iter().map(String::as_str).chain(["every `proxy` gets along with every `httpd`"]) {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(status, Some(0), "{text}");
}

/// Once, under whatever path; a second one of its name is told by its path.
#[test]
fn each_submission_is_there_once_and_has_a_name_of_its_own() {
    let copy = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(copy.path().join("reference")).expect("a folder");
    fs::write(copy.path().join("reference/proxy"), "no program").expect("it is written");
    let other = copy.path().join("reference");
    let mut command = grader();
    command.args(["interop", "--lab", "06-proxy", "./reference"]).arg(top().join("reference")).arg(&other);
    let output = command.assert().success().get_output().stdout.clone();
    let text = String::from_utf8(output).expect("UTF-8");
    assert!(text.contains("1 ./reference"), "{text}");
    assert!(text.contains(&format!("2 {}", other.display())), "{text}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("the submission's `proxy` cannot be used: the file `proxy` is not executable"), "{text}");
}

#[test]
fn a_submission_that_is_none_takes_no_part_and_one_that_is_not_there_is_a_mistake() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("bo\u{1b}[1m.zip");
    fs::write(&broken, b"PK\x03\x04").expect("it is written");
    let output = grader().args(["interop", "--lab", "06-proxy"]).arg(&broken).assert().success();
    let text = String::from_utf8(output.get_output().stdout.clone()).expect("UTF-8");
    assert!(!text.contains('\u{1b}') && text.contains("–  `bo\\x1b[1m.zip`: "), "{text}");

    let mut missing = grader();
    missing.arg("interop").arg(Path::new("no-such-folder"));
    missing.assert().code(2).stderr(contains("error: there is no submission `no-such-folder`"));
    let mut other = grader();
    other.args(["interop", "--lab", "04-http", "reference"]);
    other.assert().code(2).stderr(contains("hint: there are some in `01-client` and `06-proxy`"));
}

#[test]
fn programs_read_the_same_matrices_from_a_file_or_from_stdout() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("interop.json");
    let (text, status) =
        interop(&["--lab", "06-proxy", "--seed", "7", "--json", &file.to_string_lossy()], &["wrong/proxy-strings"]);
    assert_eq!(status, Some(1), "{text}");
    let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON");
    let written = read(&fs::read(&file).expect("it is written"));
    assert_eq!(written["submissions"], serde_json::json!(["reference", "proxy-strings"]));
    let verdicts = |row: usize| {
        let row = written["exchanges"][0]["cells"][row].as_array().expect("a row");
        row.iter().map(|cell| cell["verdict"].as_str().expect("a verdict")).collect::<Vec<_>>()
    };
    assert_eq!((verdicts(0), verdicts(1)), (vec!["passed", "unavailable"], vec!["failed", "unavailable"]));
    assert!(text.contains("06-proxy/http: "), "{text}");

    let (stdout, _) = interop(&["--lab", "06-proxy", "--seed", "7", "--json", "-"], &["wrong/proxy-strings"]);
    assert_eq!(read(stdout.as_bytes())["exchanges"][0]["cells"], written["exchanges"][0]["cells"]);

    let mut nowhere = grader();
    nowhere.args(["interop", "--lab", "06-proxy", "reference", "--json", "no-such-folder/interop.json"]);
    nowhere.assert().code(2).stderr(contains("hint: give `--json` a file that can be written"));
}
