//! What Classroom 50's runner says in the environment of where a submission was handed in.

use std::path::Path;

use super::handed_in::handed_in;
use crate::cli::trouble::TaMistake;
use crate::engine::{list, plain};
use crate::report::Assignment;

const KINDS: [&str; 3] = ["individual", "group", "team"];
const TAG: &str = "submit/";

pub fn assignment(submission: &Path) -> Result<Assignment, TaMistake> {
    // What is not text is as good as not there.
    let mut assignment = read(|name| std::env::var(name).ok())?;
    assignment.handed_in = handed_in(submission, &assignment.tag);
    Ok(assignment)
}

fn read(environment: impl Fn(&str) -> Option<String>) -> Result<Assignment, TaMistake> {
    let get = |name| environment(name).filter(|value| !value.is_empty());
    let mut missing = Vec::new();
    let mut need = |name: &str, value: Option<String>| {
        value.unwrap_or_else(|| {
            missing.push(format!("`{name}`"));
            String::new()
        })
    };
    let assignment = Assignment {
        classroom: need("CLASSROOM", get("CLASSROOM")),
        assignment: need("ASSIGNMENT", get("ASSIGNMENT")),
        kind: get("ASSIGNMENT_TYPE").unwrap_or_else(|| KINDS[0].to_owned()),
        owner: need("OWNER", get("OWNER").or_else(|| get("USERNAME"))),
        tag: need("SUBMISSION_TAG", get("SUBMISSION_TAG")),
        commit: need("COMMIT_URL", get("COMMIT_URL")),
        release: need("RELEASE_URL", get("RELEASE_URL")),
        // Older runners give no other link than that.
        review: get("REVIEW_URL").or_else(|| get("COMMIT_URL")).unwrap_or_default(),
        handed_in: 0,
    };
    if !missing.is_empty() {
        let what = format!("the format `classroom50` needs {} in the environment", list(&missing, "and"));
        return Err(TaMistake::usage(
            what,
            "Classroom 50's runner sets them for `autograder.py`: call the grader there",
        ));
    }
    if !KINDS.contains(&assignment.kind.as_str()) {
        let what = format!("Classroom 50 has no `ASSIGNMENT_TYPE` called `{}`", plain(&assignment.kind));
        return Err(TaMistake::usage(what, format!("there are `{}`", KINDS.join("`, `"))));
    }
    if !assignment.tag.starts_with(TAG) {
        let what = format!("`SUBMISSION_TAG` is `{}`, which Classroom 50 refuses", plain(&assignment.tag));
        return Err(TaMistake::usage(what, format!("it begins with `{TAG}`")));
    }
    Ok(assignment)
}

#[cfg(test)]
mod tests {
    use super::{TaMistake, read};
    use crate::cli::trouble::Trouble;

    const ALL: [(&str, &str); 9] = [
        ("CLASSROOM", "net"),
        ("ASSIGNMENT", "lab1"),
        ("ASSIGNMENT_TYPE", "group"),
        ("SUBMISSION_TAG", "submit/x"),
        ("USERNAME", "bob"),
        ("OWNER", "alice"),
        ("COMMIT_URL", "https://host/c"),
        ("RELEASE_URL", "https://host/r"),
        ("REVIEW_URL", "https://host/v"),
    ];

    /// All of them, with one changed.
    fn with(name: &str, value: &str) -> Result<super::Assignment, TaMistake> {
        let known = ALL.map(|(known, its)| (known, if known == name { value } else { its }));
        read(|name| known.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    fn said(mistake: TaMistake) -> String {
        Trouble::from(mistake).render(false).unwrap_or_default()
    }

    #[test]
    fn what_older_runners_do_not_say_follows_from_the_rest() {
        let read = |name| with(name, "").expect("that is enough");
        assert_eq!(read("OWNER").owner, "bob");
        assert_eq!(read("USERNAME").owner, "alice");
        assert_eq!(read("ASSIGNMENT_TYPE").kind, "individual");
        assert_eq!(read("REVIEW_URL").review, "https://host/c");
    }

    #[test]
    fn what_is_missing_or_would_be_refused_is_named() {
        let none = said(read(|_| None).expect_err("there is nothing"));
        let names = "`CLASSROOM`, `ASSIGNMENT`, `OWNER`, `SUBMISSION_TAG`, `COMMIT_URL` and `RELEASE_URL`";
        assert!(none.starts_with(&format!("error: the format `classroom50` needs {names} in the environment\nhint: ")));
        let kind = said(with("ASSIGNMENT_TYPE", "solo").expect_err("there is none"));
        assert!(kind.contains("`solo`") && kind.ends_with("hint: there are `individual`, `group`, `team`"), "{kind}");
        let tag = said(with("SUBMISSION_TAG", "v1").expect_err("it is none"));
        assert!(tag.contains("`v1`") && tag.ends_with("hint: it begins with `submit/`"), "{tag}");
    }
}
