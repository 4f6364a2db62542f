//! Captures in the results of a class: linked from the pages, and those of hidden steps for staff alone.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::top;
use regex::Regex;
use serde_json::Value;
use tempfile::TempDir;

use super::kept::names;
use super::read::Capture;
use crate::class::support::{Class, read, stdout};

fn of(class: &Class, name: &str) -> PathBuf {
    class.results().join("submissions").join(name)
}

/// Where a page's links lead, all of which are there.
fn linked(page: &Path) -> Vec<String> {
    let links = Regex::new("href=\"([^\"#]+)\"").expect("it is one");
    let text = read(page);
    let links: Vec<String> = links.captures_iter(&text).map(|link| link[1].to_owned()).collect();
    for link in &links {
        assert!(page.with_file_name("").join(link).is_file(), "{link} of {} leads nowhere", page.display());
    }
    links
}

fn in_report(folder: &Path) -> Vec<String> {
    let report: Value = serde_json::from_str(&read(&folder.join("report.json"))).expect("it is JSON");
    let steps = report["labs"][0]["steps"].as_array().expect("there are steps");
    let files = steps.iter().filter_map(|step| step["capture"]["file"].as_str());
    files.map(str::to_owned).collect()
}

#[test]
fn a_failed_steps_page_links_to_its_capture() {
    let class = Class::mixed();
    class.class(&[]).code(0);
    for (name, expected) in [("cy", &["captures/tiny.echoes.pcapng"][..]), ("anna", &[])] {
        let folder = of(&class, name);
        assert_eq!(linked(&folder.join("report.html")), expected, "{name}");
        assert_eq!(in_report(&folder), expected, "{name}");
        assert_eq!(folder.join("captures").exists(), !expected.is_empty(), "{name}");
    }
    let capture = Capture::read(&of(&class, "cy").join("captures/tiny.echoes.pcapng"));
    assert!(capture.flags().starts_with("S SA A AP A AF"), "{}", capture.flags());
    let page = read(&of(&class, "cy").join("report.html"));
    assert!(page.contains(">tiny.echoes.pcapng</a>, to be opened with Wireshark"), "{page}");
}

#[test]
fn what_is_graded_again_leaves_nothing_of_the_time_before() {
    let class = Class::new();
    class.copy("cy", "wrong/server-closes-early");
    class.class(&[]).code(0);
    let folder = of(&class, "cy");
    assert_eq!(names(&folder.join("captures")), ["tiny.echoes.pcapng"]);
    // What somebody has left who was killed.
    fs::write(folder.join("captures/.grader-x.tmp"), "half").expect("it is written");
    fs::write(folder.join("captures/tiny.gone.pcapng"), "old").expect("it is written");
    class.class(&["--again"]).code(0);
    assert_eq!(names(&folder.join("captures")), ["tiny.echoes.pcapng"]);
    // One step alone: the others keep theirs.
    class.class(&["--steps", "tiny/listens"]).code(0);
    assert_eq!(names(&folder.join("captures")), ["tiny.echoes.pcapng"]);
    class.class(&["--again", "--capture", "never"]).code(0);
    assert_eq!(names(&folder), ["record.json", "report.html", "report.json"]);
    class.class(&["--again", "--capture", "always"]).code(0);
    assert_eq!(names(&folder.join("captures")).len(), 3);
    assert_eq!(linked(&folder.join("report.html")).len(), 3);
    class.copy("cy", "right/c-server");
    class.class(&[]).code(0);
    assert_eq!(names(&folder), ["record.json", "report.html", "report.json"]);
    assert_eq!(in_report(&folder), Vec::<String>::new());
}

#[test]
fn a_hidden_steps_capture_is_not_where_a_student_looks() {
    let class = Class::new();
    class.copy("cy", "wrong/server-closes-early");
    class.copy("bo", "wrong/server-never-listens");
    let labs = TempDir::new().expect("a folder");
    let text = read(&top().join("tests/labs/tiny/rubric.yaml"));
    let hidden =
        text.replace("    needs: [listens]\n    actors", "    needs: [listens]\n    visibility: hidden\n    actors");
    assert_ne!(hidden, text);
    fs::create_dir(labs.path().join("tiny")).expect("a folder");
    let grade = |text: &str| {
        fs::write(labs.path().join("tiny/rubric.yaml"), text).expect("it is written");
        let mut grader = conformance::grader();
        grader.arg("class").arg(class.submissions()).arg("--out").arg(class.results()).arg("--labs").arg(labs.path());
        grader.assert().code(0);
    };
    // At first, everybody was shown it.
    grade(&text);
    let (cy, bo) = (of(&class, "cy"), of(&class, "bo"));
    assert_eq!(names(&cy.join("captures")), ["tiny.echoes.pcapng"]);
    grade(&hidden);
    let apart = "captures-hidden/tiny.echoes.pcapng";
    assert_eq!(names(&cy), ["captures-hidden/", "record.json", "report.html", "report.json", "student.html"]);
    assert_eq!((linked(&cy.join("report.html")), in_report(&cy)), (vec![apart.to_owned()], vec![apart.to_owned()]));
    assert_eq!(linked(&cy.join("student.html")), Vec::<String>::new());
    assert!(!read(&cy.join("student.html")).contains("pcapng"));
    // One that is not hidden is for the student too.
    assert_eq!(linked(&bo.join("student.html")), ["captures/tiny.listens.pcapng"]);
}

#[test]
fn a_class_of_many_machines_has_the_captures_of_all() {
    let class = Class::mixed();
    class.class(&["--shard", "1/2"]).code(0);
    class.class(&["--shard", "2/2"]).code(0);
    class.merge(&[]).code(0);
    for name in ["bo", "cy"] {
        let folder = of(&class, name);
        assert_eq!(linked(&folder.join("report.html")), in_report(&folder), "{name}");
        assert_eq!(in_report(&folder).len(), 1, "{name}");
    }
    // The parts keep theirs, and a second time there is nothing else to take.
    class.merge(&[]).code(0);
    assert_eq!(names(&of(&class, "cy").join("captures")), ["tiny.echoes.pcapng"]);
    assert!(stdout(&class.class(&[]).code(0)).starts_with("8 submissions: 0 graded, 8 unchanged\n"));
}

#[test]
fn links_lead_from_a_report_to_the_folder_wherever_that_is() {
    let folder = TempDir::new().expect("a folder");
    let reports = folder.path().join("re ports");
    fs::create_dir(&reports).expect("a folder");
    let page = reports.join("page.html");
    let mut grader = conformance::grader();
    grader.arg("grade").arg(top().join("tests/submissions/wrong/server-closes-early"));
    grader.arg("--labs").arg(top().join("tests/labs")).arg("--captures").arg(folder.path().join("cap tures/"));
    grader.arg(format!("--format=html={}", page.display())).assert().code(1);
    let links = Regex::new("href=\"([^\"#]+)\"").expect("it is one");
    let text = read(&page);
    assert_eq!(&links.captures(&text).expect("there is one")[1], "../cap%20tures/tiny.echoes.pcapng");
    assert!(reports.join("../cap tures/tiny.echoes.pcapng").is_file());
}
