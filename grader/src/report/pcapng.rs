//! A step's frames as a file that Wireshark opens.

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::EnhancedPacketBlock;
use pcap_file::pcapng::blocks::interface_description::{
    InterfaceDescriptionBlock, InterfaceDescriptionOption as Of, InterfaceTsResolution,
};
use pcap_file::pcapng::blocks::opt_common::CommonOption;
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::{DataLink, Endianness};

use crate::engine::{Frames, Outcome, Verdict, count, plain};

/// No frame is longer.
const LONGEST: u32 = 256 << 10;

/// The whole file.
pub fn pcapng(outcome: &Outcome, frames: &Frames, seed: u64) -> Vec<u8> {
    write(outcome, frames, seed).expect("frames in order are written to memory")
}

fn write(outcome: &Outcome, frames: &Frames, seed: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut section = SectionHeaderBlock { endianness: Endianness::Little, ..SectionHeaderBlock::default() };
    let program = format!("grader {}", env!("CARGO_PKG_VERSION"));
    section.options = vec![
        SectionHeaderOption::Common(CommonOption::Comment(told(outcome, frames, seed).into())),
        SectionHeaderOption::UserApplication(program.into()),
    ];
    let mut interface = InterfaceDescriptionBlock::new(DataLink::ETHERNET, LONGEST);
    interface.options = vec![
        Of::Common(CommonOption::Comment(remark(frames).into())),
        Of::IfName("lo".into()),
        Of::IfTsResol(InterfaceTsResolution::NANO),
    ];
    let mut file = PcapNgWriter::with_section_header(Vec::new(), section)?;
    file.write_pcapng_block(interface)?;
    for frame in frames.iter() {
        file.write_pcapng_block(EnhancedPacketBlock {
            interface_id: 0,
            timestamp: frame.at,
            original_len: frame.length,
            data: Cow::Borrowed(frame.bytes),
            options: Vec::new(),
        })?;
    }
    Ok(file.into_inner())
}

/// What it is of.
fn told(outcome: &Outcome, frames: &Frames, seed: u64) -> String {
    let mut lines = vec![format!("lab {}, step {}: {}", outcome.lab, outcome.step, outcome.verdict.name())];
    if let Verdict::Failed(failure) = &outcome.verdict {
        lines.push(plain(&failure.miss.to_string()));
    }
    lines.push(format!("seed {seed}"));
    lines.push(format!("the trace begins at {}", clock(frames.began)));
    let cut = frames.cut() as u64;
    if cut > 0 {
        lines.push(format!("of {} only the beginning was kept", count(cut, "frame")));
    }
    if frames.missing > 0 {
        lines.push(format!("{} more are missing: there was no room for them", frames.missing));
    }
    lines.join("\n")
}

fn remark(frames: &Frames) -> &'static str {
    if frames.drawn {
        "drawn from the exchange, not captured: the network was not the step's own, so each frame here was made from what \
         the grader's clients and servers sent and received; acknowledgements and sequence numbers are made up. What other programs, such as curl, said to each \
         other or to the student's is not in here"
    } else {
        "TCP checksums look bad on a loopback: nobody works them out for a wire that is none (offload), and that is no fault"
    }
}

/// To the microsecond, in UTC.
fn clock(since_epoch: Duration) -> String {
    let micros = i64::try_from(since_epoch.as_micros()).unwrap_or_default();
    Timestamp::from_microsecond(micros).unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use pcap_file::pcapng::PcapNgParser;
    use pcap_file::pcapng::blocks::block_common::Block;

    use super::*;
    use crate::engine::Miss;
    use crate::score::specimen::{failure, outcome};

    fn frames() -> Frames {
        let mut frames = Frames::begun(Duration::new(1_700_000_000, 123_456_789));
        frames.push(Duration::new(1_700_000_000, 223_456_789), 3, b"syn");
        frames.push(Duration::new(1_700_000_001, 1), 1000, b"head");
        frames
    }

    /// When it came, how long it was, and what was kept of it.
    type Packet = (Duration, u32, Vec<u8>);

    /// The comments of section and interface, and of each frame its time, length and bytes.
    fn read(file: &[u8]) -> (String, String, Vec<Packet>) {
        let (mut rest, mut parser) = PcapNgParser::new(file).expect("it begins with a section");
        let SectionHeaderOption::Common(CommonOption::Comment(section)) = parser.section().options[0].clone() else {
            panic!("no comment")
        };
        let (mut interface, mut frames) = (String::new(), Vec::new());
        while !rest.is_empty() {
            let (next, block) = parser.next_block(rest).expect("it is a block");
            match block {
                Block::InterfaceDescription(block) => {
                    assert!(block.options.contains(&Of::IfName("lo".into())));
                    assert_eq!(block.ts_resolution(), InterfaceTsResolution::NANO);
                    let Of::Common(CommonOption::Comment(comment)) = &block.options[0] else { panic!("no comment") };
                    interface = comment.to_string();
                }
                Block::EnhancedPacket(block) => {
                    frames.push((block.timestamp, block.original_len, block.data.to_vec()));
                }
                other => panic!("{other:?}"),
            }
            rest = next;
        }
        (section.to_string(), interface, frames)
    }

    #[test]
    fn a_file_gives_back_its_frames_and_says_what_they_are_of() {
        let failed = Verdict::Failed(Box::new(failure(Miss::BoundNotListening { port: 80 }, "connect: student")));
        let (section, interface, back) = read(&pcapng(&outcome("echoes", failed), &frames(), 815));
        let expected = "lab 02-server, step echoes: failed\n\
                        bound port 80 but never called `listen`\n\
                        seed 815\n\
                        the trace begins at 2023-11-14T22:13:20.123456Z\n\
                        of 1 frame only the beginning was kept";
        assert_eq!(section, expected);
        assert!(interface.starts_with("TCP checksums look bad on a loopback"), "{interface}");
        let expected = [
            (Duration::new(1_700_000_000, 223_456_789), 3, b"syn".to_vec()),
            (Duration::new(1_700_000_001, 1), 1000, b"head".to_vec()),
        ];
        assert_eq!(back, expected);
    }

    #[test]
    fn a_drawing_says_that_it_is_one_and_a_gap_how_wide_it_is() {
        let mut frames = frames();
        (frames.drawn, frames.missing) = (true, 7);
        let (section, interface, _) = read(&pcapng(&outcome("echoes", Verdict::Passed), &frames, 815));
        assert!(section.starts_with("lab 02-server, step echoes: passed\nseed 815\n"), "{section}");
        assert!(section.ends_with("\n7 more are missing: there was no room for them"), "{section}");
        assert!(interface.starts_with("drawn from the exchange, not captured: "), "{interface}");
        assert!(interface.ends_with("or to the student's is not in here"), "{interface}");
    }

    #[test]
    fn what_a_student_wrote_is_escaped() {
        let miss = Miss::Panicked { message: "\u{1b}[2J\0seed 1\n".to_owned() };
        let failed = Verdict::Failed(Box::new(failure(miss, "connect: student")));
        let (section, ..) = read(&pcapng(&outcome("echoes", failed), &frames(), 815));
        assert!(!section.contains(['\u{1b}', '\0']), "{section}");
        assert_eq!(section.lines().count(), 5, "{section}");
    }
}
