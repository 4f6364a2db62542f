//! Frames that could have been: a diary's connection, told as TCP tells it.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep, TcpHeader, TcpOptionElement};

use super::diary::{Diary, Event, Side, Told};
use super::frames::Frames;

/// Bytes in a segment.
const SEGMENT: usize = 32 << 10;
/// The loopback's, which both sides tell.
const LARGEST: u16 = 65_495;
const WINDOW: u16 = 65_535;
const TTL: u8 = 64;

/// All of them, by their times. `began` is the same moment as `epoch`.
pub fn draw(diaries: &[Diary], began: Instant, epoch: Duration) -> Frames {
    let mut drawn: Vec<(Duration, u32, Vec<u8>)> = Vec::new();
    for (number, diary) in diaries.iter().enumerate() {
        let mut pen = Pen::new(diary, number as u32 + 1);
        for (at, event) in &diary.events {
            pen.at = epoch + at.saturating_duration_since(began);
            pen.event(event, diary.asked);
        }
        drawn.append(&mut pen.drawn);
    }
    drawn.sort_by_key(|(at, ..)| *at);
    let missing = diaries.iter().map(|diary| diary.missing).sum();
    let mut frames = Frames::begun(epoch);
    (frames.drawn, frames.missing) = (true, missing);
    drawn.iter().for_each(|(at, length, bytes)| frames.push(*at, *length, bytes));
    frames
}

/// Draws one connection.
struct Pen {
    mine: End,
    theirs: End,
    at: Duration,
    drawn: Vec<(Duration, u32, Vec<u8>)>,
}

struct End {
    address: SocketAddr,
    /// Of the next byte it sends.
    next: u32,
}

#[derive(Clone, Copy, Default)]
struct Flags {
    syn: bool,
    ack: bool,
    psh: bool,
    fin: bool,
    rst: bool,
}

const ACK: Flags = Flags { syn: false, ack: true, psh: false, fin: false, rst: false };

impl Pen {
    fn new(diary: &Diary, number: u32) -> Pen {
        // Somewhere, and each somewhere else.
        let mine = End { address: diary.mine, next: number.wrapping_mul(0x2545_f491) };
        let theirs = End { address: diary.theirs, next: number.wrapping_mul(0x9e37_79b9) };
        Pen { mine, theirs, at: Duration::ZERO, drawn: Vec::new() }
    }

    fn event(&mut self, event: &Event, asked: bool) {
        let (asks, answers) = if asked { (Side::Mine, Side::Theirs) } else { (Side::Theirs, Side::Mine) };
        match event {
            Event::Established => {
                self.segment(asks, Flags { syn: true, ..Flags::default() }, &[], 0);
                self.segment(answers, Flags { syn: true, ..ACK }, &[], 0);
                self.segment(asks, ACK, &[], 0);
            }
            Event::Unanswered => self.segment(asks, Flags { syn: true, ..Flags::default() }, &[], 0),
            Event::Refused => {
                self.segment(asks, Flags { syn: true, ..Flags::default() }, &[], 0);
                // There is no connection that a number could belong to.
                self.end(answers).next = 0;
                self.segment(answers, Flags { rst: true, ..ACK }, &[], 0);
            }
            Event::By(side, Told::Bytes { length, kept }) => self.bytes(*side, *length, kept),
            Event::By(side, Told::End) => {
                self.segment(*side, Flags { fin: true, ..ACK }, &[], 0);
                self.segment(side.other(), ACK, &[], 0);
            }
            Event::By(side, Told::Reset) => self.segment(*side, Flags { rst: true, ..ACK }, &[], 0),
        }
    }

    fn bytes(&mut self, side: Side, length: usize, kept: &[u8]) {
        for begin in (0..length).step_by(SEGMENT) {
            let end = length.min(begin + SEGMENT);
            let there = &kept[begin.min(kept.len())..end.min(kept.len())];
            self.segment(side, Flags { psh: end == length, ..ACK }, there, end - begin);
            self.segment(side.other(), ACK, &[], 0);
        }
    }

    /// One with so many bytes. Those that were not kept are zeros in its checksum, and left out of it.
    fn segment(&mut self, side: Side, flags: Flags, there: &[u8], length: usize) {
        let (from, to) = match side {
            Side::Mine => (&self.mine, &self.theirs),
            Side::Theirs => (&self.theirs, &self.mine),
        };
        let mut header = TcpHeader::new(from.address.port(), to.address.port(), from.next, WINDOW);
        header.acknowledgment_number = if flags.ack { to.next } else { 0 };
        (header.syn, header.ack, header.psh) = (flags.syn, flags.ack, flags.psh);
        (header.fin, header.rst) = (flags.fin, flags.rst);
        if flags.syn {
            header.set_options(&[TcpOptionElement::MaximumSegmentSize(LARGEST)]).expect("there is room for one");
        }
        let Some(builder) = addressed(from.address, to.address) else { return };
        let builder = builder.tcp_header(header);
        let mut payload = there.to_vec();
        payload.resize(length, 0);
        let mut bytes = Vec::with_capacity(builder.size(length));
        builder.write(&mut bytes, &payload).expect("a segment is shorter than a packet may be");
        let whole = bytes.len();
        bytes.truncate(whole - length + there.len());
        self.drawn.push((self.at, whole as u32, bytes));
        let used = length as u32 + u32::from(flags.syn) + u32::from(flags.fin);
        let end = self.end(side);
        end.next = end.next.wrapping_add(used);
    }

