//! Answers the questions of the cell's resolver.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, UdpSocket};

use simple_dns::rdata::{A, PTR, RData};
use simple_dns::{CLASS, Name, Packet, PacketFlag, QTYPE, Question, RCODE, ResourceRecord, TYPE};

/// Where the cell's `/etc/resolv.conf` sends questions.
pub(super) const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 53);
pub(super) const PORT: u16 = 53;

pub(super) struct Names {
    /// Bound inside of the cell, non-blocking.
    pub(super) socket: UdpSocket,
    pub(super) hosts: Hosts,
}

impl Names {
    /// Answers the question that waits, if there is one.
    pub(super) fn answer_one(&self) {
        let mut question = [0; 1500];
        let Ok((length, asker)) = self.socket.recv_from(&mut question) else { return };
        if let Some(answer) = self.hosts.answer(&question[..length]) {
            // An asker that has gone meanwhile is none of our business.
            let _ = self.socket.send_to(&answer, asker);
        }
    }
}

/// The names and addresses that exist. All others do not, and that is said at once.
pub(super) struct Hosts {
    addresses: BTreeMap<String, Vec<Ipv4Addr>>,
}

impl Hosts {
    pub(super) fn new(hosts: &BTreeMap<String, Vec<Ipv4Addr>>) -> Hosts {
        // For systems without an `/etc/hosts` to put it into.
        let mut addresses = BTreeMap::from([("localhost".to_owned(), vec![Ipv4Addr::LOCALHOST])]);
        for (name, of_it) in hosts {
            addresses.insert(name.trim_end_matches('.').to_lowercase(), of_it.clone());
        }
        Hosts { addresses }
    }

    /// The answer to one datagram, unless it is no question at all.
    fn answer(&self, datagram: &[u8]) -> Option<Vec<u8>> {
        let asked = Packet::parse(datagram).ok()?;
        if asked.has_flags(PacketFlag::RESPONSE) {
            return None;
        }
        let mut reply = Packet::new_reply(asked.id());
        reply.set_flags(PacketFlag::AUTHORITATIVE_ANSWER | PacketFlag::RECURSION_AVAILABLE);
        if asked.has_flags(PacketFlag::RECURSION_DESIRED) {
            reply.set_flags(PacketFlag::RECURSION_DESIRED);
        }
        match asked.questions.first() {
            None => *reply.rcode_mut() = RCODE::FormatError,
            Some(question) => {
                match self.look_up(question) {
                    None => *reply.rcode_mut() = RCODE::NameError,
                    Some(answers) => {
                        let record = |data| ResourceRecord::new(question.qname.clone(), CLASS::IN, 0, data);
                        reply.answers.extend(answers.into_iter().map(record));
                    }
                }
                reply.questions.push(question.clone());
            }
        }
        reply.build_bytes_vec_compressed().ok()
    }

    /// Nothing when the name does not exist; an empty list when it does, but has nothing of the kind asked for (as
    /// every name of ours, which has no IPv6 address).
    fn look_up(&self, question: &Question) -> Option<Vec<RData<'static>>> {
        let name = question.qname.to_string().to_lowercase();
        if let Some(address) = backwards(&name) {
            let names = self.addresses.iter().filter(|(_, addresses)| addresses.contains(&address));
            let pointers: Vec<_> =
                names.filter_map(|(name, _)| Some(RData::PTR(PTR(Name::new(name).ok()?.into_owned())))).collect();
            let wanted = wants(question, TYPE::PTR);
            return (!pointers.is_empty()).then_some(if wanted { pointers } else { Vec::new() });
        }
        let addresses = self.addresses.get(&name)?;
        if !wants(question, TYPE::A) {
            return Some(Vec::new());
        }
        Some(addresses.iter().map(|&address| RData::A(A { address: address.into() })).collect())
    }
}

fn wants(question: &Question, kind: TYPE) -> bool {
    question.qtype == QTYPE::ANY || question.qtype == QTYPE::TYPE(kind)
}

/// `4.3.2.1.in-addr.arpa` is the address 1.2.3.4.
fn backwards(name: &str) -> Option<Ipv4Addr> {
    let address: Ipv4Addr = name.strip_suffix(".in-addr.arpa")?.parse().ok()?;
    let [a, b, c, d] = address.octets();
    Some(Ipv4Addr::new(d, c, b, a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str, kind: TYPE) -> (RCODE, Vec<RData<'static>>) {
        let hosts = BTreeMap::from([
            ("alice.lab".to_owned(), vec![Ipv4Addr::new(10, 99, 0, 2), Ipv4Addr::new(10, 99, 0, 3)]),
            ("Bob.lab".to_owned(), vec![Ipv4Addr::new(10, 99, 0, 4)]),
        ]);
        let mut query = Packet::new_query(7);
        query.questions.push(Question::new(Name::new(name).unwrap(), kind.into(), CLASS::IN.into(), false));
        let bytes = Hosts::new(&hosts).answer(&query.build_bytes_vec().unwrap()).unwrap();
        let reply = Packet::parse(&bytes).unwrap();
        assert_eq!(reply.id(), 7);
        assert_eq!(reply.questions.len(), 1);
        let rcode = reply.rcode();
        let answers = reply.answers.into_iter().map(|answer| answer.into_owned().rdata).collect();
        (rcode, answers)
    }

    fn address(text: &str) -> RData<'static> {
        RData::A(A { address: text.parse::<Ipv4Addr>().unwrap().into() })
    }

    #[test]
    fn a_name_has_its_addresses_in_their_order() {
        assert_eq!(ask("alice.lab", TYPE::A), (RCODE::NoError, vec![address("10.99.0.2"), address("10.99.0.3")]));
    }

    #[test]
    fn upper_and_lower_case_are_one() {
        assert_eq!(ask("bOB.LAB", TYPE::A), (RCODE::NoError, vec![address("10.99.0.4")]));
    }

    #[test]
    fn a_known_name_without_ipv6_address_exists_all_the_same() {
        assert_eq!(ask("alice.lab", TYPE::AAAA), (RCODE::NoError, vec![]));
    }

    #[test]
    fn an_address_has_its_name() {
        let name = Name::new("alice.lab").unwrap().into_owned();
        assert_eq!(ask("3.0.99.10.in-addr.arpa", TYPE::PTR), (RCODE::NoError, vec![RData::PTR(PTR(name))]));
    }

    #[test]
    fn everything_else_does_not_exist() {
        for (name, kind) in [("eve.lab", TYPE::A), ("eve.lab", TYPE::AAAA), ("9.9.9.9.in-addr.arpa", TYPE::PTR)] {
            assert_eq!(ask(name, kind), (RCODE::NameError, vec![]), "{name}");
        }
    }

    #[test]
    fn rubbish_and_answers_are_not_answered() {
        let hosts = Hosts::new(&BTreeMap::new());
        assert_eq!(hosts.answer(b"rubbish"), None);
        let reply = Packet::new_reply(1).build_bytes_vec().unwrap();
        assert_eq!(hosts.answer(&reply), None);
    }
}
