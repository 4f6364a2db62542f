//! What a lab or a step needs of the machine.

use super::reader::{Field, Reader};
use crate::rubric::lab::Requirement;
use crate::rubric::mistakes::Kind;
use crate::rubric::suggest::nearest;

/// `cell`, `ipv6`, `fork` or a program's name.
pub fn read(reader: &mut Reader, field: Field) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    for entry in reader.one_or_list(field) {
        let Some(word) = reader.text(field.entry(entry)) else { continue };
        requirements.push(match word.as_str() {
            "cell" => Requirement::Cell,
            "ipv6" => Requirement::Ipv6,
            "fork" => Requirement::Fork,
            _ => {
                // Any word could be a tool's name; one slip away from these it is a slip.
                if let Some(near) = nearest(&word, ["cell", "ipv6", "fork"]) {
                    let kind = Kind::NotARequirement { word: word.clone(), near: near.to_owned() };
                    reader.mistake(entry.place, kind);
                }
                Requirement::Tool(word)
            }
        });
    }
    requirements
}
