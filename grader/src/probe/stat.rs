//! One line of `/proc/PID/stat`.

use std::io;
use std::time::Duration;

use super::files::number;
use super::snapshot::Image;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stat {
    pub name: String,
    pub state: char,
    pub parent: i32,
    pub session: i32,
    /// Processor time in the kernel's coarse ticks: for kernels without schedstat.
    pub processor: Duration,
    pub threads: u32,
    /// Ticks since boot; tells a process from a later one with its number.
    pub started: u64,
    pub virtual_size: u64,
    pub image: Image,
    /// SIGALRM is caught or blocked: a program that does neither can at most die of an alarm.
    pub notices_alarm: bool,
}

impl Stat {
    pub fn has_ended(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }
}

pub(super) fn parse(line: &[u8]) -> io::Result<Stat> {
    fields(line).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unknown format of /proc/PID/stat"))
}

/// The name may hold spaces, parentheses and newlines: the fields begin after the *last* closing parenthesis.
fn fields(line: &[u8]) -> Option<Stat> {
    let open = line.iter().position(|&byte| byte == b'(')?;
    let close = line.iter().rposition(|&byte| byte == b')')?;
    let name = String::from_utf8_lossy(line.get(open + 1..close)?).into_owned();
    let mut fields = line[close + 1..].split(u8::is_ascii_whitespace).filter(|field| !field.is_empty());
    let state = char::from(*fields.next()?.first()?);
    let parent = number(fields.next()?)?;
    let session = number(fields.nth(6 - 5)?)?;
    // The manual counts from 1: the parent is field 4, the session field 6, utime field 14.
    let mut fields = fields.map(|field| std::str::from_utf8(field).ok()?.parse::<u64>().ok());
    let (user, system) = (fields.nth(14 - 7)??, fields.next()??);
    let threads = u32::try_from(fields.nth(20 - 16)??).ok()?;
    let started = fields.nth(22 - 21)??;
    let virtual_size = fields.next()??;
    let (start_code, end_code) = (fields.nth(26 - 24)??, fields.next()??);
    let image = Image { start_code, end_code, start_stack: fields.next()?? };
    let blocked = fields.nth(32 - 29)??;
    let caught = fields.nth(34 - 33)??;
    // USER_HZ, which the kernel keeps at 100 for all programs on the processors we know.
    let processor = Duration::from_millis(user.checked_add(system)?.checked_mul(10)?);
    let notices_alarm = (blocked | caught) & (1 << (libc::SIGALRM - 1)) != 0;
    Some(Stat { name, state, parent, session, processor, threads, started, virtual_size, image, notices_alarm })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &str = "S 7 8 9 0 -1 4194304 103 0 0 0 12 3 0 0 20 0 5 0 390121 233562112 1523 \
        18446744073709551615 93836362293248 93836362313129 140734607189808 0 0 0 16384 0 8192 0 0 0 17 1 0 0 0 0 0 \
        93836362329136 93836362330752 93836559220736 140734607190742 140734607190762 140734607190762 140734607192043 0";

    #[test]
    fn a_recorded_line_is_taken_apart() {
        let stat = parse(format!("4711 (server) {REST}\n").as_bytes()).unwrap();
        assert_eq!((stat.name.as_str(), stat.state, stat.parent, stat.session), ("server", 'S', 7, 9));
        assert_eq!((stat.threads, stat.started, stat.virtual_size), (5, 390121, 233562112));
        let image = Image { start_code: 93836362293248, end_code: 93836362313129, start_stack: 140734607189808 };
        assert_eq!(stat.image, image);
        assert_eq!((stat.processor, stat.notices_alarm), (Duration::from_millis(150), true));
    }

    #[test]
    fn an_alarm_is_noticed_by_whoever_catches_or_blocks_it() {
        for (masks, notices) in [(" 16384 0 8192 ", true), (" 8192 0 0 ", true), (" 16384 8192 16384 ", false)] {
            let line = format!("1 (x) {}", REST.replace(" 16384 0 8192 ", masks));
            assert_eq!(parse(line.as_bytes()).unwrap().notices_alarm, notices);
        }
    }

    #[test]
    fn a_name_may_hold_spaces_and_parentheses() {
        for name in ["", ")", "a) R 1 (b", "tmux: server", "((x))", ") Z 1 1\n"] {
            let stat = parse(format!("1 ({name}) {REST}\n").as_bytes()).unwrap();
            assert_eq!((stat.name.as_str(), stat.state, stat.parent), (name, 'S', 7));
        }
        assert_eq!(parse(&[b"1 (\xff) ", REST.as_bytes()].concat()).unwrap().name, "\u{fffd}");
    }

    #[test]
    fn a_cut_or_odd_line_is_refused_and_does_no_harm() {
        let line = format!("1 (x) {REST}");
        let needed = line.find(" 8192 ").unwrap() + 2;
        for length in 0..line.len() {
            assert_eq!(parse(&line.as_bytes()[..length]).is_ok(), length >= needed);
        }
        assert!(parse(b")(").is_err());
        assert!(parse(line.replace(" 12 3 ", " 18446744073709551615 3 ").as_bytes()).is_err());
    }
}
