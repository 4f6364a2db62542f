//! A verb with its value and modifiers.

use std::net::Ipv4Addr;
use std::time::Duration;

use super::fields::Fields;
use super::moves::Deed;
use super::reader::{Field, Reader};
use super::scope::Scope;
use super::{pattern, payload, probe, template};
use crate::rubric::exchange::{Action, Closing, Ending, ExitStatus, Pace, Reading, SignalName, Target};
use crate::rubric::mistakes::{Kind, Wanted};
use crate::rubric::role::STUDENT;
use crate::rubric::units;
use crate::rubric::yaml::Value;

const SIGNALS: [(&str, SignalName); 8] = [
    ("TERM", SignalName::Term),
    ("KILL", SignalName::Kill),
    ("INT", SignalName::Int),
    ("HUP", SignalName::Hup),
    ("PIPE", SignalName::Pipe),
    ("STOP", SignalName::Stop),
    ("CONT", SignalName::Cont),
    ("USR1", SignalName::Usr1),
];

const TARGETS: [(&str, Target); 2] = [("group", Target::Group), ("main", Target::Main)];

/// `verb` is the field of the verb, which is known to be the actor's; the modifiers are known to be the verb's.
pub fn read(
    reader: &mut Reader,
    scope: &mut Scope,
    verb: Field,
    words: &Fields,
    within: Option<Duration>,
) -> Option<Action> {
    let action = value(reader, scope, verb, words, within);
    // After its templates: who sends `{slow.local}` has to know it before.
    let deed = match (verb.word, &action) {
        ("connect" | "accept", _) => Deed::Open,
        ("send", _) => Deed::Send,
        ("expect", _) if scope.acting != STUDENT => Deed::Expect,
        ("expect_silence", _) => Deed::Expect,
        ("expect_close", _) => Deed::Ending,
        ("close", Some(Action::Close(Closing::Write))) => Deed::CloseWrite,
        ("close", Some(Action::Close(Closing::Both))) => Deed::CloseBoth,
        ("close", Some(Action::Close(Closing::Reset))) => Deed::CloseReset,
        ("close", _) => Deed::Unsure,
        ("read", _) => Deed::Pace,
        ("run", _) => Deed::Run,
        ("start", _) => Deed::Start,
        ("restart", _) => Deed::Restart,
        ("signal" | "expect_exit", _) => Deed::End,
        ("wait", _) => return action,
        _ => Deed::Student,
    };
    scope.did(verb.word, deed, verb.place);
    action
}

