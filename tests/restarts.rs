//! A program that is killed and started again, in one exchange.

use super::one_step::{outcome, play};

/// Several processes that hold the listener, and take their time to die: the memory has to be given back.
const SERVER: &str = r#"#!/usr/bin/python3
import os, socket, sys

server = socket.create_server(("", int(sys.argv[1])))
ballast = bytearray(40 << 20)
for _ in range(3):
    if os.fork() == 0:
        ballast[::4096] = b"x" * (len(ballast) // 4096)
        break
while True:
    client, _ = server.accept()
    while said := client.recv(65536):
        client.sendall(said)
    client.close()
"#;

const TEN_LIVES: &str = r#"
limit: 120s
actors: { client: client }
exchange:
  - times: 10
    exchange:
      - client: { connect: student, within: 10s }
      - client: { send: "one\n" }
      - client: { expect: "one\n", within: 10s }
      - student: { signal: KILL }
      - student: { start: ["{port}"] }
"#;

#[test]
fn who_was_killed_does_not_listen_any_more_when_it_is_started_again() {
    assert_eq!(outcome(&play(TEN_LIVES, SERVER, "cell")), ("passed".to_owned(), String::new()));
}