    fn end(&mut self, side: Side) -> &mut End {
        match side {
            Side::Mine => &mut self.mine,
            Side::Theirs => &mut self.theirs,
        }
    }
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Mine => Side::Theirs,
            Side::Theirs => Side::Mine,
        }
    }
}

/// As on the loopback, where nobody has a hardware address. Nothing when the ends are of two kinds, as those of no
/// connection are.
fn addressed(from: SocketAddr, to: SocketAddr) -> Option<PacketBuilderStep<IpHeaders>> {
    let builder = PacketBuilder::ethernet2([0; 6], [0; 6]);
    match (from.ip(), to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => Some(builder.ipv4(from.octets(), to.octets(), TTL)),
        (IpAddr::V6(from), IpAddr::V6(to)) => Some(builder.ipv6(from.octets(), to.octets(), TTL)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use etherparse::{PacketHeaders, TransportHeader};

    use super::*;

    fn diary(asked: bool, first: Event) -> Diary {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Diary::new(at(40_000), at(80), asked, first)
    }

    /// `40000 SA 5` for each: who, with which flags, how many bytes. Checksums, and that numbers go on where they were, are
    /// looked at on the way.
    fn told(diary: Diary) -> Vec<String> {
        let frames = draw(&[diary], Instant::now(), Duration::from_secs(1));
        let mut next = std::collections::HashMap::new();
        let told = |frame: super::super::frames::Frame| {
            let headers = PacketHeaders::from_ethernet_slice(frame.bytes).expect("it is a frame");
            let Some(TransportHeader::Tcp(tcp)) = headers.transport else { panic!("no TCP") };
            let Some(etherparse::NetHeaders::Ipv4(ip, _)) = headers.net else { panic!("no IPv4") };
            let payload = headers.payload.slice();
            assert_eq!(ip.header_checksum, ip.calc_header_checksum());
            assert_eq!(tcp.checksum, tcp.calc_checksum_ipv4(&ip, payload).expect("it is short"));
            assert_eq!(*next.entry(tcp.source_port).or_insert(tcp.sequence_number), tcp.sequence_number);
            if tcp.ack && !tcp.rst {
                assert_eq!(next[&tcp.destination_port], tcp.acknowledgment_number);
            }
            let used = payload.len() as u32 + u32::from(tcp.syn) + u32::from(tcp.fin);
            next.insert(tcp.source_port, tcp.sequence_number.wrapping_add(used));
            let flags = [(tcp.syn, 'S'), (tcp.ack, 'A'), (tcp.psh, 'P'), (tcp.fin, 'F'), (tcp.rst, 'R')];
            let flags: String = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
            format!("{} {flags} {}", tcp.source_port, payload.len())
        };
        frames.iter().map(told).collect()
    }

    #[test]
    fn a_connection_is_drawn_from_its_handshake_to_its_end() {
        let mut diary = diary(true, Event::Established);
        diary.bytes(Side::Mine, b"hello");
        diary.bytes(Side::Theirs, &[7; 40_000]);
        diary.note(Side::Mine, Told::End);
        diary.note(Side::Theirs, Told::Reset);
        let expected = [
            "40000 S 0",
            "80 SA 0",
            "40000 A 0", // connect
            "40000 AP 5",
            "80 A 0", // hello
            "80 A 32768",
            "40000 A 0",
            "80 AP 7232",
            "40000 A 0", // its answer
            "40000 AF 0",
            "80 A 0",
            "80 AR 0", // the end
        ];
        assert_eq!(told(diary), expected);
    }

    #[test]
    fn who_asked_is_who_begins_and_some_get_no_connection() {
        assert_eq!(told(diary(false, Event::Established))[..2], ["80 S 0", "40000 SA 0"]);
        assert_eq!(told(diary(true, Event::Refused)), ["40000 S 0", "80 AR 0"]);
        assert_eq!(told(diary(true, Event::Unanswered)), ["40000 S 0"]);
    }

    #[test]
    fn what_was_not_kept_is_counted_and_left_out() {
        let mut diary = diary(true, Event::Established);
        let megabyte = vec![1; 1 << 20];
        diary.bytes(Side::Theirs, &megabyte);
        diary.bytes(Side::Theirs, &megabyte);
        let frames = draw(&[diary], Instant::now(), Duration::ZERO);
        let headers = 14 + 20 + 20;
        let (told, kept): (u32, usize) =
            frames.iter().filter(|frame| frame.length > 100).fold((0, 0), |(told, kept), frame| {
                (told + frame.length - headers, kept + frame.bytes.len() - headers as usize)
            });
        assert_eq!((told, kept, frames.cut()), (2 << 20, 1 << 20, 32));
    }
}
