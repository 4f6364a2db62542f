//! What a real program does in an exchange: it runs, and ends as it should.

use std::ffi::OsString;

use super::act::{ANSWER, Context};
use super::matching::{Progress, Wanted};
use super::miss::{Ending, Excerpt, Miss};
use super::open::wait_until_listening;
use super::quote::counted;
use super::stage::{Stage, Stop};
use super::tool::{self, Tool};
use super::trace::Direction::Act;
use super::verdict::Ended;
use crate::cell::{Job, SpawnError, Status, Stdin};
use crate::probe::Endings;
use crate::rubric::{Action, ExitStatus, Part, Pattern, Template};

/// It shares the step's files with the student's program, which must not tell it what to do.
const OF_ITS_OWN: [(&str, &str); 2] = [("HOME", "/nonexistent"), ("PYTHONSAFEPATH", "1")];

pub fn act(stage: &mut Stage, actor: usize, action: &Action, context: Context) -> Result<(), Stop> {
    let who = stage.actors[actor].name.clone();
    match action {
        Action::Run { tool, arguments, stdout, status } => {
            let is_peer = arguments.iter().any(|argument| argument.0.contains(&Part::Port));
            if is_peer && stage.student.is_server && stage.student.child().is_some() {
                wait_until_listening(stage, Context { within: None })?;
            }
            let tool = start(stage, who, tool, arguments)?;
            let ended = stage.wait(context.within(ANSWER), |stage| Ok(stage.tools[tool].status()))?;
            match ended {
                Ok(got) => judge(stage, tool, got, stdout.as_ref(), status),
                Err(ended) => {
                    let who = stage.tools[tool].who.clone();
                    stage.note(&who, Act, "still runs");
                    let miss = match stage.students_fault(tool)? {
                        Some(miss) => miss,
                        None => {
                            let said = Excerpt::from(stage.tools[tool].stderr.waiting());
                            Miss::ToolWaits { tool: who, sent: 0, said }
                        }
                    };
                    Err(stage.miss(miss, ended))
                }
            }
        }
        other => Err(Stop::Fault(format!("`{who}` cannot do this: {other:?}"))),
    }
}

/// The tool's place among the stage's.
fn start(stage: &mut Stage, who: String, name: &str, arguments: &[Template]) -> Result<usize, Stop> {
    let lacking = || Stop::Unavailable(format!("it needs `{name}`, which is not installed"));
    let program = tool::find(name).ok_or_else(lacking)?;
    let arguments: Vec<String> = arguments.iter().map(|argument| stage.facts.text(argument, 0)).collect();
    let command = std::iter::once(name.to_owned()).chain(arguments.iter().cloned()).collect::<Vec<_>>().join(" ");
    let job = Job {
        program: program.to_string_lossy().into_owned(),
        args: arguments.into_iter().map(OsString::from).collect(),
        env: OF_ITS_OWN.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        stdin: Stdin::Null,
    };
    let diag = stage.cell.socket(libc::AF_NETLINK, libc::SOCK_DGRAM, libc::NETLINK_SOCK_DIAG)?;
    let (endings, before) = (Endings::over(diag).ok(), stage.ended_by_student()?);
    let child = match stage.cell.spawn(&job) {
        Ok(child) => child,
        Err(SpawnError::Cell(error)) => return Err(error.into()),
        Err(SpawnError::Program { why }) => {
            return Err(Stop::Unavailable(format!("it needs `{name}`, which cannot be started here: {why}")));
        }
    };
    stage.note(&who, Act, format!("runs `{command}`"));
    stage.tools.push(Tool::started(who, child, endings, before)?);
    Ok(stage.tools.len() - 1)
}

fn judge(
    stage: &mut Stage,
    tool: usize,
    got: Status,
    stdout: Option<&Pattern>,
    wanted: &ExitStatus,
) -> Result<(), Stop> {
    // Its last words may still be in the pipes. Whoever it left behind may hold them open.
    let ended = |tool: &Tool| !tool.stdout.is_open() && !tool.stderr.is_open();
    stage.wait(ANSWER, |stage| Ok(ended(&stage.tools[tool]).then_some(())))?.ok();
    stage.tools[tool].stdout.end(Ending::Eof);
    let Tool { who, stdout: output, .. } = &stage.tools[tool];
    let (who, said) = (who.clone(), counted(output.waiting()));
    let how = match got {
        Status::Exited(status) => format!("ends with exit status {status}"),
        other => format!("is {other}"),
    };
    stage.note(&who, Act, format!("{how}; stdout: {said}"));

    let as_wanted = matches!(got, Status::Exited(status) if wanted.0.iter().any(|wanted| i32::from(*wanted) == status));
    let miss = if as_wanted { differs(stage, tool, stdout) } else { Some(failed(&stage.tools[tool], got, wanted)) };
    let Some(miss) = miss else { return Ok(()) };
    // What the student has done says more than what the tool made of it.
    let fault = match stage.students_fault(tool)? {
        None if !as_wanted => stage.hung_up_on(tool)?,
        fault => fault,
    };
    Err(stage.miss(fault.unwrap_or(miss), Ended::Event))
}

fn failed(tool: &Tool, got: Status, wanted: &ExitStatus) -> Miss {
    let said = Excerpt::from(tool.stderr.waiting());
    Miss::ToolFailed { tool: tool.who.clone(), expected: wanted.0.clone(), got, said }
}

/// Bytes and lines are all that the tool writes; of other patterns, more may follow.
fn differs(stage: &mut Stage, tool: usize, pattern: Option<&Pattern>) -> Option<Miss> {
    let pattern = pattern?;
    let wanted = Wanted::new(pattern, &mut stage.facts, 0, &mut stage.random);
    let Tool { who, stdout, .. } = &stage.tools[tool];
    let stream = format!("the stdout of `{who}`");
    let is_all = matches!(pattern, Pattern::Exactly(_) | Pattern::LinesInAnyOrder(_));
    match wanted.meet(stdout, &stream) {
        Progress::Match(count) => {
            let extra = Excerpt::from(&stdout.waiting()[count..]);
            let more = is_all && !extra.is_empty();
            more.then_some(Miss::TooMany { who: stream, expected: count as u64, extra })
        }
        Progress::More => Some(wanted.cut_short(stdout, &stream)),
        Progress::Never(miss) => Some(*miss),
    }
}