fn value(
    reader: &mut Reader,
    scope: &mut Scope,
    verb: Field,
    words: &Fields,
    within: Option<Duration>,
) -> Option<Action> {
    match verb.word {
        "connect" => {
            let student = reader.choice(verb, &[(STUDENT, ())]);
            let from = own_address(reader, scope, words, "from");
            let to = own_address(reader, scope, words, "to");
            student.map(|()| Action::Connect { from, to })
        }
        "accept" => reader.choice(verb, &[(STUDENT, ())]).map(|()| Action::Accept),
        "send" => Some(send(reader, scope, verb, words)),
        "expect" => pattern::read(reader, scope, verb).map(Action::Expect),
        "expect_silence" => scope.within_limit(reader, verb).map(Action::ExpectSilence),
        "expect_close" => {
            let endings = [("eof", Ending::Eof), ("reset", Ending::Reset), ("any", Ending::Any)];
            reader.choice(verb, &endings).map(Action::ExpectClose)
        }
        "close" => {
            let closings = [("write", Closing::Write), ("both", Closing::Both), ("reset", Closing::Reset)];
            reader.choice(verb, &closings).map(Action::Close)
        }
        "read" => reader.choice(verb, &[("paused", Reading::Paused), ("resumed", Reading::Resumed)]).map(Action::Read),
        "start" => template::read_list(reader, scope, verb).map(Action::Start),
        "restart" => reader.choice(verb, &TARGETS).map(Action::Restart),
        "type" => {
            let payload = payload::read(reader, scope, verb);
            Some(Action::Type { payload, background: background(reader, words) })
        }
        "close_stdin" => reader.yes(verb).then_some(Action::CloseStdin),
        "signal" => {
            let to = words.get("to").and_then(|to| reader.choice(to, &TARGETS)).unwrap_or(Target::Group);
            reader.choice(verb, &SIGNALS).map(|name| Action::Signal { name, to })
        }
        "pin" => {
            scope.pins = true;
            reader.choice(verb, &[("threads", ())]).map(|()| Action::Pin)
        }
        "expect_exit" => {
            let status = ExitStatus(pattern::statuses(reader, verb));
            let after = words.get("after").and_then(|field| {
                let after = scope.within_limit(reader, field)?;
                if let Some(within) = within.filter(|within| after >= *within) {
                    reader.mistake(field.node.place, Kind::TooLate { within });
                }
                Some(after)
            });
            Some(Action::ExpectExit { status, after })
        }
        "expect_stderr" => pattern::read(reader, scope, verb).map(Action::ExpectStderr),
        "expect_end" => reader.choice(verb, &[("stdout", ())]).map(|()| Action::ExpectEnd),
        "run" => run(reader, scope, verb, words),
        "observe" => probe::read(reader, scope, verb).map(Action::Observe),
        _ => {
            let pause = scope.within_limit(reader, verb)?;
            let at_most = words.get("at_most").and_then(|field| {
                let at_most = reader.duration(field)?;
                if at_most <= pause {
                    reader.mistake(field.node.place, Kind::ShorterThanPause { pause });
                }
                Some(at_most)
            });
            Some(Action::Wait { pause, at_most })
        }
    }
}

fn run(reader: &mut Reader, scope: &mut Scope, verb: Field, words: &Fields) -> Option<Action> {
    let Value::List(items) = &verb.node.value else {
        reader.unfit(verb, Wanted::Command);
        return None;
    };
    let stdout = words.get("stdout").and_then(|stdout| pattern::read(reader, scope, stdout));
    let status = words.get("status").map_or(vec![0], |status| pattern::statuses(reader, status));
    let Some((first, rest)) = items.split_first() else {
        reader.mistake(verb.node.place, Kind::NothingIn { word: verb.word.to_owned() });
        return None;
    };
    let tool = reader.parsed(verb.entry(first), Wanted::Tool, tool_name);
    let arguments = rest.iter().filter_map(|item| template::read(reader, scope, verb.entry(item), Wanted::Text));
    let arguments = arguments.collect();
    scope.tools.extend(tool.clone());
    Some(Action::Run { tool: tool?, arguments, stdout, status: ExitStatus(status) })
}

/// A name without a path: it is looked for where programs are.
fn tool_name(text: &str) -> Option<String> {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    Some(text.to_owned())
        .filter(|text| text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.bytes().all(sign))
}

fn own_address(reader: &mut Reader, scope: &mut Scope, words: &Fields, word: &str) -> Option<Ipv4Addr> {
    let address = reader.own_address(words.get(word)?)?;
    scope.in_cell |= !address.is_loopback();
    Some(address)
}

fn background(reader: &mut Reader, words: &Fields) -> bool {
    words.get("background").and_then(|flag| reader.flag(flag)).unwrap_or(false)
}

fn send(reader: &mut Reader, scope: &mut Scope, verb: Field, words: &Fields) -> Action {
    let payload = payload::read(reader, scope, verb);
    let chunk = words.get("chunk").and_then(|chunk| reader.size(chunk, 64 << 20));
    let every = words.get("every").and_then(|every| {
        if words.get("chunk").is_none() {
            reader.mistake(every.place, Kind::Needs { word: "every", needs: "chunk" });
        }
        reader.parsed(every, Wanted::Pace, |text| match text {
            "taken" => Some(Pace::Taken),
            text => units::duration(text).map(Pace::Every),
        })
    });
    Action::Send { payload, chunk, every, background: background(reader, words) }
}
