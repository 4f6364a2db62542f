//! Names that the student's resolver knows.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::reader::{Field, Reader};
use crate::rubric::mistakes::{Kind, Wanted};
use crate::rubric::yaml::Value;

pub fn read(reader: &mut Reader, field: Field) -> BTreeMap<String, Vec<Ipv4Addr>> {
    let wanted = Wanted::Map { example: "hosts: { lab.example: 127.0.0.2 }" };
    let Some(words) = reader.entries(field, wanted) else { return BTreeMap::new() };
    if words.all().is_empty() {
        reader.mistake(field.node.place, Kind::NothingIn { word: field.word.to_owned() });
    }
    let mut hosts = BTreeMap::new();
    for host in words.all() {
        // A name may be known and have no address: `[]`.
        let entries = match &host.node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(host.node),
        };
        let address = |text: &str| text.parse().ok();
        let addresses =
            entries.iter().filter_map(|entry| reader.parsed(host.entry(entry), Wanted::Address, address)).collect();
        hosts.insert(host.word.to_owned(), addresses);
    }
    hosts
}
