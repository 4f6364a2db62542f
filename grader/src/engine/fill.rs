//! Templates and payloads to text and bytes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::rubric::{Part, Payload, Piece, Template};

/// A payload's bytes: who sends, who expects and who remembers them share them, for they may be megabytes.
pub type Bytes = Arc<Vec<u8>>;

/// What placeholders stand for at this moment of the exchange.
#[derive(Debug, Default)]
pub struct Facts {
    /// `origin.port` and the like, and `port`.
    pub known: HashMap<String, String>,
    /// Payloads named by `as`, each with the number of the client in its crowd that sent it (0 for who is in none).
    pub named: HashMap<String, HashMap<u32, Bytes>>,
    /// The last text that was repeated, and how often: what is sent is mostly what is expected next.
    repeated: Option<(String, u64, Bytes)>,
}

impl Facts {
    pub fn set(&mut self, key: impl Into<String>, value: impl ToString) {
        self.known.insert(key.into(), value.to_string());
    }

    /// `number` is the client's place in its crowd. A placeholder that stands for nothing yet (the peer of a
    /// connection that was never made) is the rubric's mistake; it stays visible.
    pub fn text(&self, template: &Template, number: u32) -> String {
        self.text_of_turn(template, number, 1)
    }

    /// `turn` counts the times of a `repeat`, from 1.
    fn text_of_turn(&self, template: &Template, number: u32, turn: u64) -> String {
        let fact = |key: String| self.known.get(&key).cloned().unwrap_or_else(|| format!("{{{key}}}"));
        template
            .0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Number => number.to_string(),
                Part::Turn => turn.to_string(),
                Part::Port => fact("port".to_owned()),
                Part::Files => fact("files".to_owned()),
                Part::PortOf(actor) => fact(format!("{actor}.port")),
                Part::AddressOf(actor) => fact(format!("{actor}.address")),
                Part::PeerOf(actor) => fact(format!("{actor}.peer")),
                Part::LocalOf(actor) => fact(format!("{actor}.local")),
            })
            .collect()
    }

    /// A regular expression, in which what is filled in stands for itself.
    pub fn expression(&self, template: &Template, number: u32) -> String {
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            other => regex::escape(&self.text(&Template(vec![other.clone()]), number)),
        };
        template.0.iter().map(part).collect()
    }

    /// Random pieces come from `random` and are remembered under their name.
    pub fn bytes(&mut self, payload: &Payload, number: u32, random: &mut fastrand::Rng) -> Bytes {
        match payload.0.as_slice() {
            [Piece::Random { size, name }] => self.draw(*size, name.as_deref(), number, random),
            [Piece::Repeat { text, times }] if !text.0.contains(&Part::Turn) => self.repeat(text, *times, number),
            [Piece::Same(name)] => self.same(name, number).cloned().unwrap_or_default(),
            pieces => Arc::new(self.joined(pieces, number, random)),
        }
    }

    fn joined(&mut self, pieces: &[Piece], number: u32, random: &mut fastrand::Rng) -> Vec<u8> {
        let mut bytes = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(template) => bytes.extend(self.text(template, number).into_bytes()),
                Piece::Hex(hex) => bytes.extend(hex),
                Piece::File { bytes: content, .. } => bytes.extend(content.iter()),
                Piece::Repeat { text, times } if text.0.contains(&Part::Turn) => {
                    bytes.extend((1..=*times).flat_map(|turn| self.text_of_turn(text, number, turn).into_bytes()));
                }
                Piece::Repeat { text, times } => {
                    bytes.extend(&*self.repeat(text, *times, number));
                }
                Piece::Random { size, name } => bytes.extend(&*self.draw(*size, name.as_deref(), number, random)),
                Piece::Same(name) => bytes.extend(self.same(name, number).into_iter().flat_map(|own| own.iter())),
            }
        }
        bytes
    }

    fn repeat(&mut self, text: &Template, times: u64, number: u32) -> Bytes {
        let text = self.text(text, number);
        match &self.repeated {
            Some((last, count, bytes)) if *last == text && *count == times => bytes.clone(),
            _ => {
                let bytes = Arc::new(text.repeat(times as usize).into_bytes());
                self.repeated = Some((text, times, bytes.clone()));
                bytes
            }
        }
    }

    fn draw(&mut self, size: u64, name: Option<&str>, number: u32, random: &mut fastrand::Rng) -> Bytes {
        let mut bytes = vec![0; size as usize];
        random.fill(&mut bytes);
        let bytes = Arc::new(bytes);
        if let Some(name) = name {
            let named = self.named.entry(name.to_owned()).or_default();
            // Whoever sends first sends anew.
            if number == 0 {
                named.clear();
            }
            named.insert(number, bytes.clone());
        }
        bytes
    }

    /// Each client of a crowd has its own, and all of them have what a single actor sent.
    fn same(&self, name: &str, number: u32) -> Option<&Bytes> {
        let named = self.named.get(name)?;
        named.get(&number).or_else(|| named.get(&0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_payload_is_the_same_again_by_its_name_and_by_its_seed() {
        let mut facts = Facts::default();
        let body = Payload(vec![Piece::Random { size: 64, name: Some("body".into()) }]);
        let first = facts.bytes(&body, 0, &mut fastrand::Rng::with_seed(7));
        let again = facts.bytes(&Payload(vec![Piece::Same("body".into())]), 0, &mut fastrand::Rng::with_seed(8));
        let replayed = Facts::default().bytes(&body, 0, &mut fastrand::Rng::with_seed(7));
        assert_eq!((&first, &first), (&again, &replayed));
    }

    #[test]
    fn each_client_of_a_crowd_has_random_bytes_of_its_own_and_all_have_those_of_a_single_actor() {
        let (mut facts, mut random) = (Facts::default(), fastrand::Rng::with_seed(7));
        let body = Payload(vec![Piece::Random { size: 64, name: Some("body".into()) }]);
        let same = Payload(vec![Piece::Same("body".into())]);
        let sent: Vec<Bytes> = (0..3).map(|number| facts.bytes(&body, number, &mut random)).collect();
        assert_ne!(sent[0], sent[1]);
        assert_eq!((0..3).map(|number| facts.bytes(&same, number, &mut random)).collect::<Vec<_>>(), sent);
        let anew = facts.bytes(&body, 0, &mut random);
        assert_eq!(facts.bytes(&same, 2, &mut random), anew);
    }

    #[test]
    fn a_repeat_counts_its_times() {
        let text = Template(vec![Part::Number, Part::Text(": ".into()), Part::Turn, Part::Text("\n".into())]);
        let payload = Payload(vec![Piece::Repeat { text, times: 3 }]);
        let bytes = Facts::default().bytes(&payload, 7, &mut fastrand::Rng::with_seed(7));
        assert_eq!(*bytes, b"7: 1\n7: 2\n7: 3\n");
    }

    #[test]
    fn placeholders_are_filled_in() {
        let mut facts = Facts::default();
        facts.set("origin.port", 4711);
        let template = Template(vec![Part::Text("at ".into()), Part::PortOf("origin".into()), Part::Number]);
        assert_eq!(facts.text(&template, 3), "at 47113");
    }
}
