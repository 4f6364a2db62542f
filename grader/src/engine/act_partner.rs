//! Another program of a submission begins: it is started, and listens.

use socket2::SockRef;

use super::act::{ANSWER, Context, START};
use super::matching::{Progress, Wanted};
use super::miss::Miss;
use super::quote::counted;
use super::sleep::is_deserted;
use super::stage::{Stage, Stop};
use super::trace::Direction::{Act, ToStudent};
use super::verdict::Ended;
use crate::probe::Snapshot;
use crate::rubric::{Action, Pattern, Template};

/// As a server of the grader's has it.
const BACKLOG: i32 = 128;

pub fn act(stage: &mut Stage, actor: usize, action: &Action, context: Context) -> Result<(), Stop> {
    match action {
        Action::Start(arguments) => start(stage, actor, arguments, context),
        Action::Expect(pattern) => expect(stage, actor, pattern, context),
        other => Err(Stop::Fault(format!("`{}` cannot do this: {other:?}", stage.actors[actor].name))),
    }
}

fn start(stage: &mut Stage, actor: usize, arguments: &[Template], context: Context) -> Result<(), Stop> {
    let who = stage.actors[actor].name.clone();
    let partner = partner_of(stage, actor)?;
    let arguments = arguments_of(stage, partner, arguments);
    let program = stage.partners[partner].program.clone();
    let command = std::iter::once(&program).chain(&arguments).cloned().collect::<Vec<_>>().join(" ");
    if let Err(why) = stage.partners[partner].start(arguments)? {
        return Err(Stop::Partner(format!("`{program}` {why}")));
    }
    stage.note(&who, Act, format!("starts as `{command}`, in a cell of its own"));
    let mut before: Option<Snapshot> = None;
    stage.starts_partner = true;
    let waited = stage.wait(context.within(START), |stage| {
        let partner = &stage.partners[partner];
        if partner.listens()? {
            return Ok(Some(true));
        }
        // It may be the only one there is: the wait itself looks at the student.
        let now = partner.look()?;
        let over = partner.end().is_some() && partner.has_said_all()
            || before.as_ref().is_some_and(|before| partner.is_still(before, &now).unwrap_or(false))
                // Of one that has just ended, the status is on the way.
                && !is_deserted(&now)
                && !partner.in_flight()?;
        before = Some(now);
        Ok(over.then_some(false))
    });
    stage.starts_partner = false;
    if waited? != Ok(true) {
        let why = stage.partners[partner].why_deaf()?;
        return Err(Stop::Partner(format!("`{program}` never listened: {why}")));
    }
    if let Some(listener) = &stage.actors[actor].listener {
        SockRef::from(listener).listen(BACKLOG)?;
    }
    stage.partners[partner].serves = true;
    Ok(())
}

fn partner_of(stage: &Stage, actor: usize) -> Result<usize, Stop> {
    let found = stage.partners.iter().position(|partner| partner.actor == actor);
    found.ok_or_else(|| Stop::Fault(format!("`{}` has no program", stage.actors[actor].name)))
}

/// On the student's latest connection to it.
fn expect(stage: &mut Stage, actor: usize, pattern: &Pattern, context: Context) -> Result<(), Stop> {
    let who = stage.actors[actor].name.clone();
    let partner = partner_of(stage, actor)?;
    let wanted = Wanted::new(pattern, &mut stage.facts, 0, &mut stage.random);
    let stream = format!("the connection of `{who}`, from it");
    let waited = stage.wait(context.within(ANSWER), |stage| {
        let Some(lane) = stage.partners[partner].lanes.last() else { return Ok(None) };
        Ok(match wanted.meet(&lane.said, &stream) {
            Progress::More => None,
            Progress::Match(count) => Some(Ok(count)),
            Progress::Never(miss) => Some(Err(*miss)),
        })
    })?;
    let Some(lane) = stage.partners[partner].lanes.last_mut() else {
        let Err(ended) = waited else { return Ok(()) };
        return Err(stage.miss(Miss::NeverConnected, ended));
    };
    match waited {
        Ok(Ok(count)) => {
            let text = format!("has said {}", counted(&lane.said.waiting()[..count]));
            lane.said.take(count);
            stage.note(&who, ToStudent, text);
            Ok(())
        }
        Ok(Err(miss)) => Err(stage.miss(miss, Ended::Event)),
        Err(ended) => {
            let miss = wanted.cut_short(&lane.said, &stream);
            Err(stage.miss(miss, ended))
        }
    }
}

/// In them, `{port}` and `{files}` are its own.
fn arguments_of(stage: &mut Stage, partner: usize, arguments: &[Template]) -> Vec<String> {
    let partner = &stage.partners[partner];
    let files = partner.cell.files().map(|files| files.display().to_string());
    let students = stage.facts.known.clone();
    stage.facts.set("port", partner.port);
    if let Some(files) = files {
        stage.facts.set("files", files);
    }
    let arguments = arguments.iter().map(|argument| stage.facts.text(argument, 0)).collect();
    stage.facts.known = students;
    arguments
}
