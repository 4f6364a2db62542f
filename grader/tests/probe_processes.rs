//! Real programs asleep, awake and in between: what the probe says of them.

mod probe_support;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use grader::probe::{Kind, Sleeper, SockDiag, State, Stillness, Why, asleep};
use probe_support::{Running, wait_for};

/// Enough pairs of looks to catch a program that wakes up every millisecond.
const PAIRS: usize = 200;

fn stuck(words: &[&str]) -> (Running, Vec<Sleeper>) {
    let running = Running::start(words);
    let stillness = running.wait_until(|stillness| matches!(stillness, Stillness::Stuck(_)));
    (running, stillness.sleepers().unwrap())
}

fn calls(sleepers: &[Sleeper]) -> Vec<&'static str> {
    let mut calls: Vec<_> = sleepers.iter().map(|sleeper| sleeper.call.name).collect();
    calls.sort_unstable();
    calls
}

/// Waits until the program shows this reason, then looks again and again, and never sees it stuck.
fn never_stuck(words: &[&str], reason: impl Fn(Why) -> bool) {
    let running = Running::start(words);
    running.wait_until(|stillness| matches!(stillness, &Stillness::Awake(why) if reason(why)));
    for _ in 0..PAIRS {
        let stillness = running.stillness();
        assert!(matches!(stillness, Stillness::Awake(_)), "{words:?}: {stillness:?}");
    }
}

#[test]
fn a_server_in_accept_is_stuck_on_its_listener() {
    let (running, sleepers) = stuck(&["accept"]);
    let [sleeper] = &sleepers[..] else { panic!("{sleepers:?}") };
    assert!(sleeper.call.name.starts_with("accept"));
    let listeners = SockDiag::open().unwrap().listeners().unwrap();
    let listener = listeners.iter().find(|socket| socket.local.port() == running.port).unwrap();
    assert_eq!(sleeper.socket, Some(listener.inode));
    assert_eq!(running.proc().holders(listener.inode).unwrap(), [sleeper.pid]);
}

#[test]
fn calls_without_a_timeout_are_stuck() {
    for (words, call) in [
        (&["read"][..], &["read"][..]),
        (&["poll", "-1"], &["poll", "ppoll"]),
        (&["select"], &["select", "pselect6"]),
        (&["epoll", "-1"], &["epoll_wait", "epoll_pwait"]),
        (&["bound"], &["pause", "ppoll"]),
    ] {
        let (_running, sleepers) = stuck(words);
        assert!(call.contains(&sleepers[0].call.name), "{words:?}: {sleepers:?}");
    }
}

#[test]
fn calls_with_a_timeout_are_never_stuck() {
    for words in [&["poll", "3600000"][..], &["select", "timed"], &["epoll", "3600000"]] {
        never_stuck(words, |why| matches!(why, Why::MayReturn { .. }));
    }
}

#[test]
fn a_program_in_a_call_with_a_timeout_is_asleep() {
    let running = Running::start(&["poll", "3600000"]);
    wait_for(|| {
        let before = running.look();
        asleep(&before, &running.look()).then_some(())
    });
    let busy = Running::start(&["busy"]);
    assert!(!asleep(&busy.look(), &busy.look()));
}

#[test]
fn a_program_that_naps_in_a_loop_is_never_stuck() {
    never_stuck(&["nap"], |why| matches!(why, Why::MayReturn { .. } | Why::Ran { .. }));
}

#[test]
fn a_busy_program_is_never_stuck() {
    never_stuck(&["busy"], |why| matches!(why, Why::Runs { .. } | Why::Ran { .. }));
}

#[test]
fn a_socket_with_a_receive_timeout_is_never_stuck() {
    never_stuck(&["receive-timeout"], |why| matches!(why, Why::SocketTimeout { .. }));
}

#[test]
fn a_program_that_an_alarm_may_wake_is_never_stuck() {
    never_stuck(&["alarm"], |why| matches!(why, Why::Alarm { .. }));
    never_stuck(&["signalfd"], |why| matches!(why, Why::Alarm { .. }));
    never_stuck(&["sigwait"], |why| matches!(why, Why::MayReturn { .. }));
}

#[test]
fn a_program_with_a_timer_is_never_stuck() {
    never_stuck(&["timer"], |why| matches!(why, Why::Timer { .. }));
    never_stuck(&["timerfd"], |why| matches!(why, Why::Timer { .. }));
}

#[test]
fn every_thread_is_looked_at() {
    let (_running, sleepers) = stuck(&["threads"]);
    assert_eq!(calls(&sleepers), ["futex", "read", "read"]);
    let mut tids: Vec<_> = sleepers.iter().map(|sleeper| sleeper.tid).collect();
    tids.dedup();
    assert_eq!(tids.len(), 3);
}

#[test]
fn a_program_whose_main_thread_has_ended_is_no_zombie() {
    let (running, sleepers) = stuck(&["main-thread-ends"]);
    assert_eq!(calls(&sleepers), ["read"]);
    assert_eq!(running.look().zombies(), 0);
}

