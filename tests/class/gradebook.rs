//! The gradebooks of a class, whole.

use std::process::Command;

use super::support::{Class, stdout};

const ROSTER: &str = "\
submission,id,name,section,email,sis login id
anna,S1,\"Ärmel, Anna\",NET-1,anna@example.org,anna1
bo,S2,=1+1,NET-1,bo@example.org,bo2
fay.zip,S3,Fay,NET-2,fay@example.org,fay3
fay.zip,S4,Flo,NET-2,flo@example.org,flo4
,S5,Nobody Here,NET-2,nobody@example.org,no5
";

fn graded() -> Class {
    let class = Class::mixed();
    class.write("roster.csv", ROSTER);
    class.class(&[]).code(0);
    class
}

#[test]
fn a_class_is_graded_into_gradebooks() {
    let class = graded();
    let expected = "\
student_id,name,section,submission_id,state,points,max_points,tiny
S1,\"Ärmel, Anna\",NET-1,anna,graded,100,100,100
S2,'=1+1,NET-1,bo,graded,0,100,0
cy,cy,,cy,graded,60,100,60
di,di,,di,graded,80,100,80
ed,ed,,ed,graded,100,100,100
S3,Fay,NET-2,fay.zip,graded,100,100,100
S4,Flo,NET-2,fay.zip,graded,100,100,100
gus,gus,,gus,does-not-build,0,100,0
hal,hal,,hal.zip,does-not-build,0,100,0
S5,Nobody Here,NET-2,,nothing-handed-in,0,100,0
";
    assert_eq!(class.result("grades.csv"), expected);
    let expected = "\
Student,ID,SIS User ID,SIS Login ID,Section,A tiny server
    Points Possible,,,,,100
\"Ärmel, Anna\",S1,,anna1,NET-1,100
'=1+1,S2,,bo2,NET-1,0
cy,,,,,60
di,,,,,80
ed,,,,,100
Fay,S3,,fay3,NET-2,100
Flo,S4,,flo4,NET-2,100
gus,,,,,0
hal,,,,,0
Nobody Here,S5,,no5,NET-2,
";
    assert_eq!(class.result("canvas.csv"), expected);
    let expected = "\
idnumber,email,username,A tiny server
S1,anna@example.org,anna1,100
S2,bo@example.org,bo2,0
S3,fay@example.org,fay3,100
S4,flo@example.org,flo4,100
S5,nobody@example.org,no5,-
";
    assert_eq!(class.result("moodle.csv"), expected);
    let steps = class.gradebook();
    let of = |id: &str| steps.lines().filter(|line| line.starts_with(id)).collect::<Vec<_>>().join("\n");
    let expected = "\
S2,bo,NET-1,tiny/listens,Listens on the port it was told,failed,0,40,false,bound port n but never called `listen`
S2,bo,NET-1,tiny/announces,Says on stderr where it listens,blocked,0,20,false,
S2,bo,NET-1,tiny/echoes,Sends back what a client says,blocked,0,40,false,";
    assert_eq!(of("S2"), expected);
    assert_eq!(steps.lines().count(), 1 + 9 * 3);
}

#[test]
fn the_end_says_how_the_class_did_and_why() {
    let class = graded();
    let run = class.class(&[]).code(0);
    let expected = format!(
        "8 submissions: 0 graded, 8 unchanged\n     3  full marks\n     3  lost points\n     \
         2  without a program that builds\n\nmean 55.0 %, median 70.0 %\n\nthe most frequent causes:\n     \
         1  \"…\" never came on stderr, only \"…\"\n     \
         1  `make server` failed: server.c:n:n: error: `nothing` undeclared (first use in this function)\n     \
         1  bound port n but never called `listen`\n     \
         1  closed the connection of `client` too early, after n bytes\n     \
         1  the submission is neither a folder nor an archive\n\n{}/index.html\n",
        class.results().display()
    );
    assert_eq!(stdout(&run).replace(['‘', '’'], "`"), expected);
}

#[test]
fn every_csv_file_can_be_read_by_another_program() {
    let class = graded();
    let script = "import csv, sys\n\
                  for name in sys.argv[1:]:\n    rows = list(csv.reader(open(name, newline='', encoding='utf-8')))\n    \
                  assert len({len(row) for row in rows}) == 1, name\n";
    let files = ["grades.csv", "gradebook.csv", "canvas.csv", "moodle.csv"].map(|name| class.results().join(name));
    let read = Command::new("python3").args(["-c", script]).args(files).status().expect("there is Python");
    assert!(read.success());
}

#[test]
fn order_and_seed_and_number_of_jobs_change_no_score() {
    let one = Class::mixed();
    one.class(&["--seed", "1", "--jobs", "1"]).code(0);
    let other = Class::new();
    // The same submissions in the other order.
    for (name, of) in [("z", "right/c-server"), ("y", "wrong/server-never-listens"), ("x", "wrong/server-closes-early")]
    {
        other.copy(name, of);
    }
    other.class(&["--seed", "2", "--jobs", "8"]).code(0);
    let points = |class: &Class, id: &str| {
        let lines = class.gradebook();
        let own = lines.lines().filter(|line| line.starts_with(&format!("{id},")));
        own.map(|line| line.splitn(4, ',').last().expect("it has columns").to_owned()).collect::<Vec<_>>()
    };
    for (mine, theirs) in [("anna", "z"), ("bo", "y"), ("cy", "x")] {
        assert_eq!(points(&one, mine), points(&other, theirs));
        assert_eq!(points(&one, mine).len(), 3);
    }
}
