//! Where a step's capture lies, and what a report says of it.

use super::look::Look;
use crate::engine::{Captured, count};
use crate::rubric::{Lab, Visibility};
use crate::score::{LabScore, StepScore};

/// A capture as a report points to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureLink {
    /// From where the report lies.
    pub path: String,
    /// `02-server.backlog.pcapng`
    pub name: String,
    pub captured: Captured,
}

/// `02-server.backlog.pcapng`: of ids alone, which nobody who hands something in can choose.
pub fn capture_name(lab: &str, step: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    let clean = |id: &str| id.chars().map(kept).collect::<String>();
    format!("{}.{}.pcapng", clean(lab), clean(step))
}

/// The folder beside this one for the captures of steps that students are not shown, so that this one can be given away.
pub fn hidden_captures(folder: &str) -> String {
    format!("{folder}-hidden")
}

/// Where a step's capture is to be, in a folder for captures or the one beside it.
pub fn capture_path(folder: &str, lab: &Lab, step: &str) -> String {
    let shown = lab.step(step).is_some_and(|step| step.visibility == Visibility::Visible);
    let folder = if shown { folder.to_owned() } else { hidden_captures(folder) };
    format!("{folder}/{}", capture_name(&lab.id, step))
}

impl CaptureLink {
    pub fn of(look: &Look, lab: &LabScore, score: &StepScore) -> Option<CaptureLink> {
        let (folder, captured) = (look.captures.as_ref()?, score.outcome.captured?);
        let step = &score.outcome.step;
        Some(CaptureLink {
            path: capture_path(folder, &lab.lab, step),
            name: capture_name(&lab.lab.id, step),
            captured,
        })
    }

    /// The path as a link may have it.
    pub fn href(&self) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        let coded = |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        self.path.bytes().map(coded).collect()
    }

    /// What is to be known of it beside its name.
    pub fn note(&self) -> String {
        let Captured { frames, missing, drawn } = self.captured;
        let frames = count(frames, "frame");
        let frames = if missing > 0 { format!("{frames}, and {missing} that there was no room for") } else { frames };
        if drawn { format!("{frames}, drawn from the exchange, not captured") } else { frames }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::look;
    use crate::score::specimen::{card, failed, outcome};

    fn link(folder: &str, visibility: Visibility) -> CaptureLink {
        let captured = Captured { frames: 1, missing: 0, drawn: false };
        let mut echoes = outcome("echoes", failed());
        echoes.captured = Some(captured);
        let mut card = card(vec![echoes]);
        card.labs[0].lab.steps.iter_mut().for_each(|step| step.visibility = visibility);
        let look = Look { captures: Some(folder.to_owned()), ..look() };
        let of = |step: usize| CaptureLink::of(&look, &card.labs[0], &card.labs[0].steps[step]);
        assert_eq!(of(0), None);
        of(1).expect("it has one")
    }

    #[test]
    fn a_hidden_steps_capture_lies_apart() {
        assert_eq!(link("captures", Visibility::Visible).path, "captures/02-server.echoes.pcapng");
        for hidden in [Visibility::Hidden, Visibility::AfterDueDate] {
            assert_eq!(link("captures", hidden).path, "captures-hidden/02-server.echoes.pcapng");
        }
    }

    #[test]
    fn a_link_is_one_whatever_the_folder_is_called() {
        let link = link("../ö \"x\"?#", Visibility::Visible);
        assert_eq!(link.href(), "../%C3%B6%20%22x%22%3F%23/02-server.echoes.pcapng");
        assert_eq!(capture_name("../a b", "c/d"), "___a_b.c_d.pcapng");
    }

    #[test]
    fn it_says_how_it_was_made_and_what_is_missing() {
        let note = |missing, drawn| {
            let captured = Captured { frames: 12, missing, drawn };
            CaptureLink { captured, ..link("x", Visibility::Visible) }.note()
        };
        assert_eq!(note(0, false), "12 frames");
        assert_eq!(note(7, false), "12 frames, and 7 that there was no room for");
        assert_eq!(note(0, true), "12 frames, drawn from the exchange, not captured");
    }
}
