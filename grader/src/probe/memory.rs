//! How much address space a process has.

use std::io;

use super::proc::Proc;
use super::stat;

impl Proc<'_> {
    /// In bytes.
    pub fn virtual_size(&self, pid: i32) -> io::Result<u64> {
        let mut reader = self.reader();
        let stat = stat::parse(reader.read(format_args!("{pid}/stat"))?)?;
        Ok(stat.virtual_size)
    }
}
