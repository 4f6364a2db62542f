//! Who is below a process.

use std::collections::HashMap;
use std::io;

use super::files::{Reader, denied, found, number};
use super::stat::{self, Stat};

pub(super) struct Member {
    pub pid: i32,
    pub stat: Stat,
    pub tids: Vec<i32>,
}

/// Everything with `root` among its ancestors, parents before children.
///
/// The kernel's own list of children may lack one while another is being collected. That does no harm: with the next
/// look it is there again, and two looks with different processes prove nothing.
pub(super) fn descendants(reader: &mut Reader, root: i32) -> io::Result<Vec<Member>> {
    let tids = reader.numbers(format_args!("{root}/task"))?;
    let listed = listed(reader, root, &tids)?;
    let by_parent = if listed.is_some() { None } else { Some(by_parent(reader)?) };
    let children = |reader: &mut Reader, pid, tids: &[i32]| match &by_parent {
        Some(all) => Ok(all.get(&pid).cloned()),
        None => self::listed(reader, pid, tids),
    };
    let mut members = Vec::new();
    let mut found = listed.map_or_else(|| children(reader, root, &tids), |listed| Ok(Some(listed)))?;
    let mut next = 0;
    loop {
        for pid in found.unwrap_or_default() {
            members.extend(member(reader, pid)?);
        }
        let Some(Member { pid, tids, .. }) = members.get(next) else { return Ok(members) };
        found = children(reader, *pid, tids)?;
        next += 1;
    }
}

fn member(reader: &mut Reader, pid: i32) -> io::Result<Option<Member>> {
    let Some(line) = found(reader.read(format_args!("{pid}/stat")))? else { return Ok(None) };
    let stat = stat::parse(line)?;
    // A second thread that starts after the count was read has cost the first one a slice: `stuck` will notice.
    let alone = stat.threads <= 1;
    let tids = if alone { Some(vec![pid]) } else { found(reader.numbers(format_args!("{pid}/task")))? };
    Ok(tids.map(|tids| Member { pid, stat, tids }))
}

/// `None` where the kernel keeps no such list, and when the process has ended.
fn listed(reader: &mut Reader, pid: i32, tids: &[i32]) -> io::Result<Option<Vec<i32>>> {
    let mut all: Option<Vec<i32>> = None;
    for tid in tids {
        if let Some(list) = found(reader.read_to_end(format_args!("{pid}/task/{tid}/children")))? {
            let pids = list.split(|&byte| byte == b' ').filter_map(number);
            all.get_or_insert_default().extend(pids);
        }
    }
    Ok(all)
}

/// The long way: the parent of every process there is.
fn by_parent(reader: &mut Reader) -> io::Result<HashMap<i32, Vec<i32>>> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for pid in reader.numbers(format_args!("."))? {
        match reader.read(format_args!("{pid}/stat")) {
            Ok(line) => children.entry(stat::parse(line)?.parent).or_default().push(pid),
            Err(error) if denied(&error) => {}
            Err(error) => drop(found::<()>(Err(error))?),
        }
    }
    Ok(children)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::AsFd as _;

    use super::*;

    #[test]
    fn the_kernels_list_and_the_long_way_agree() {
        let mut child = std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let procfs = File::open("/proc").unwrap();
        let mut reader = Reader::new(procfs.as_fd());
        let (us, pid) = (std::process::id() as i32, child.id() as i32);
        let listed = descendants(&mut reader, us).unwrap();
        assert!(listed.iter().any(|member| member.pid == pid));
        assert!(by_parent(&mut reader).unwrap()[&us].contains(&pid));
        drop(child.stdin.take());
        child.wait().unwrap();
    }
}
