//! Colour and width.

use super::failures::wrong_bytes;
use super::{report, report_with};
use crate::report::look::{Detail, Look, look};
use crate::report::wrap::width;

#[test]
fn without_colour_there_is_not_one_escape() {
    assert!(!report(&wrong_bytes()).contains('\u{1b}'));
}

#[test]
fn colour_adds_nothing_but_escapes() {
    let coloured = report_with(&wrong_bytes(), &Look { colour: true, ..look() });
    assert!(coloured.contains("\u{1b}[32m✓"), "{coloured}");
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), report(&wrong_bytes()));
}

#[test]
fn nothing_but_a_command_is_wider_than_the_terminal() {
    let report = report(&wrong_bytes());
    let wide: Vec<&str> = report.lines().filter(|line| width(line) > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert!(report.lines().any(|line| line.starts_with("  ✓") && width(line) == 80), "{report}");
}

#[test]
fn a_narrow_terminal_gets_shorter_lines() {
    let look = Look { width: 44, detail: Detail::First, ..look() };
    let report = report_with(&wrong_bytes(), &look);
    let long: Vec<&str> = report.lines().filter(|line| width(line) > 44).collect();
    // A command is left whole: it is there to be copied. So are the rubric's words and a trace's few columns.
    let whole = ["again", "try", "begin with", "- client: {", "rubric.yaml", " ms  student ", " ms  client "];
    assert!(long.iter().all(|line| whole.iter().any(|word| line.contains(word))), "{long:#?}");
    assert_eq!(
        report,
        r#"
02-server: The server's view
64.5/100 + 10/10 bonus

  ✓     40/40  listens  Listens on t…  12 ms
  ✗    0/35.5  echoes   Sends back w…  12 ms
      wrong bytes on the connection of
      client: 0x00 instead of `w` (0x77) at
      offset 7

      next      compare the two windows from
                the caret on
      expected  by
                labs/02-server/rubric.yaml:12
                - client: { expect: "hello, world\n" }
      trace
          1     0 ms  student   starts: server…
          2     1 ms  client    connects from 1…
          3     2 ms  client  → "hello, world\n"
      ✗   4     3 ms  client  ← "hello,
                                \0orld\n"
      differs   at offset 7: 13 bytes
                expected, 13 bytes read
        expected  2c 20 77 6f 72 6c  , worl
        got       2c 20 00 6f 72 6c  , .orl
                        ^^             ^
      hint      Four calls in a row make a
                server. Which of them is the
                one that echoes?
      try       ./server 8080 & nc 127.0.0.1 8080
      again     cargo lab grade 'my answer' --step 02-server/echoes

  ✓ 24.5/24.5  closes   Closes when…   12 ms
  ✓    +10/10  extra    Leaves no zo…  12 ms

total      64.5/100 + 10/10 bonus
level cell, seed 815, 410 ms
"#
    );
}
