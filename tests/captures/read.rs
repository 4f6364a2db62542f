//! A capture, read back.

use std::collections::BTreeMap;
use std::path::Path;

use etherparse::{LaxPacketHeaders, TransportHeader};
use pcap_file::pcapng::PcapNgParser;
use pcap_file::pcapng::blocks::block_common::Block;
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::SectionHeaderOption;

/// The frames of TCP in it, and what it says of itself.
pub struct Capture {
    pub comment: String,
    pub frames: Vec<Frame>,
}

#[derive(Debug)]
pub struct Frame {
    pub from: u16,
    pub to: u16,
    /// `S`, `SA`, `A`, `AP`, `AF`, `AR`, …
    pub flags: String,
    pub sequence: u32,
    /// Bytes of it that went over the network.
    pub length: usize,
    pub bytes: Vec<u8>,
}

/// One direction of a connection.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub struct Told {
    /// Bytes; what was sent twice counts once.
    pub bytes: u64,
    pub fin: bool,
    pub rst: bool,
}

impl Capture {
    pub fn read(path: &Path) -> Capture {
        let file = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (mut rest, mut parser) = PcapNgParser::new(&file).expect("it begins with a section");
        let comments = parser.section().options.iter().filter_map(|option| match option {
            SectionHeaderOption::Common(CommonOption::Comment(text)) => Some(text.to_string()),
            _ => None,
        });
        let comment = comments.collect();
        let mut frames = Vec::new();
        let mut last = std::time::Duration::ZERO;
        while !rest.is_empty() {
            let (next, block) = parser.next_block(rest).expect("it is a block");
            if let Block::EnhancedPacket(block) = block {
                assert!(block.timestamp >= last, "time goes back in {}", path.display());
                last = block.timestamp;
                frames.extend(frame(&block.data, block.original_len));
            }
            rest = next;
        }
        Capture { comment, frames }
    }

    /// `S SA A AP A AF A`
    pub fn flags(&self) -> String {
        let flags: Vec<&str> = self.frames.iter().map(|frame| frame.flags.as_str()).collect();
        flags.join(" ")
    }

    /// By the ports from which and to which it was told.
    pub fn directions(&self) -> BTreeMap<(u16, u16), Told> {
        let mut all: BTreeMap<(u16, u16), Told> = BTreeMap::new();
        let mut first: BTreeMap<(u16, u16), u32> = BTreeMap::new();
        for frame in &self.frames {
            let who = (frame.from, frame.to);
            let first = *first.entry(who).or_insert(frame.sequence);
            let told = all.entry(who).or_default();
            told.fin |= frame.flags.contains('F');
            told.rst |= frame.flags.contains('R');
            if frame.length > 0 {
                // The SYN counts as one.
                let end = u64::from(frame.sequence.wrapping_sub(first)) + frame.length as u64 - 1;
                told.bytes = told.bytes.max(end);
            }
        }
        all
    }

    /// What one side sent, put together again.
    pub fn stream(&self, from: u16) -> Vec<u8> {
        let mut pieces: Vec<(u32, &[u8])> = Vec::new();
        let mut first = None;
        for frame in self.frames.iter().filter(|frame| frame.from == from) {
            let first = *first.get_or_insert(frame.sequence);
            if frame.length > 0 {
                pieces.push((frame.sequence.wrapping_sub(first) - 1, &frame.bytes));
            }
        }
        let mut stream = Vec::new();
        for (at, bytes) in pieces {
            let end = at as usize + bytes.len();
            stream.resize(stream.len().max(end), 0);
            stream[at as usize..end].copy_from_slice(bytes);
        }
        stream
    }
}

fn frame(data: &[u8], original: u32) -> Option<Frame> {
    // Of one that was cut, the headers are whole.
    let headers = LaxPacketHeaders::from_ethernet(data).expect("it has an Ethernet header");
    let missing = original as usize - data.len();
    let Some(TransportHeader::Tcp(tcp)) = headers.transport else { return None };
    let bytes = headers.payload.slice().to_vec();
    let set = [(tcp.syn, 'S'), (tcp.ack, 'A'), (tcp.psh, 'P'), (tcp.fin, 'F'), (tcp.rst, 'R')];
    Some(Frame {
        from: tcp.source_port,
        to: tcp.destination_port,
        flags: set.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect(),
        sequence: tcp.sequence_number,
        length: bytes.len() + missing,
        bytes,
    })
}
