//! GitHub Actions: a workflow's step in a checkout, by an ordinary user of a virtual machine.

use std::fs;

use super::expected::Expected;
use super::handed_in::{ALL, handed_in};
use super::machine::{Machine, Who};
use super::packaged::{Package, kill_when, said};

const CHECKOUT: &str = "/home/user/work/repository";
const SUMMARY: &str = "/home/user/work/summary";
const SECRET: &str = "s3cret-of-the-runner";
const ENV: [(&str, &str); 9] = [
    ("HOME", "/home/user"),
    ("PATH", "/usr/local/cargo/bin:/usr/local/bin:/usr/bin:/bin"),
    ("RUNNER_TEMP", "/home/user/work"),
    ("GITHUB_STEP_SUMMARY", SUMMARY),
    ("GITHUB_TOKEN", SECRET),
    ("GITHUB_ENV", SECRET),
    ("ACTIONS_RUNTIME_TOKEN", SECRET),
    ("RUNNER_TRACKING_ID", SECRET),
    ("GITHUB_ACTIONS", "true"),
];

fn checkout(machine: &Machine, package: &Package, name: &str) {
    machine.folder("/home/user");
    machine.folder("/home/user/work");
    machine.copy(&package.path, CHECKOUT);
    machine.add(handed_in(name).path(), CHECKOUT);
    machine.write(SUMMARY, "");
}

/// The commands of the workflow's last step.
fn step(package: &Package) -> String {
    let workflow = fs::read_to_string(package.path.join(".github/workflows/grade.yml")).expect("there is one");
    let run = workflow.lines().filter_map(|line| line.trim().strip_prefix("run: ")).next_back();
    run.expect("it runs something").to_owned()
}

/// The lines that the runner takes for commands: none between the one that stops them and its token.
fn commands(log: &str) -> Vec<String> {
    let mut stopped: Option<String> = None;
    let mut commands = Vec::new();
    for line in log.lines().map(str::trim) {
        match (&stopped, line.strip_prefix("::stop-commands::")) {
            (None, Some(token)) => stopped = Some(format!("::{token}::")),
            (None, None) if line.starts_with("::") || line.contains("##[") => commands.push(line.to_owned()),
            (Some(token), _) if line == token => stopped = None,
            _ => {}
        }
    }
    assert_eq!(stopped, None, "{log}");
    commands
}

#[test]
fn github_shows_what_the_grader_says_of_every_submission_and_no_program_sees_the_runners_variables() {
    let Some(machine) = Machine::new(Who::User) else { return };
    let package = Package::of("github");
    let step = step(&package);
    for name in ALL {
        checkout(&machine, &package, name);
        let ran = machine.run(CHECKOUT, &ENV, &["sh", "-c", &step]);
        let (log, summary) = (said(&ran), machine.read(SUMMARY));
        let expected = Expected::of(name, "cell");
        let status = match name {
            "reference" => 0,
            "wrong" | "hostile" => 1,
            _ => 2,
        };
        assert_eq!(ran.status.code(), Some(status), "{name}: {log}");
        for step in expected.steps() {
            let result = if step.verdict == "passed" { "passed" } else { "" };
            let row = format!("`{}` | {result}", step.id);
            assert!(summary.contains(&row), "{name}: {row}\n{summary}");
            assert!(summary.contains(&format!("| {}/{}", step.earned, step.worth)), "{name}: {summary}");
        }
        let commands = commands(&log);
        let ours = ["::error title=02-server/", "::error title=and more::"];
        let is_ours = |command: &String| ours.iter().any(|begin| command.starts_with(begin));
        assert!(commands.iter().all(is_ours), "{name}: {commands:?}");
        assert_eq!(commands.is_empty(), name == "reference", "{name}: {log}");
        assert!(!log.contains(SECRET) && !summary.contains(SECRET), "{name}: {log}");
        if name == "hostile" {
            assert!(log.contains("::error title=FORGED"), "what it says is shown, to nobody's harm: {log}");
        }
    }

    checkout(&machine, &package, "reference");
    let killed = kill_when(&step, "/home/user/work/grader.*/summary", "| passed |");
    let ran = machine.run(CHECKOUT, &ENV, &killed.each_ref().map(String::as_str));
    assert_eq!(ran.status.code(), Some(137), "{}", said(&ran));
    let told = commands(&said(&ran)).join("\n");
    assert!(
        told.contains("::error title=grader::the grader ended with status 137, which is no fault of yours"),
        "{told}"
    );
    assert!(machine.read(SUMMARY).contains("| grader's fault |"), "{}", machine.read(SUMMARY));
}

#[test]
fn githubs_readme_says_that_this_is_no_grade_of_record() {
    let readme = fs::read_to_string(Package::of("github").path.join(".github/grader/README.md")).expect("there is one");
    assert!(readme.contains("This is no grade of record"), "{readme}");
}
