//! One line of `/proc/PID/syscall`: which call a sleeping thread is in, and its arguments.

/// What the line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registers {
    /// `running`: the thread has, or waits for, a processor.
    Running,
    /// Asleep outside of any call: a page fault, or a 32-bit program, whose numbers mean other calls.
    Outside,
    Call {
        number: i64,
        arguments: [u64; 6],
    },
}

impl Registers {
    /// After SIGSTOP and SIGCONT some calls are taken up again under a common name.
    pub fn is_restart(self) -> bool {
        matches!(self, Registers::Call { number, .. } if number == libc::SYS_restart_syscall)
    }

    /// Of all calls that wait for readiness, `poll` alone is restarted so, and its arguments are where they were.
    pub fn as_poll(self) -> Registers {
        match self {
            #[cfg(target_arch = "x86_64")]
            Registers::Call { arguments, .. } => Registers::Call { number: libc::SYS_poll, arguments },
            other => other,
        }
    }
}

pub(super) fn parse(line: &[u8]) -> Option<Registers> {
    let line = std::str::from_utf8(line).ok()?.trim_end();
    if line == "running" {
        return Some(Registers::Running);
    }
    let mut words = line.split(' ');
    let number: i64 = words.next()?.parse().ok()?;
    if number < 0 {
        return Some(Registers::Outside);
    }
    let mut hex = words.map(|word| u64::from_str_radix(word.strip_prefix("0x")?, 16).ok());
    let mut arguments = [0; 6];
    for argument in &mut arguments {
        *argument = hex.next()??;
    }
    let stack = hex.next()??;
    if stack <= u64::from(u32::MAX) {
        return Some(Registers::Outside);
    }
    Some(Registers::Call { number, arguments })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_lines_are_taken_apart() {
        let read = b"0 0x3 0x7f94650cb000 0x20000 0x7f946515eb60 0xffffffff 0x0 0x7ffefbfe8878 0x7f94652472ad\n";
        let arguments = [3, 0x7f94650cb000, 0x20000, 0x7f946515eb60, 0xffffffff, 0];
        assert_eq!(parse(read), Some(Registers::Call { number: 0, arguments }));
        assert_eq!(parse(b"running\n"), Some(Registers::Running));
        assert_eq!(parse(b"-1 0x7ffefbfe8878 0x7f94652472ad\n"), Some(Registers::Outside));
    }

    #[test]
    fn numbers_of_a_32_bit_program_are_not_ours() {
        let line = b"0 0x3 0x1 0x2 0x0 0x0 0x0 0xffcd3a70 0xf7f1c579\n";
        assert_eq!(parse(line), Some(Registers::Outside));
    }

    #[test]
    fn a_cut_line_is_refused() {
        let line = b"0 0x3 0x7f94650cb000 0x20000 0x0 0x0 0x0 ";
        for length in 0..line.len() {
            assert_eq!(parse(&line[..length]), None);
        }
        assert_eq!(parse(b"\xff\n"), None);
    }
}
