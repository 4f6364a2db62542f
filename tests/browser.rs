//! The pages in a real browser: nothing that somebody else wrote is markup, nothing is loaded from anywhere, all can be
//! reached with the keyboard and read on a phone, in light and in dark.

use std::fs;
use std::path::Path;
use std::process::Command;

use conformance::top;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::class::support::{Class, read};

/// Takes what it gets for granted, answers with markup, and says markup.
const HOSTILE: &str = r#"#!/usr/bin/env python3
import socket, sys
print("<script>document.title = 'owned'</script> listening on port " + sys.argv[1], file=sys.stderr, flush=True)
listener = socket.create_server(("", int(sys.argv[1])), backlog=16)
while True:
    client, _ = listener.accept()
    client.recv(100)
    client.sendall(b"</pre></details><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>")
    client.close()
"#;

const ATTEMPT: &str = "<img src=\"x\" onerror=\"document.title='owned'\">";

const PHONE: u32 = 390;
const DESK: u32 = 1200;

/// What a browser makes of a page; nothing where there is no browser, which it says.
fn look(page: &Path, width: u32, dark: bool) -> Option<Value> {
    let browser = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|folder| folder.join(name).is_file())
    });
    let Some(browser) = browser else {
        assert!(std::env::var_os("BROWSER_TESTS").is_none(), "there is no Chromium, and it is required");
        let what = format!("\nNOT TRIED: {} in a browser: there is no Chromium\n\n", page.display());
        let _ = std::io::Write::write_all(&mut std::io::stderr(), what.as_bytes());
        return None;
    };
    let profile = TempDir::new().expect("a folder");
    let mut chromium = Command::new(browser);
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]);
    chromium.args(["--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--dump-dom"]);
    chromium.arg(format!("--user-data-dir={}", profile.path().display()));
    chromium.args(dark.then_some("--force-dark-mode"));
    chromium.arg(format!(
        "file://{}#{width},file://{}",
        top().join("tests/browser/look.html").display(),
        escaped(page)
    ));
    let dumped = chromium.output().expect("it runs");
    let dumped = String::from_utf8_lossy(&dumped.stdout).into_owned();
    let found = dumped.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).unwrap_or_default();
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    Some(serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {dumped}")))
}

fn escaped(path: &Path) -> String {
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.as_os_str().as_encoded_bytes().iter().map(|one| byte(*one)).collect()
}

#[track_caller]
fn is_fit_to_be_read(page: &Path, title: &str) {
    for (width, dark) in [(DESK, false), (PHONE, false), (PHONE, true)] {
        let Some(found) = look(page, width, dark) else { return };
        let expected = json!({
            "title": title, "dark": dark, "foreign": [], "fetched": [], "wider": 0, "unreachable": [], "dim": [],
        });
        assert_eq!(found, expected, "{} at {width}", page.display());
    }
}

#[test]
fn pages_of_a_hostile_class_are_as_they_were_written_and_fit_to_be_read() {
    let class = Class::new();
    class.write("mallory/server", HOSTILE);
    class.copy("anna", "right/c-server");
    class.copy("bo", "wrong/server-strings");
    class.copy(ATTEMPT, "wrong/server-never-listens");
    class.write(
        "roster.csv",
        &format!("submission,name,section\nanna,\"{}\",{ATTEMPT}\n", ATTEMPT.replace('"', "\"\"")),
    );
    class.class(&["--confirm", "1"]).code(0);
    let own = |name: &str| class.results().join("submissions").join(name).join("report.html");
    assert!(read(&own("mallory")).contains("onerror"), "its words are on its page");
    is_fit_to_be_read(&class.results().join("index.html"), "tiny");
    is_fit_to_be_read(&own("mallory"), "mallory: 60/100");
    is_fit_to_be_read(&own("bo"), "bo: 100/100");
    let folders = conformance::folders(&class.results().join("submissions"));
    let odd = folders.iter().find(|folder| folder.to_string_lossy().contains("onerror")).expect("it is there");
    is_fit_to_be_read(&odd.join("report.html"), &format!("{ATTEMPT}: 0/100"));
}

#[test]
fn a_page_that_is_not_fit_is_found_out() {
    let folder = TempDir::new().expect("a folder");
    let page = folder.path().join("page.html");
    let text = format!(
        "<!doctype html><title>mine</title><body style='background: #fff; color: #000'>{ATTEMPT}\
         <a>no link</a><p style='color: #ccc'>pale</p><p style='width: 2000px; background: url(x.png)'>wide</p>"
    );
    fs::write(&page, text).expect("it is written");
    let Some(found) = look(&page, PHONE, false) else { return };
    assert_eq!(found["title"], "owned");
    assert_eq!(found["foreign"], json!([ATTEMPT]));
    assert_eq!(found["unreachable"], json!(["<a>no link</a>"]));
    assert_eq!(found["dim"], json!(["1.6: pale"]));
    assert!(found["wider"].as_u64().is_some_and(|wider| wider > 1000), "{found}");
    assert_eq!(found["fetched"], json!(["url("]));
}