#[test]
fn children_and_their_children_are_looked_at() {
    let (running, sleepers) = stuck(&["tree"]);
    let calls = calls(&sleepers);
    assert_eq!(calls[1..], ["read", "wait4"]);
    let processes = running.look().processes;
    let [first, second, third] = &processes[..] else { panic!("{processes:?}") };
    assert_eq!((first.parent, second.parent, third.parent), (running.root(), first.pid, second.pid));
}

#[test]
fn a_zombie_is_seen_and_does_not_keep_its_parent_awake() {
    let (running, sleepers) = stuck(&["zombie"]);
    assert_eq!(calls(&sleepers), ["read"]);
    assert_eq!(running.look().zombies(), 1);
}

#[test]
fn a_stopped_program_is_stopped_and_not_stuck() {
    let (running, sleepers) = stuck(&["threads"]);
    running.signal(sleepers[0].pid, libc::SIGSTOP);
    running.wait_until(|stillness| *stillness == Stillness::Stopped);
    running.signal(sleepers[0].pid, libc::SIGCONT);
    running.wait_until(|stillness| matches!(stillness, Stillness::Stuck(_)));
}

/// Poll is then taken up again under another name.
#[test]
fn a_poll_that_was_stopped_and_goes_on_is_still_told_from_a_timed_one() {
    for (timeout, endless) in [("-1", true), ("3600000", false)] {
        let running = Running::start(&["poll", timeout]);
        let calls = || running.look().threads().map(|(_, thread)| thread.call).collect::<Vec<_>>();
        let pid = wait_for(|| calls()[0].name.contains("poll").then(|| running.look().processes[0].pid));
        running.signal(pid, libc::SIGSTOP);
        running.wait_until(|stillness| *stillness == Stillness::Stopped);
        running.signal(pid, libc::SIGCONT);
        running.wait_until(|stillness| match stillness {
            Stillness::Stuck(_) => endless,
            Stillness::Awake(Why::MayReturn { .. }) => !endless,
            _ => false,
        });
    }
}

#[test]
fn a_program_that_has_ended_is_gone() {
    let (running, sleepers) = stuck(&["read"]);
    running.signal(sleepers[0].pid, libc::SIGKILL);
    running.wait_until(|stillness| *stillness == Stillness::Gone);
}

#[test]
fn a_process_may_have_any_name() {
    let (running, _) = stuck(&["odd-name"]);
    assert_eq!(running.look().processes[0].name, ") R 1 (x");
}

#[test]
fn descriptors_and_address_space_are_read() {
    let (running, sleepers) = stuck(&["bound"]);
    let descriptors = running.proc().descriptors(sleepers[0].pid).unwrap();
    assert!(matches!(descriptors[0].kind, Kind::Pipe(_)), "{descriptors:?}");
    let socket = descriptors.iter().find_map(|it| match it.kind {
        Kind::Socket(inode) => Some(inode),
        _ => None,
    });
    let sockets = SockDiag::open().unwrap().sockets().unwrap();
    // Kernels before 6.8 do not show it at all.
    if let Some(found) = sockets.iter().find(|socket| socket.local.port() == running.port) {
        assert_eq!((found.state, Some(found.inode)), (State::Bound, socket));
    }
    assert!(running.proc().virtual_size(sleepers[0].pid).unwrap() > 1 << 20);
}

#[test]
fn a_socket_held_by_two_processes_has_two_holders() {
    let running = Running::start(&["serve", "fork"]);
    let connection = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
    wait_for(|| (running.look().processes.len() == 2).then_some(()));
    running.wait_until(|stillness| matches!(stillness, Stillness::Stuck(_)));
    let diag = SockDiag::open().unwrap();
    let server = diag.lookup(connection.peer_addr().unwrap(), connection.local_addr().unwrap()).unwrap().unwrap();
    let listener = diag.listeners().unwrap().into_iter().find(|it| it.local == server.local).unwrap();
    let sockets = running.proc().sockets().unwrap();
    // The parent has closed its copy of the connection, the child has not closed its copy of the listener.
    assert_eq!((sockets[&server.inode].len(), sockets[&listener.inode].len()), (1, 2));
}

/// When a server is called stuck, its answer has left it.
#[test]
fn a_server_that_is_about_to_answer_is_never_stuck() {
    for how in ["one", "fork", "thread", "epoll"] {
        let running = Running::start(&["serve", how]);
        let mut connection = TcpStream::connect(("127.0.0.1", running.port)).unwrap();
        for round in 0..PAIRS {
            connection.write_all(b"x").unwrap();
            running.wait_until(|stillness| matches!(stillness, Stillness::Stuck(_)));
            connection.set_nonblocking(true).unwrap();
            let read = connection.read(&mut [0]);
            assert!(matches!(read, Ok(1)), "{how}, round {round}: {read:?}");
            connection.set_nonblocking(false).unwrap();
        }
    }
}
