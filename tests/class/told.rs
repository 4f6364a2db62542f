//! The class's page: nothing that somebody else wrote is markup in it, and every link leads somewhere.

use std::fs;

use super::support::{Class, stderr};

const ATTEMPT: &str = "<img src=x onerror=alert(1)>";

#[test]
fn names_are_never_markup_and_links_lead_to_their_pages() {
    let class = Class::mixed();
    // What a name of a file can be, too.
    class.copy(ATTEMPT, "wrong/server-never-listens");
    class.copy("a\"b'c&d %41\n#?", "right/c-server");
    class.write("roster.csv", &format!("submission,name,section\nanna,{ATTEMPT},{ATTEMPT}\n"));
    class.class(&[]).code(0);
    let page = class.result("index.html");
    assert!(!page.contains("<img") && page.contains("&#60;img src=x onerror=alert(1)&#62;"), "{page}");
    let links: Vec<&str> = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let pages = links.iter().filter(|link| link.ends_with("report.html")).collect::<Vec<_>>();
    assert!(pages.len() >= 10);
    for link in pages {
        let path = class.results().join(unescaped(link));
        assert!(path.is_file(), "{link} leads nowhere");
    }
    for link in links.iter().filter(|link| link.starts_with('#')) {
        assert!(page.contains(&format!("id=\"{}\"", &link[1..])), "{link} leads nowhere");
    }
}

fn unescaped(link: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = link.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                u8::from_str_radix(str::from_utf8(&digits).expect("digits"), 16).expect("digits")
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).expect("it is text")
}

#[test]
fn students_of_one_cause_stand_together() {
    let class = Class::mixed();
    class.copy("bob", "wrong/server-never-listens");
    class.class(&[]).code(0);
    let page = class.result("index.html");
    let cluster = page.split("<summary><b>2</b> bound port n but never called `listen`").nth(1);
    let cluster = cluster.expect("there is a cluster").split("</ul>").next().expect("it ends");
    assert!(cluster.contains("<bdi>bo</bdi>") && cluster.contains("<bdi>bob</bdi>") && !cluster.contains("anna"));
}

#[test]
fn a_roster_that_does_not_fit_stops_the_run_before_it_begins() {
    let class = Class::mixed();
    class.write("roster.csv", "Grade,Section\n1,2\n");
    let run = class.class(&[]).code(2);
    let expected = format!(
        "error: the roster `{}` is of no use: no column says whose a submission is, there is `Grade` and `Section`\n\
         hint: the first line names the columns: `submission,id,name,section`\n",
        class.submissions().join("roster.csv").display()
    );
    assert_eq!(stderr(&run), expected);
    assert!(!class.results().exists());
}

#[test]
fn a_folder_without_submissions_is_named() {
    let class = Class::new();
    let run = class.class(&[]).code(2);
    let expected = format!(
        "error: there is no submission in `{}`\nhint: each entry of the folder is one, a folder or an archive\n",
        class.submissions().display()
    );
    assert_eq!(stderr(&run), expected);
    fs::remove_dir(class.submissions()).expect("it is empty");
    let run = class.class(&[]).code(2);
    assert!(stderr(&run).contains("no such file or directory"), "{}", stderr(&run));
}
