//! A class that several machines grade.

use std::fs;

use super::support::{Class, stderr, stdout};

#[test]
fn parts_put_together_are_the_whole_class() {
    let whole = Class::mixed();
    whole.class(&["--seed", "7"]).code(0);
    let class = Class::mixed();
    for shard in ["1/3", "2/3", "3/3"] {
        class.class(&["--seed", "7", "--shard", shard]).code(0);
    }
    let run = class.merge(&[]).code(0);
    assert_eq!(stdout(&run), format!("8 of 8 submissions from 3 parts\n{}/index.html\n", class.results().display()));
    assert_eq!(class.gradebook(), whole.gradebook());
    assert_eq!(class.result("grades.csv"), whole.result("grades.csv"));
    // It is a store like any other now.
    let next = stdout(&class.class(&[]).code(0));
    assert!(next.starts_with("8 submissions: 0 graded, 8 unchanged\n"), "{next}");
}

#[test]
fn all_parts_have_one_seed_although_nobody_gave_it() {
    let class = Class::mixed();
    for shard in ["1/2", "2/2"] {
        class.class(&["--shard", shard]).code(0);
    }
    class.merge(&[]).code(0);
    let gradebook = class.result("gradebook.csv");
    let mut seeds: Vec<&str> = gradebook.lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    seeds.dedup();
    assert_eq!(seeds.len(), 1, "{seeds:?}");
}

#[test]
fn a_part_that_is_missing_is_named() {
    let class = Class::mixed();
    let none = class.merge(&[]).code(2);
    let results = class.results().display().to_string();
    let expected = format!(
        "error: there are no parts of a class in `{results}`\n\
         hint: `cargo lab class FOLDER --out RESULTS --shard K/N` makes one\n"
    );
    assert_eq!(stderr(&none), expected);
    class.class(&["--shard", "2/3"]).code(0);
    let run = class.merge(&[]).code(2);
    let expected = "error: parts of the class are missing: `shard-1-of-3` and `shard-3-of-3`\n\
                    hint: grade them first, or go on without them: `--partial`\n";
    assert_eq!(stderr(&run), expected);
    // Then there are submissions that nobody has graded, and it says so.
    let run = class.merge(&["--partial"]).code(70);
    assert!(stdout(&run).contains("no part has graded "), "{}", stdout(&run));
    assert!(class.result("grades.csv").contains(",not-graded-yet,0,"));
    class.class(&["--shard", "1/2"]).code(0);
    let expected = format!(
        "error: the parts in `{results}` are not of one class: other labs, or another number of parts\n\
         hint: remove those that are from an earlier run\n"
    );
    assert_eq!(stderr(&class.merge(&[]).code(2)), expected);
}

#[test]
fn an_array_job_takes_its_part_by_itself() {
    let class = Class::mixed();
    let slurm = |number: &str| {
        let mut run = class.command("class", &[]);
        run.env("SLURM_ARRAY_TASK_ID", number).env("SLURM_ARRAY_TASK_COUNT", "2").env("SLURM_ARRAY_TASK_MIN", "5");
        assert_cmd::Command::from_std(run).assert().code(0)
    };
    let first = stderr(&slurm("5"));
    assert!(first.starts_with("part 1/2 of the class, as Slurm says; `--shard 1/1` would be all of it\n"), "{first}");
    slurm("6");
    class.merge(&[]).code(0);
    assert!(!class.result("grades.csv").contains("not-graded-yet"));
    assert!(fs::metadata(class.results().join("shard-2-of-2/grades.csv")).is_ok());

    let mut run = class.command("class", &[]);
    run.env("JOB_COMPLETION_INDEX", "0");
    let run = assert_cmd::Command::from_std(run).assert().code(2);
    let expected = "error: `JOB_COMPLETION_INDEX` does not say which part of the class this machine is to grade\n\
                    hint: say so with `--shard K/N`; `--shard 1/1` is the whole class\n";
    assert_eq!(stderr(&run), expected);
}
